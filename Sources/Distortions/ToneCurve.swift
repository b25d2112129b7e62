import ImageSets
import Support

/// Fainter or stronger ink, and more or less of the greys between: out = level · f(in), with Schlick's bias curve
/// f(x) = x / ((1 / bias − 2) · (1 − x) + 1) on the scale 0…1 (Graphics Gems IV, 1994), all channels alike.
///
/// A bias of ½ is a straight line; less makes greys lighter, as an exponent over 1 would, more makes them darker.
package struct ToneCurve: BuiltInDistortion {
  package static let name = "tone-curve"
  package static let parameterNames = ["bias", "level"]

  /// Uniform in this range.
  package var bias = 0.2...0.8
  /// What full ink becomes; uniform in this range.
  package var level = 0.2...1.0

  package init() {}

  package init(bias: ClosedRange<Double>, level: ClosedRange<Double>) {
    (self.bias, self.level) = (bias, level)
  }

  package init(from decoder: any Decoder) throws {
    let settings = try SettingsReader(decoder, known: ["bias", "level"])
    bias = try settings.read("bias", as: "two numbers, the smaller one first", default: bias)
    level = try settings.read("level", as: "two numbers, the smaller one first", default: level)
  }

  package func validate() throws(SettingFault) {
    try SettingFault.check("bias", bias, within: 0.01...0.99)
    try SettingFault.check("level", level, within: 0...1)
  }

  package func draw(for shape: ImageSet.Shape, from generator: inout Philox) -> Parameters {
    [generator.uniform(in: bias), generator.uniform(in: level), 0, 0, 0, 0, 0, 0]
  }

  package func apply(_ parameters: Parameters, to canvas: inout Canvas) {
    let (steepness, level) = (1 / parameters[0] - 2, parameters[1])
    for place in 0..<canvas.shape.size {
      let value = Float(canvas.pixels[place]) / 255
      canvas.pixels[place] = byte(255 * level * value / (steepness * (1 - value) + 1))
    }
  }
}
