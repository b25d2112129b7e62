import ImageSets
import Support

/// Slants an image to the left or to the right, either as often: out(y, x) = in(y, x + k · (y − (H − 1) / 2)).
///
/// Bilinear between pixels, and paper where nothing was. With k > 0 the upper half moves to the right.
package struct Shear: BuiltInDistortion {
  package static let name = "shear"
  /// k
  package static let parameterNames = ["factor"]

  /// |k|, columns a row; uniform in this range.
  package var factor = 0.2...0.5

  package init() {}

  package init(factor: ClosedRange<Double>) {
    self.factor = factor
  }

  package init(from decoder: any Decoder) throws {
    let settings = try SettingsReader(decoder, known: ["factor"])
    factor = try settings.read("factor", as: "two numbers, the smaller one first", default: factor)
  }

  package func validate() throws(SettingFault) {
    try SettingFault.check("factor", factor, within: 0...10)
  }

  package static func scratchSize(for shape: ImageSet.Shape) -> Int { Canvas.copySize(for: shape) }

  package func draw(for shape: ImageSet.Shape, from generator: inout Philox) -> Parameters {
    [generator.eitherSign(of: factor), 0, 0, 0, 0, 0, 0, 0]
  }

  package func apply(_ parameters: Parameters, to canvas: inout Canvas) {
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
