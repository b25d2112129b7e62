import ImageSets
import Support

/// Another hand: the same character as somebody else might have written it. For the variation of clean images, before any
/// damage: the network is asked for the image that comes out of this.
///
/// Slant, turn, height, width and place vary; the lines bend by a cubic B-spline over 4×4 fields of the image
/// (free-form deformation: Rueckert and others, 1999), whose control points move by normal deviates; and they grow or
/// shrink by a part of what their neighbours have (a grey dilation or erosion with a cross), with some contrast against the
/// softness of all that. Bilinear between pixels, and paper beyond the border.
package struct Handwriting: BuiltInDistortion {
  package static let name = "handwriting"
  package static let parameterNames = ["slant", "angle", "height", "width", "down", "right", "bend", "pressure"]

  package static let damage = Damage.none

  /// Columns a row, either way.
  package var slant = 0.2
  /// Degrees, either way.
  package var angle = 8.0
  /// Of height and width, each: up to this much more or less.
  package var scale = 0.12
  /// Pixels, in either direction.
  package var shift = 1.0
  /// Standard deviation of the control points, in pixels of 28, at most.
  package var bend = 1.2
  /// How much of the neighbours' ink a pixel takes (or, below 0, of their paper), at most and at least.
  package var pressure = -0.4...0.7

  package init() {}

  package init(slant: Double, angle: Double, scale: Double, shift: Double, bend: Double, pressure: ClosedRange<Double>)
  {
    (self.slant, self.angle, self.scale, self.shift, self.bend, self.pressure) =
      (slant, angle, scale, shift, bend, pressure)
  }

  package init(from decoder: any Decoder) throws {
    let settings = try SettingsReader(decoder, known: ["slant", "angle", "scale", "shift", "bend", "pressure"])
    slant = try settings.read("slant", as: "a number", default: slant)
    angle = try settings.read("angle", as: "a number", default: angle)
    scale = try settings.read("scale", as: "a number", default: scale)
    shift = try settings.read("shift", as: "a number", default: shift)
    bend = try settings.read("bend", as: "a number", default: bend)
    pressure = try settings.read("pressure", as: "two numbers, the smaller one first", default: pressure)
  }

  package func validate() throws(SettingFault) {
    try SettingFault.check("slant", slant, within: 0...10)
    try SettingFault.check("angle", angle, within: 0...180)
    try SettingFault.check("scale", scale, within: 0...0.9)
    try SettingFault.check("shift", shift, within: 0...1000)
    try SettingFault.check("bend", bend, within: 0...100)
    try SettingFault.check("pressure", pressure, within: -1...1)
  }

  /// The image's copy and a chunk of deviates for each direction.
  package static func scratchSize(for shape: ImageSet.Shape) -> Int {
    Canvas.copySize(for: shape) + 2 * 64 * MemoryLayout<Float>.size
  }

  package func draw(for shape: ImageSet.Shape, from generator: inout Philox) -> Parameters {
    func either(_ size: Double) -> Float { Float(size) * (2 * generator.uniform() - 1) }
    return [
      either(slant), either(angle), 1 + either(scale), 1 + either(scale), either(shift), either(shift),
      Float(bend) * generator.uniform(), generator.uniform(in: pressure),
    ]
  }

  package func apply(_ parameters: Parameters, to canvas: inout Canvas) {
    let shape = canvas.shape
    let downward = (canvas.scratch + Canvas.copySize(for: shape)).assumingMemoryBound(to: Float.self)
    let across = downward + 64
    canvas.noise.fillNormals(downward, chunks: 1)
    canvas.noise.fillNormals(across, chunks: 1)
    let bend = parameters[6] * Float(min(shape.height, shape.width)) / 28
    let (sine, cosine) = Exactly.sineAndCosine(degrees: Double(parameters[1]))
    let (s, c) = (Float(sine), Float(cosine))
    let (middle, center) = (Float(shape.height - 1) / 2, Float(shape.width - 1) / 2)
    canvas.resample { row, column in
      let (y, x) = (Float(row) - middle - parameters[4], Float(column) - center - parameters[5])
      let (down, right) = ((c * y - s * x) / parameters[2], (s * y + c * x) / parameters[3])
      let place = (Float(row) / Float(shape.height), Float(column) / Float(shape.width))
      return (
        middle + down + bend * Self.spline(downward, at: place.0, place.1),
        center + right + parameters[0] * down + bend * Self.spline(across, at: place.0, place.1)
      )
    }
    Self.press(parameters[7], canvas)
  }

  /// Fields of the grid along a side; the control points are three more.
  private static let fields = 4

  /// The surface over 7×7 control points at a place 0…1.
  private static func spline(_ points: UnsafePointer<Float>, at row: Float, _ column: Float) -> Float {
    let (down, right) = (row * Float(fields), column * Float(fields))
    let (top, left) = (min(fields - 1, Int(down)), min(fields - 1, Int(right)))
    let (rows, columns) = (weights(down - Float(top)), weights(right - Float(left)))
    var sum: Float = 0
    for line in 0..<4 {
      let start = points + (top + line) * (fields + 3) + left
      let values = SIMD4(start[0], start[1], start[2], start[3]) * columns
      sum += rows[line] * (values[0] + values[1] + values[2] + values[3])
    }
    return sum
  }

  /// The uniform cubic B-spline's at t in 0…1.
  @inline(__always)
  private static func weights(_ t: Float) -> SIMD4<Float> {
    let (u, square) = (1 - t, t * t)
    let cube = square * t
    return SIMD4(u * u * u, 3 * cube - 6 * square + 4, -3 * cube + 3 * square + 3 * t + 1, cube) / 6
  }

  /// Sampling softens edges; this makes them as sharp again as the dataset's: contrast about a grey level.
  private static let sharpness: Float = 1.5
  private static let threshold: Float = 105

  /// Thicker lines where `pressure` is positive, thinner ones where it is negative.
  private static func press(_ pressure: Float, _ canvas: Canvas) {
    let (shape, stride) = (canvas.shape, canvas.stride)
    let source = canvas.scratch.assumingMemoryBound(to: UInt8.self)
    source.update(from: canvas.pixels, count: shape.size)
    for row in 0..<shape.height {
      for place in row * stride..<(row + 1) * stride {
        let column = place - row * stride
        let own = source[place]
        var extreme = own
        func look(_ value: UInt8) { extreme = pressure > 0 ? max(extreme, value) : min(extreme, value) }
        if row > 0 { look(source[place - stride]) }
        if row < shape.height - 1 { look(source[place + stride]) }
        if column >= shape.channels { look(source[place - shape.channels]) }
        if column < stride - shape.channels { look(source[place + shape.channels]) }
        let ink = Float(own) + abs(pressure) * (Float(extreme) - Float(own))
        canvas.pixels[place] = byte(sharpness * (ink - threshold) + threshold)
      }
    }
  }
}
