import ImageSets
import Support

/// A turn by 90, 180 or 270 degrees, counter-clockwise, about the centre.
///
/// The shape stays. An image that isn't square is turned by 180 degrees where that is among the angles. Turned by 90 or
/// 270 degrees all the same, it is laid centred on paper of the old shape: what hangs over is cut off, what stays uncovered is 0. Where the centre falls between pixels (H − W odd),
/// the turned image lies half a pixel further up and half a pixel further left.
package struct Rotation: BuiltInDistortion {
  package static let name = "rotation"
  package static let parameterNames = ["angle"]

  /// Degrees, each 90, 180 or 270; one of them is chosen, all alike.
  package var angles = [90, 180, 270]

  package static let damage = Damage.none

  package init() {}

  package init(angles: [Int]) {
    self.angles = angles
  }

  package init(from decoder: any Decoder) throws {
    let settings = try SettingsReader(decoder, known: ["angles"])
    angles = try settings.read("angles", as: "a list of angles", default: angles)
  }

  package func validate() throws(SettingFault) {
    if let wrong = angles.first(where: { ![90, 180, 270].contains($0) }) {
      throw SettingFault("angles", expected: "90, 180 or 270", found: "\(wrong)")
    }
    if angles.isEmpty { throw SettingFault("angles", expected: "at least one angle", found: "none") }
  }

  package static func scratchSize(for shape: ImageSet.Shape) -> Int { shape.size }

  package func draw(for shape: ImageSet.Shape, from generator: inout Philox) -> Parameters {
    let angles = angles(for: shape)
    return [Float(angles[generator.integer(below: angles.count)]), 0, 0, 0, 0, 0, 0, 0]
  }

  /// Those that may be chosen for images of this shape.
  func angles(for shape: ImageSet.Shape) -> [Int] {
    shape.height != shape.width && angles.contains(180) ? [180] : angles
  }

  package func orientation(_ parameters: Parameters) -> Orientation { Orientation(degrees: Int(parameters[0])) }

  package func orientations(for shape: ImageSet.Shape) -> [(orientation: Orientation, probability: Double)] {
    let angles = angles(for: shape)
    return angles.map { (Orientation(degrees: $0), 1 / Double(angles.count)) }
  }

  package func apply(_ parameters: Parameters, to canvas: inout Canvas) {
    let shape = canvas.shape
    if parameters[0] == 180 {
      reversePixels(canvas.pixels, count: shape.height * shape.width, channels: shape.channels)
    } else {
      quarterTurn(canvas, clockwise: parameters[0] == 270)
    }
  }

  /// The turned image has W rows and H columns; its pixel (i, j) is in(j, W − 1 − i), or clockwise in(H − 1 − j, i).
  private func quarterTurn(_ canvas: Canvas, clockwise: Bool) {
    let (height, width, channels) = (canvas.shape.height, canvas.shape.width, canvas.shape.channels)
    let source = canvas.scratch.assumingMemoryBound(to: UInt8.self)
    source.update(from: canvas.pixels, count: canvas.shape.size)
    if height != width { canvas.pixels.update(repeating: 0, count: canvas.shape.size) }
    let top = (height - width) >> 1
    let left = (width - height) >> 1
    let columns = max(0, left)..<min(width, left + height)
    let step = clockwise ? -canvas.stride : canvas.stride
    for row in max(0, top)..<min(height, top + width) {
      let i = row - top
      let j = clockwise ? height - 1 - (columns.lowerBound - left) : columns.lowerBound - left
      var from = source + j * canvas.stride + (clockwise ? i : width - 1 - i) * channels
      var to = canvas.pixels + row * canvas.stride + columns.lowerBound * channels
      for _ in columns {
        for channel in 0..<channels { to[channel] = from[channel] }
        from += step
        to += channels
      }
    }
  }
}
