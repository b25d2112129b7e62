import ImageSets
import Support

/// A turn about the centre by any angle, clockwise as often as counter-clockwise.
///
/// Bilinear between pixels, and paper where nothing was; what is turned out of the image is lost. (`Rotation` turns
/// by right angles, without loss in squares.)
package struct SmallRotation: BuiltInDistortion {
  package static let name = "small-rotation"
  /// Counter-clockwise, negative ones clockwise.
  package static let parameterNames = ["angle"]

  /// Degrees; uniform in this range.
  package var angle = 5.0...30.0

  package init() {}

  package init(angle: ClosedRange<Double>) {
    self.angle = angle
  }

  package init(from decoder: any Decoder) throws {
    let settings = try SettingsReader(decoder, known: ["angle"])
    angle = try settings.read("angle", as: "two numbers, the smaller one first", default: angle)
  }

  package func validate() throws(SettingFault) {
    try SettingFault.check("angle", angle, within: 0...180)
  }

  package static func scratchSize(for shape: ImageSet.Shape) -> Int { Canvas.copySize(for: shape) }

  package func draw(for shape: ImageSet.Shape, from generator: inout Philox) -> Parameters {
    [generator.eitherSign(of: angle), 0, 0, 0, 0, 0, 0, 0]
  }

  /// The pixel at (y, x) from the centre comes from (y cos + x sin, x cos − y sin), rows counting downwards.
  package func apply(_ parameters: Parameters, to canvas: inout Canvas) {
    let turn = Exactly.sineAndCosine(degrees: Double(parameters[0]))
    let (sine, cosine) = (Float(turn.sine), Float(turn.cosine))
    let middle = (y: Float(canvas.shape.height - 1) / 2, x: Float(canvas.shape.width - 1) / 2)
    canvas.resample { row, column in
      let (y, x) = (Float(row) - middle.y, Float(column) - middle.x)
      return (middle.y + (y * cosine + x * sine), middle.x + (x * cosine - y * sine))
    }
  }
}

extension ImageSet {
  /// Each image turned about its centre, counter-clockwise, in bytes.
  ///
  /// - Parameter angle: in degrees.
  package func turned(byDegrees angle: Double) -> ImageSet {
    let (shape, rotation) = (shape, SmallRotation())
    var turned = pixels
    turned.withUnsafeMutableBufferPointer { pixels in
      nonisolated(unsafe) let pixels = pixels
      Threads.forEachRange(of: count, grain: 64) { images in
        let scratch = UnsafeMutableRawPointer.allocate(
          byteCount: SmallRotation.scratchSize(for: shape), alignment: 64)
        defer { scratch.deallocate() }
        for image in images {
          var canvas = Canvas(
            shape: shape, pixels: pixels.baseAddress! + image * shape.size, scratch: scratch,
            noise: NoiseStream(seed: 0, epoch: 0, index: image))
          rotation.apply([Float(angle), 0, 0, 0, 0, 0, 0, 0], to: &canvas)
        }
      }
    }
    return replacingPixels(turned)
  }
}
