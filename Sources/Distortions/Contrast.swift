import ImageSets
import Support

/// Draws all pixels towards the image's mean, or away from it, each channel by itself:
/// out = clamp(mean + factor · (in − mean)).
package struct Contrast: BuiltInDistortion {
  package static let name = "contrast"
  package static let parameterNames = ["factor"]

  /// 1 changes nothing, 0 leaves an even grey.
  package var factor = 0.4

  package init() {}

  package init(factor: Double) {
    self.factor = factor
  }

  package init(from decoder: any Decoder) throws {
    let settings = try SettingsReader(decoder, known: ["factor"])
    factor = try settings.read("factor", as: "a number", default: factor)
  }

  package func validate() throws(SettingFault) {
    try SettingFault.check("factor", factor, within: 0...100)
  }

  package func draw(for shape: ImageSet.Shape, from generator: inout Philox) -> Parameters {
    [Float(factor), 0, 0, 0, 0, 0, 0, 0]
  }

  package func apply(_ parameters: Parameters, to canvas: inout Canvas) {
    let (size, channels) = (canvas.shape.size, canvas.shape.channels)
    for channel in 0..<channels {
      var sum = 0
      for place in stride(from: channel, to: size, by: channels) { sum += Int(canvas.pixels[place]) }
      let mean = Float(Double(sum) / Double(size / channels))
      for place in stride(from: channel, to: size, by: channels) {
        canvas.pixels[place] = byte(mean + parameters[0] * (Float(canvas.pixels[place]) - mean))
      }
    }
  }
}
