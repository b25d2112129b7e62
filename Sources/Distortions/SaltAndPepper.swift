import ImageSets
import Support

/// Turns a share of the pixels into ink (255) or paper (0), either as often, all channels of a pixel together.
///
/// Which ones, the image's own noise says (`NoiseStream`), a word of it a pixel.
package struct SaltAndPepper: BuiltInDistortion {
  package static let name = "salt-and-pepper"
  package static let parameterNames = ["share"]

  /// Of the pixels, 0…1.
  package var share = 0.1

  package init() {}

  package init(share: Double) {
    self.share = share
  }

  package init(from decoder: any Decoder) throws {
    let settings = try SettingsReader(decoder, known: ["share"])
    share = try settings.read("share", as: "a number", default: share)
  }

  package func validate() throws(SettingFault) {
    try SettingFault.check("share", share, within: 0...1)
  }

  /// A chunk of words.
  package static func scratchSize(for shape: ImageSet.Shape) -> Int { 64 * MemoryLayout<UInt32>.size }

  package func draw(for shape: ImageSet.Shape, from generator: inout Philox) -> Parameters {
    [Float(share), 0, 0, 0, 0, 0, 0, 0]
  }

  package func apply(_ parameters: Parameters, to canvas: inout Canvas) {
    let share = parameters[0]
    let (count, channels) = (canvas.shape.height * canvas.shape.width, canvas.shape.channels)
    let words = canvas.scratch.assumingMemoryBound(to: UInt32.self)
    for start in stride(from: 0, to: count, by: 64) {
      canvas.noise.fillWords(words, chunks: 1)
      for place in start..<min(start + 64, count) {
        let number = Float(words[place - start] >> 8) * 0x1p-24
        guard number < share else { continue }
        (canvas.pixels + place * channels).update(repeating: number < share / 2 ? 255 : 0, count: channels)
      }
    }
  }
}
