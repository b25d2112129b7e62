import ImageSets
import Support

/// A filled rectangle over the image.
///
/// Its bottom-left corner is one of the pixels of the bottom-left quadrant (rows ⌊H/2⌋ and below, columns left of
/// ⌈W/2⌉), all alike; it reaches up and to the right from there, and is cut off at the border. Its height is uniform
/// among the whole numbers from side.lower · H to side.upper · H (rounded, at least 1), its width likewise with W.
package struct Occlusion: BuiltInDistortion {
  package static let name = "occlusion"
  package static let parameterNames = ["bottom", "left", "height", "width", "value"]

  package static let damage = Damage.occluded

  /// Lengths of the sides as parts of the image's.
  package var side = 0.25...0.5
  /// 255 is ink.
  package var value = 255

  package init() {}

  package init(side: ClosedRange<Double>, value: Int = 255) {
    self.side = side
    self.value = value
  }

  package init(from decoder: any Decoder) throws {
    let settings = try SettingsReader(decoder, known: ["side", "value"])
    side = try settings.read("side", as: "two numbers, the smaller one first", default: side)
    value = try settings.read("value", as: "a whole number", default: value)
  }

  package func validate() throws(SettingFault) {
    try SettingFault.check("side", side, within: 0...1)
    try SettingFault.check("value", Double(value), within: 0...255)
  }

  package func draw(for shape: ImageSet.Shape, from generator: inout Philox) -> Parameters {
    let bottom = shape.height / 2 + generator.integer(below: shape.height - shape.height / 2)
    let left = generator.integer(below: (shape.width + 1) / 2)
    let height = length(of: shape.height, from: &generator)
    let width = length(of: shape.width, from: &generator)
    return [Float(bottom), Float(left), Float(height), Float(width), Float(value), 0, 0, 0]
  }

  private func length(of whole: Int, from generator: inout Philox) -> Int {
    let shortest = max(1, Int((side.lowerBound * Double(whole)).rounded()))
    let longest = max(shortest, Int((side.upperBound * Double(whole)).rounded()))
    return shortest + generator.integer(below: longest - shortest + 1)
  }

  package func apply(_ parameters: Parameters, to canvas: inout Canvas) {
    let (bottom, left) = (Int(parameters[0]), Int(parameters[1]))
    let top = max(0, bottom - Int(parameters[2]) + 1)
    let right = min(canvas.shape.width, left + Int(parameters[3]))
    for row in top...bottom {
      let start = canvas.pixels + row * canvas.stride + left * canvas.shape.channels
      start.update(repeating: UInt8(parameters[4]), count: (right - left) * canvas.shape.channels)
    }
  }
}
