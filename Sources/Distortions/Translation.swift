import ImageSets
import Support

/// Moves an image in any direction, all alike: out(y, x) = in(y − rows, x − columns).
///
/// Bilinear between pixels, and paper where nothing was; what is moved out of the image is lost.
package struct Translation: BuiltInDistortion {
  package static let name = "translation"
  /// Pixels downwards and to the right.
  package static let parameterNames = ["rows", "columns"]

  /// Pixels; uniform in this range.
  package var distance = 1.0...5.0

  package init() {}

  package init(distance: ClosedRange<Double>) {
    self.distance = distance
  }

  package init(from decoder: any Decoder) throws {
    let settings = try SettingsReader(decoder, known: ["distance"])
    distance = try settings.read("distance", as: "two numbers, the smaller one first", default: distance)
  }

  package func validate() throws(SettingFault) {
    try SettingFault.check("distance", distance, within: 0...10_000)
  }

  package static func scratchSize(for shape: ImageSet.Shape) -> Int { Canvas.copySize(for: shape) }

  package func draw(for shape: ImageSet.Shape, from generator: inout Philox) -> Parameters {
    let distance = generator.uniform(in: Float(distance.lowerBound)...Float(distance.upperBound))
    let direction = Exactly.sineAndCosine(degrees: Double(generator.uniform() * 360 - 180))
    return [distance * Float(direction.sine), distance * Float(direction.cosine), 0, 0, 0, 0, 0, 0]
  }

  package func apply(_ parameters: Parameters, to canvas: inout Canvas) {
    let (rows, columns) = (parameters[0], parameters[1])
    canvas.resample { row, column in (Float(row) - rows, Float(column) - columns) }
  }
}
