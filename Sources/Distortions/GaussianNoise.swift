import ImageSets
import Support

/// Adds a normal deviate of mean 0 to each pixel, a fresh one for each channel of it.
///
/// out = clamp(in + sigma · z), where z are the image's own numbers (`NoiseStream`).
package struct GaussianNoise: BuiltInDistortion {
  package static let name = "gaussian-noise"
  package static let parameterNames = ["sigma"]

  /// Standard deviation, in grey levels of 0…255.
  package var sigma = 30.0

  package init() {}

  package init(sigma: Double) {
    self.sigma = sigma
  }

  package init(from decoder: any Decoder) throws {
    let settings = try SettingsReader(decoder, known: ["sigma"])
    sigma = try settings.read("sigma", as: "a number", default: sigma)
  }

  package func validate() throws(SettingFault) {
    try SettingFault.check("sigma", sigma, within: 0...255)
  }

  package func draw(for shape: ImageSet.Shape, from generator: inout Philox) -> Parameters {
    [Float(sigma), 0, 0, 0, 0, 0, 0, 0]
  }

  package func apply(_ parameters: Parameters, to canvas: inout Canvas) {
    canvas.noise.addNormals(sigma: parameters[0], to: canvas.pixels, count: canvas.shape.size)
  }
}
