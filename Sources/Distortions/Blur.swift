import ImageSets
import Support

/// An image out of focus: each pixel becomes a Gaussian-weighted mean of those around it (`GaussianWindow`), each
/// channel by itself. Beyond the border lies paper.
package struct Blur: BuiltInDistortion {
  package static let name = "blur"
  package static let parameterNames = ["sigma"]

  /// The Gaussian's standard deviation in pixels.
  package var sigma = 1.0

  package init() {}

  package init(sigma: Double) {
    self.sigma = sigma
  }

  package init(from decoder: any Decoder) throws {
    let settings = try SettingsReader(decoder, known: ["sigma"])
    sigma = try settings.read("sigma", as: "a number", default: sigma)
  }

  package func validate() throws(SettingFault) {
    try SettingFault.check("sigma", sigma, within: 0...GaussianWindow.largestSigma)
  }

  /// Values, and as many between, and the window's weights.
  package static func scratchSize(for shape: ImageSet.Shape) -> Int {
    (2 * shape.size + GaussianWindow.mostWeights) * MemoryLayout<Float>.size
  }

  package func draw(for shape: ImageSet.Shape, from generator: inout Philox) -> Parameters {
    [Float(sigma), 0, 0, 0, 0, 0, 0, 0]
  }

  package func apply(_ parameters: Parameters, to canvas: inout Canvas) {
    let size = canvas.shape.size
    let values = canvas.scratch.assumingMemoryBound(to: Float.self)
    let window = GaussianWindow(sigma: Double(parameters[0]), in: values + 2 * size)
    for place in 0..<size { values[place] = Float(canvas.pixels[place]) }
    window.smooth(values, shape: canvas.shape, between: values + size)
    for place in 0..<size { canvas.pixels[place] = byte(values[place]) }
  }
}
