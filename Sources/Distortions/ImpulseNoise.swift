import ImageSets
import Support

/// Random-valued impulse noise: a share of the pixels gets any value, all values alike, all channels together.
///
/// (`SaltAndPepper` gives them ink or paper.)
package struct ImpulseNoise: BuiltInDistortion {
  package static let name = "impulse-noise"
  package static let parameterNames = ["share"]

  /// Of the pixels; uniform in this range.
  package var share = 0.02...0.3

  package init() {}

  package init(share: ClosedRange<Double>) {
    self.share = share
  }

  package init(from decoder: any Decoder) throws {
    let settings = try SettingsReader(decoder, known: ["share"])
    share = try settings.read("share", as: "two numbers, the smaller one first", default: share)
  }

  package func validate() throws(SettingFault) {
    try SettingFault.check("share", share, within: 0...1)
  }

  /// A chunk of words.
  package static func scratchSize(for shape: ImageSet.Shape) -> Int { 64 * MemoryLayout<UInt32>.size }

  package func draw(for shape: ImageSet.Shape, from generator: inout Philox) -> Parameters {
    [generator.uniform(in: share), 0, 0, 0, 0, 0, 0, 0]
  }

  package func apply(_ parameters: Parameters, to canvas: inout Canvas) {
    let (count, channels) = (canvas.shape.height * canvas.shape.width, canvas.shape.channels)
    let words = canvas.scratch.assumingMemoryBound(to: UInt32.self)
    for start in stride(from: 0, to: count, by: 64) {
      canvas.noise.fillWords(words, chunks: 1)
      for place in start..<min(start + 64, count) {
        let word = words[place - start]
        guard Float(word >> 8) * 0x1p-24 < parameters[0] else { continue }
        (canvas.pixels + place * channels).update(repeating: UInt8(word & 255), count: channels)
      }
    }
  }
}
