import ImageSets
import Support

/// The mean along a straight piece through each pixel, as of a camera that moved: five points of it, evenly spaced.
package struct MotionBlur: BuiltInDistortion {
  package static let name = "motion-blur"
  package static let parameterNames = ["length", "angle"]

  /// Of the piece, in pixels; uniform in this range.
  package var length = 1.0...5.0

  private static let points = 5

  package init() {}

  package init(length: ClosedRange<Double>) {
    self.length = length
  }

  package init(from decoder: any Decoder) throws {
    let settings = try SettingsReader(decoder, known: ["length"])
    length = try settings.read("length", as: "two numbers, the smaller one first", default: length)
  }

  package func validate() throws(SettingFault) {
    try SettingFault.check("length", length, within: 0...1000)
  }

  /// The image's copy, and sums.
  package static func scratchSize(for shape: ImageSet.Shape) -> Int {
    Canvas.copySize(for: shape) + shape.size * MemoryLayout<Float>.size
  }

  package func draw(for shape: ImageSet.Shape, from generator: inout Philox) -> Parameters {
    [generator.uniform(in: length), generator.uniform(in: Float(-90)...90), 0, 0, 0, 0, 0, 0]
  }

  package func apply(_ parameters: Parameters, to canvas: inout Canvas) {
    let size = canvas.shape.size
    let sums = (canvas.scratch + Canvas.copySize(for: canvas.shape)).assumingMemoryBound(to: Float.self)
    sums.update(repeating: 0, count: size)
    let (sine, cosine) = Exactly.sineAndCosine(degrees: Double(parameters[1]))
    let (down, right) = (Float(sine) * parameters[0], Float(cosine) * parameters[0])
    for point in 0..<Self.points {
      let share = Float(point) / Float(Self.points - 1) - 0.5
      canvas.forEachSample(
        { (Float($0) + share * down, Float($1) + share * right) }, { sums[$0] += $1 })
    }
    for place in 0..<size { canvas.pixels[place] = byte(sums[place] / Float(Self.points)) }
  }
}
