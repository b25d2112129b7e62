import ImageSets
import Support

/// Rows in reverse order: out(y, x) = in(H − 1 − y, x).
public struct UpDownFlip: Distortion {
  public static let name = "up-down-flip"

  public static let damage = Damage.none

  public init() {}

  public init(from decoder: any Decoder) throws {
    _ = try SettingsReader(decoder, known: [])
  }

  public func orientation(_ parameters: Parameters) -> Orientation { .upDownFlip }

  public func orientations(for shape: ImageSet.Shape) -> [(orientation: Orientation, probability: Double)] {
    [(.upDownFlip, 1)]
  }

  public func apply(_ parameters: Parameters, to canvas: inout Canvas) {
    var upper = canvas.pixels
    var lower = canvas.pixels + (canvas.shape.height - 1) * canvas.stride
    while upper < lower {
      for place in 0..<canvas.stride { swap(&upper[place], &lower[place]) }
      upper += canvas.stride
      lower -= canvas.stride
    }
  }
}
