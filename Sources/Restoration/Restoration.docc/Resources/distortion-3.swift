import Distortions
import ImageSets
import Support

/// Rings of ink about a point, as a cup leaves them.
struct CoffeeStain: Distortion {
  static let name = "coffee-stain"

  /// How dark, from 0 to 255.
  var darkness = 90

  /// Where the ring is, and how wide.
  func draw(for shape: ImageSet.Shape, from generator: inout Philox) -> Parameters {
    var drawn = Parameters.zero
    drawn[0] = generator.uniform(in: 0...Float(shape.height))
    drawn[1] = generator.uniform(in: 0...Float(shape.width))
    drawn[2] = generator.uniform(in: 4...10)
    return drawn
  }

  func apply(_ parameters: Parameters, to canvas: inout Canvas) {
    let (y, x, radius) = (parameters[0], parameters[1], parameters[2])
    for row in 0..<canvas.shape.height {
      for column in 0..<canvas.shape.width {
        let distance = ((Float(row) - y) * (Float(row) - y) + (Float(column) - x) * (Float(column) - x)).squareRoot()
        guard abs(distance - radius) < 1 else { continue }
        for channel in 0..<canvas.shape.channels {
          canvas[row, column, channel] = UInt8(clamping: Int(canvas[row, column, channel]) + darkness)
        }
      }
    }
  }
}
