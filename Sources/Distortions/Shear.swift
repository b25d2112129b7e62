import ImageSets
import Support

/// Slants an image to the left or to the right, either as often: out(y, x) = in(y, x + k · (y − (H − 1) / 2)).
///
/// Bilinear between pixels, and paper where nothing was. With k > 0 the upper half moves to the right.
public struct Shear: Distortion {
  public static let name = "shear"
  /// k
  public static let parameterNames = ["factor"]

  /// |k|, columns a row; uniform in this range.
  public var factor = 0.2...0.5

  public init() {}

  public init(factor: ClosedRange<Double>) {
    self.factor = factor
  }

  public init(from decoder: any Decoder) throws {
    let settings = try SettingsReader(decoder, known: ["factor"])
    factor = try settings.read("factor", as: "two numbers, the smaller one first", default: factor)
  }

  public func validate() throws(SettingFault) {
    try SettingFault.check("factor", factor, within: 0...10)
  }

  public static func scratchSize(for shape: ImageSet.Shape) -> Int { Canvas.copySize(for: shape) }

  public func draw(for shape: ImageSet.Shape, from generator: inout Philox) -> Parameters {
    [generator.eitherSign(of: factor), 0, 0, 0, 0, 0, 0, 0]
  }

  public func apply(_ parameters: Parameters, to canvas: inout Canvas) {
    let factor = parameters[0]
    let middle = Float(canvas.shape.height - 1) / 2
    canvas.resample { row, column in (Float(row), Float(column) + factor * (Float(row) - middle)) }
  }
}

extension Philox {
  /// Uniform in the range, and then negative as often as positive.
  mutating func eitherSign(of range: ClosedRange<Double>) -> Float {
    let size = uniform(in: range)
    return chance(0.5) ? -size : size
  }

  mutating func uniform(in range: ClosedRange<Double>) -> Float {
    uniform(in: Float(range.lowerBound)...Float(range.upperBound))
  }
}
