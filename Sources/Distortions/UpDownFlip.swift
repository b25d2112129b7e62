import ImageSets
import Support

/// Rows in reverse order: out(y, x) = in(H − 1 − y, x).
package struct UpDownFlip: BuiltInDistortion {
  package static let name = "up-down-flip"

  package static let damage = Damage.none

  package init() {}

  package init(from decoder: any Decoder) throws {
    _ = try SettingsReader(decoder, known: [])
  }

  package func orientation(_ parameters: Parameters) -> Orientation { .upDownFlip }

  package func orientations(for shape: ImageSet.Shape) -> [(orientation: Orientation, probability: Double)] {
    [(.upDownFlip, 1)]
  }

  package func apply(_ parameters: Parameters, to canvas: inout Canvas) {
    var upper = canvas.pixels
    var lower = canvas.pixels + (canvas.shape.height - 1) * canvas.stride
    while upper < lower {
      for place in 0..<canvas.stride { swap(&upper[place], &lower[place]) }
      upper += canvas.stride
      lower -= canvas.stride
    }
  }
}
