import ImageSets
import Support

/// Straight lines across the image, each at an angle and a place of its own, with soft edges.
package struct Lines: BuiltInDistortion {
  package static let name = "lines"
  package static let parameterNames = ["count", "width", "value"]

  /// How many; each number in this range alike.
  package var count = 1...4
  /// In pixels; uniform in this range.
  package var width = 0.7...2.0
  /// Grey level, 255 is ink; uniform in this range.
  package var value = 100.0...255.0

  static let mostLines = 16

  package init() {}

  package init(count: ClosedRange<Int>, width: ClosedRange<Double>, value: ClosedRange<Double>) {
    (self.count, self.width, self.value) = (count, width, value)
  }

  package init(from decoder: any Decoder) throws {
    let settings = try SettingsReader(decoder, known: ["count", "width", "value"])
    count = try settings.read("count", as: "two whole numbers, the smaller one first", default: count)
    width = try settings.read("width", as: "two numbers, the smaller one first", default: width)
    value = try settings.read("value", as: "two numbers, the smaller one first", default: value)
  }

  package func validate() throws(SettingFault) {
    try SettingFault.check(
      "count", Double(count.lowerBound)...Double(count.upperBound), within: 0...Double(Self.mostLines))
    try SettingFault.check("width", width, within: 0...100)
    try SettingFault.check("value", value, within: 0...255)
  }

  /// A chunk of deviates.
  package static func scratchSize(for shape: ImageSet.Shape) -> Int { 64 * MemoryLayout<Float>.size }

  package func draw(for shape: ImageSet.Shape, from generator: inout Philox) -> Parameters {
    let lines = count.lowerBound + generator.integer(below: count.count)
    return [Float(lines), generator.uniform(in: width), generator.uniform(in: value), 0, 0, 0, 0, 0]
  }

  /// A line's direction is that of two deviates, and its distance from the centre a third one's share of the image.
  package func apply(_ parameters: Parameters, to canvas: inout Canvas) {
    let shape = canvas.shape
    let (middle, center) = (Float(shape.height - 1) / 2, Float(shape.width - 1) / 2)
    let reach = Float(min(shape.height, shape.width)) / 4
    let deviates = canvas.scratch.assumingMemoryBound(to: Float.self)
    canvas.noise.fillNormals(deviates, chunks: 1)
    for line in 0..<min(Int(parameters[0]), Self.mostLines) {
      var (down, right) = (deviates[3 * line], deviates[3 * line + 1])
      let length = (down * down + right * right).squareRoot()
      (down, right) = length > 0 ? (down / length, right / length) : (1, 0)
      let distance = reach * deviates[3 * line + 2]
      for row in 0..<shape.height {
        for column in 0..<shape.width {
          let away = abs(down * (Float(row) - middle) + right * (Float(column) - center) - distance)
          let share = min(1, max(0, parameters[1] / 2 + 0.5 - away))
          guard share > 0 else { continue }
          let pixel = canvas.pixels + row * canvas.stride + column * shape.channels
          for channel in 0..<shape.channels {
            pixel[channel] = byte(Float(pixel[channel]) + share * (parameters[2] - Float(pixel[channel])))
          }
        }
      }
    }
  }
}
