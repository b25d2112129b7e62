import ImageSets
import Support

/// Ruled lines over the image, across it or down, either as often: `width` rows (or columns) of every `period` get
/// the value. Where the first one lies, all places alike.
package struct Stripes: BuiltInDistortion {
  package static let name = "stripes"
  /// Whether they run down (1) or across (0), and the first row or column that a stripe starts at.
  package static let parameterNames = ["down", "first", "period", "width", "value"]

  /// From the start of one stripe to that of the next, in pixels.
  package var period = 7
  /// Of a stripe, in pixels; one as wide as the period covers everything.
  package var width = 1
  /// 255 is ink.
  package var value = 255

  package init() {}

  package init(period: Int, width: Int, value: Int = 255) {
    self.period = period
    self.width = width
    self.value = value
  }

  package init(from decoder: any Decoder) throws {
    let settings = try SettingsReader(decoder, known: ["period", "width", "value"])
    period = try settings.read("period", as: "a whole number", default: period)
    width = try settings.read("width", as: "a whole number", default: width)
    value = try settings.read("value", as: "a whole number", default: value)
  }

  package func validate() throws(SettingFault) {
    try SettingFault.check("period", Double(period), within: 1...100_000)
    try SettingFault.check("width", Double(width), within: 0...Double(period))
    try SettingFault.check("value", Double(value), within: 0...255)
  }

  package func draw(for shape: ImageSet.Shape, from generator: inout Philox) -> Parameters {
    let down = Float(generator.integer(below: 2))
    let first = Float(generator.integer(below: period))
    return [down, first, Float(period), Float(width), Float(value), 0, 0, 0]
  }

  package func apply(_ parameters: Parameters, to canvas: inout Canvas) {
    let (first, period, width) = (Int(parameters[1]), Int(parameters[2]), Int(parameters[3]))
    let value = UInt8(parameters[4])
    let channels = canvas.shape.channels
    func isCovered(_ place: Int) -> Bool { (place - first + period) % period < width }
    for row in 0..<canvas.shape.height {
      let line = canvas.pixels + row * canvas.stride
      if parameters[0] == 0 {
        if isCovered(row) { line.update(repeating: value, count: canvas.stride) }
      } else {
        for column in 0..<canvas.shape.width where isCovered(column) {
          (line + column * channels).update(repeating: value, count: channels)
        }
      }
    }
  }
}
