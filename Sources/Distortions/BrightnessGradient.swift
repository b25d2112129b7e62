import CKernels
import ImageSets
import Support

/// Adds a light (or rather ink) that falls off around a point: out = clamp(in + peak / (1 + falloff · r)) in every
/// channel, r being the distance in pixels from the centre, which is one of the image's pixels.
package struct BrightnessGradient: BuiltInDistortion {
  package static let name = "brightness-gradient"
  package static let parameterNames = ["row", "column", "peak", "falloff"]

  /// The peak is uniform in this range, in grey levels.
  package var peak = 0.0...30.0
  /// Per pixel.
  package var falloff = 0.1

  package init() {}

  package init(peak: ClosedRange<Double>, falloff: Double = 0.1) {
    self.peak = peak
    self.falloff = falloff
  }

  package init(from decoder: any Decoder) throws {
    let settings = try SettingsReader(decoder, known: ["peak", "falloff"])
    peak = try settings.read("peak", as: "two numbers, the smaller one first", default: peak)
    falloff = try settings.read("falloff", as: "a number", default: falloff)
  }

  package func validate() throws(SettingFault) {
    try SettingFault.check("peak", peak, within: -255...255)
    try SettingFault.check("falloff", falloff, within: 0...1000)
  }

  package func draw(for shape: ImageSet.Shape, from generator: inout Philox) -> Parameters {
    let row = Float(generator.integer(below: shape.height))
    let column = Float(generator.integer(below: shape.width))
    let peak = generator.uniform(in: Float(peak.lowerBound)...Float(peak.upperBound))
    return [row, column, peak, Float(falloff), 0, 0, 0, 0]
  }

  package func apply(_ parameters: Parameters, to canvas: inout Canvas) {
    let gradient = kernels_gradient(
      row: parameters[0], column: parameters[1], peak: parameters[2], falloff: parameters[3])
    kernels_add_gradient(
      canvas.pixels, canvas.shape.height, canvas.shape.width, canvas.shape.channels, gradient)
  }
}
