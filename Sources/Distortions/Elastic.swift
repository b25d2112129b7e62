import ImageSets
import Support

/// Bends an image like a sheet of rubber: out(y, x) = in(y + v(y, x), x + u(y, x)), with two smooth random fields
/// (Simard, Steinkraus and Platt, "Best practices for convolutional neural networks applied to visual document
/// analysis", ICDAR 2003).
///
/// Each field is made of the image's own noise, a normal deviate a pixel, smoothed with a Gaussian
/// (`GaussianWindow`) and scaled to the standard deviation `strength`. Near the border it is weaker, as there is no
/// noise beyond. Bilinear between pixels, and paper beyond the border.
package struct Elastic: BuiltInDistortion {
  package static let name = "elastic"
  package static let parameterNames = ["strength", "smoothness"]

  /// The standard deviation of each field, in pixels.
  package var strength = 1.0
  /// The Gaussian's standard deviation, in pixels: the larger, the wider the bends.
  package var smoothness = 4.0

  package init() {}

  package init(strength: Double, smoothness: Double = 4) {
    self.strength = strength
    self.smoothness = smoothness
  }

  package init(from decoder: any Decoder) throws {
    let settings = try SettingsReader(decoder, known: ["strength", "smoothness"])
    strength = try settings.read("strength", as: "a number", default: strength)
    smoothness = try settings.read("smoothness", as: "a number", default: smoothness)
  }

  package func validate() throws(SettingFault) {
    try SettingFault.check("strength", strength, within: 0...1000)
    try SettingFault.check("smoothness", smoothness, within: 0...GaussianWindow.largestSigma)
  }

  /// Values of one field, to whole chunks of noise.
  private static func fieldSize(for shape: ImageSet.Shape) -> Int { (shape.height * shape.width + 63) / 64 * 64 }

  /// The image's copy, two fields, room for a third, and the window's weights.
  package static func scratchSize(for shape: ImageSet.Shape) -> Int {
    Canvas.copySize(for: shape)
      + (3 * fieldSize(for: shape) + GaussianWindow.mostWeights) * MemoryLayout<Float>.size
  }

  package func draw(for shape: ImageSet.Shape, from generator: inout Philox) -> Parameters {
    [Float(strength), Float(smoothness), 0, 0, 0, 0, 0, 0]
  }

  package func apply(_ parameters: Parameters, to canvas: inout Canvas) {
    let shape = canvas.shape
    let size = Self.fieldSize(for: shape)
    let rows = (canvas.scratch + Canvas.copySize(for: shape)).assumingMemoryBound(to: Float.self)
    let between = rows + 2 * size
    let window = GaussianWindow(sigma: Double(parameters[1]), in: rows + 3 * size)
    // What a deviate's standard deviation has become where the whole window lies inside the image.
    let scale = parameters[0] / Float(window.sumOfSquares)
    let plane = ImageSet.Shape(height: shape.height, width: shape.width, channels: 1)
    for number in 0..<2 {
      let field = rows + number * size
      canvas.noise.fillNormals(field, chunks: size / 64)
      window.smooth(field, shape: plane, between: between)
      for place in 0..<plane.size { field[place] *= scale }
    }
    Self.bend(canvas, rows: rows, columns: rows + size)
  }

  /// Fetches each pixel from `rows` further down and `columns` further right; both are (H, W), in pixels.
  package static func bend(_ canvas: Canvas, rows: UnsafePointer<Float>, columns: UnsafePointer<Float>) {
    let width = canvas.shape.width
    canvas.resample { row, column in
      let place = row * width + column
      return (Float(row) + rows[place], Float(column) + columns[place])
    }
  }
}
