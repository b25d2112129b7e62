extension ImageSet {
  /// How often each label occurs; nil without labels.
  package var labelCounts: [Int: Int]? {
    labels.map { Labels($0, name: name, source: source).counts }
  }

  /// The mean of all pixels, 0 (paper alone) to 1 (ink alone).
  package var inkShare: Double {
    let sum = pixels.withUnsafeBufferPointer { pixels in
      // Sums of 2²⁴ bytes fit 32 bits, and those are added twice as fast.
      stride(from: 0, to: pixels.count, by: 1 << 24).reduce(UInt64(0)) { sum, start in
        sum + UInt64(pixels[start..<min(start + 1 << 24, pixels.count)].reduce(UInt32(0)) { $0 &+ UInt32($1) })
      }
    }
    return pixels.isEmpty ? 0 : Double(sum) / Double(pixels.count) / 255
  }
}
