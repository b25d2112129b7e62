import CKernels
import Distortions
import Foundation
import ImageSets
import Support
import TestSupport
import Testing

@Suite struct NoiseTests {
  private static let chunks = 16_384
  private static let normals: [Float] = {
    var stream = NoiseStream(seed: 2, epoch: 0, index: 0)
    return stream.normals(chunks: chunks)
  }()

  @Test(arguments: [0, UInt32.max - 20])
  func bulkWordsAreTheGeneratorsWords(firstBlock: UInt32) {
    let generator = Philox(seed: 0xfedc_ba98_7654_3210, epoch: 7, index: 1 << 33 + 5, purpose: .noise)
    let (key, counter) = (generator.key, generator.counter)
    var stream = kernels_stream(key: (key.x, key.y), counter: (firstBlock, counter.y, counter.z, counter.w))
    var words = [UInt32](repeating: 0, count: 192)
    kernels_random_words(&words, 3, &stream)
    for block in 0..<48 {
      var counter = counter
      counter.x = firstBlock &+ UInt32(block)
      let expected = Philox.encrypt(counter, key: key)
      for word in 0..<4 { #expect(words[block / 16 * 64 + 16 * word + block % 16] == expected[word]) }
    }
  }

  /// Box and Muller's transform in doubles, with the C library's logarithm, sine and cosine.
  @Test func normalsAgreeWithDoublePrecision() {
    var expected = [Float](repeating: 0, count: 64 * 256)
    var generator = Philox(seed: 2, purpose: .noise)
    for block in 0..<16 * 256 {
      for pair in 0..<2 {
        let (first, second) = (generator.nextWord(), generator.nextWord())
        let radius = (-2 * log((Double(first >> 1) + 0.5) / 0x1p31)).squareRoot()
        let quadrant = Double(second >> 30)
        let angle = (quadrant + Double(Int32(bitPattern: second << 2)) / 0x1p32) * .pi / 2
        let place = block / 16 * 64 + block % 16 + 32 * pair
        expected[place] = Float(radius * cos(angle))
        expected[place + 16] = Float(radius * sin(angle))
      }
    }
    expectClose(Array(Self.normals.prefix(expected.count)), expected, relative: 0, absolute: 2e-6, "normals")
  }

  @Test func momentsAndTails() {
    let values = Self.normals.map(Double.init)
    let count = Double(values.count)
    func mean(_ power: Int) -> Double { values.reduce(0) { $0 + pow($1, Double(power)) } / count }
    // The bounds are 4 standard errors: those of z^k are sqrt((2k − 1)!! − E²).
    let error = 4 / count.squareRoot()
    #expect(abs(mean(1)) < error)
    #expect(abs(mean(2) - 1) < error * 2.0.squareRoot())
    #expect(abs(mean(3)) < error * 15.0.squareRoot())
    #expect(abs(mean(4) - 3) < error * 96.0.squareRoot())
    for limit in [1.0, 2, 3, 4] {
      let share = erfc(limit / 2.0.squareRoot())
      let beyond = Double(values.count { abs($0) > limit })
      #expect(abs(beyond - share * count) < 4 * (share * count).squareRoot(), "beyond \(limit) sigma")
    }
    let neighbours = zip(values, values.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 } / count
    let partners = zip(values, values.dropFirst(16)).reduce(0) { $0 + $1.0 * $1.1 } / count
    #expect(abs(neighbours) < error && abs(partners) < error)
  }

  /// Kolmogorov and Smirnov: the largest gap between the sample's distribution and the normal one, at 1 %.
  @Test func distributionIsNormal() {
    let sorted = Self.normals.sorted().map(Double.init)
    let count = Double(sorted.count)
    let gap = sorted.enumerated().map { index, value in
      let share = erfc(-value / 2.0.squareRoot()) / 2
      return max(abs(share - Double(index) / count), abs(Double(index + 1) / count - share))
    }.max()!
    #expect(gap < 1.63 / count.squareRoot())
  }

  @Test func everyClonesBytesAreTheSame() {
    for count in [1, 15, 63, 64, 65, 784, 4097] {
      var stream = kernels_stream(key: (1, 2), counter: (UInt32(count), 3, 4, 8))
      var chosen = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
      var portable = chosen
      kernels_add_normals(&chosen, count, 30, &stream)
      kernels_add_normals_portable(&portable, count, 30, &stream)
      #expect(chosen == portable)
    }
  }

  @Test(arguments: shapes)
  func noiseIsAddedToEachChannelAndClamped(shape: ImageSet.Shape) throws {
    let set = ramp(shape, count: 3)
    for sigma in [0, 30, 255.0] {
      let noisy = try distort(set, by: GaussianNoise(sigma: sigma))
      #expect(noisy.drawn == .init(repeating: ["sigma": Float(sigma)], count: 3))
      for (index, clean) in images(set).enumerated() {
        var stream = NoiseStream(seed: 11, epoch: 0, index: index)
        let normals = stream.normals(chunks: (shape.size + 63) / 64)
        let expected = zip(clean, normals).map { UInt8(max(0, min(255, Float($0) + Float(sigma) * $1)) + 0.5) }
        #expect(noisy.pixels[index] == expected)
      }
    }
  }

  /// The second noise of a recipe isn't the first one over again.
  @Test func noisesOfOneImageDiffer() throws {
    let shape = ImageSet.Shape(height: 30, width: 30, channels: 1)
    let grey = ImageSet(shape: shape, pixels: .init(repeating: 128, count: 900), name: "grey", source: "made")
    let step = Recipe.Step(GaussianNoise(sigma: 20))
    let twice = try Recipe(name: "twice", steps: [step, step]).compiled(for: shape).apply(to: grey, seed: 3)
    let variance = twice.pixels.reduce(0) { $0 + pow(Double($1) - 128, 2) } / 900
    #expect(abs(variance - 800) < 160)
  }

  @Test(arguments: shapes)
  func gradientFallsOffWithDistance(shape: ImageSet.Shape) throws {
    let set = ramp(shape)
    for (distortion, peaks) in [
      (BrightnessGradient(), Float(0)...30), (.init(peak: -200 ... -100, falloff: 0.5), -200 ... -100),
    ] {
      let bright = try distort(set, by: distortion)
      for (index, clean) in images(set).enumerated() {
        let drawn = bright.drawn[index]
        let (peak, falloff) = (drawn["peak"]!, drawn["falloff"]!)
        #expect(peaks.contains(peak) && falloff == Float(distortion.falloff))
        let expected = image(shape) { row, column, channel in
          let r = hypot(Double(row) - Double(drawn["row"]!), Double(column) - Double(drawn["column"]!))
          let value = Double(clean[(row * shape.width + column) * shape.channels + channel])
          return UInt8(max(0, min(255, value + Double(peak) / (1 + Double(falloff) * r))).rounded())
        }
        // Floats and doubles may round a value that lies at one half either way.
        #expect(zip(bright.pixels[index], expected).allSatisfy { abs(Int($0) - Int($1)) <= 1 })
        let unequal = zip(bright.pixels[index], expected).count { $0 != $1 }
        #expect(unequal * 1000 <= shape.size)
      }
    }
  }
}
