import ImageSets
import Support

/// One digit's ink on a page, and how it stands there.
struct DigitShape: Sendable {
  var pieces: [Int]
  var box: Box
  /// Unit vectors along its row and down its column.
  var right = SIMD2<Float>(1, 0)
  var down = SIMD2<Float>(0, 1)

  /// As the datasets have digits: 28×28 pixels, 0 for paper and 255 for ink, the longer side of the tight box 20 pixels, the
  /// centre of mass in the middle, upright along its row; and where that image lies on the page.
  func prepared(_ pieces: Pieces, darkness: GrayPlane) -> (image: [UInt8], frame: DigitFrame) {
    let patch = Patch(self, pieces, darkness)
    guard let fitted = patch.fitted else {
      return ([UInt8](repeating: 0, count: 28 * 28), DigitFrame(origin: box.center, right: right, down: down))
    }
    return (Preparation.centred(fitted), patch.frame(of: fitted))
  }
}

/// Where a prepared image lies on a page: the place of its first pixel, and the ways to the next ones.
struct DigitFrame: Sendable {
  var origin: SIMD2<Float>
  var right: SIMD2<Float>
  var down: SIMD2<Float>

  /// On the same page at another scale.
  func scaled(by scale: Float) -> DigitFrame {
    DigitFrame(origin: (origin + 0.5) * scale - 0.5, right: right * scale, down: down * scale)
  }

  /// A place of the page in the image's pixels.
  func pixel(at place: SIMD2<Float>) -> SIMD2<Float> {
    CellFrame(center: origin, right: right, down: down).cells(to: place)
  }
}

/// A digit's ink alone, cut out of its page.
private struct Patch {
  /// Pixels around it that fade from ink to paper.
  private static let fringe = 2
  private static let boxSide: Float = 20
  /// Ink at this share of the digit's darkness is paper, and at that one full ink.
  private static let tones: (paper: Float, ink: Float) = (0.1, 0.5)
  private static let mostSamples = 8

  private var plane: GrayPlane
  private let origin: SIMD2<Float>
  private let shape: DigitShape
  private var low = SIMD2<Float>(repeating: .infinity)
  private var high = SIMD2<Float>(repeating: -.infinity)

  init(_ shape: DigitShape, _ pieces: Pieces, _ darkness: GrayPlane) {
    self.shape = shape
    let box = shape.box
    let (left, top) = (max(0, box.left - Self.fringe), max(0, box.top - Self.fringe))
    let (right, bottom) = (min(darkness.width, box.right + Self.fringe), min(darkness.height, box.bottom + Self.fringe))
    let (width, height) = (right - left, bottom - top)
    origin = SIMD2(Float(left), Float(top))
    let own = Set(shape.pieces.map { Int32($0) })
    var levels: [UInt8] = []
    // 2 for ink, 1 for what is next to it
    var near = [UInt8](repeating: 0, count: width * height)
    for y in 0..<height {
      for x in 0..<width {
        let place = (y + top) * darkness.width + x + left
        guard pieces.labels[place] >= 0, own.contains(pieces.labels[place]) else { continue }
        levels.append(darkness.pixels[place])
        near[y * width + x] = 2
        for beside in max(0, y - 1)...min(height - 1, y + 1) {
          for across in max(0, x - 1)...min(width - 1, x + 1) where near[beside * width + across] == 0 {
            near[beside * width + across] = 1
          }
        }
      }
    }
    levels.sort()
    let full = Float(levels.isEmpty ? 255 : max(1, levels[levels.count * 9 / 10]))
    plane = GrayPlane(width: width, height: height, pixels: [UInt8](repeating: 0, count: width * height))
    let determinant = shape.right.x * shape.down.y - shape.right.y * shape.down.x
    for y in 0..<height {
      for x in 0..<width where near[y * width + x] > 0 {
        let place = (y + top) * darkness.width + x + left
        if near[y * width + x] == 1, pieces.labels[place] >= 0 { continue }
        let share = (Float(darkness.pixels[place]) / full - Self.tones.paper) / (Self.tones.ink - Self.tones.paper)
        plane.pixels[y * width + x] = UInt8(255 * min(1, max(0, share)))
        guard near[y * width + x] == 2 else { continue }
        let (px, py) = (Float(x), Float(y))
        let along = SIMD2(px * shape.down.y - py * shape.down.x, shape.right.x * py - shape.right.y * px) / determinant
        low = pointwiseMin(low, along)
        high = pointwiseMax(high, along)
      }
    }
  }

  /// Its longer side 20 pixels; nil without ink.
  var fitted: Bitmap? {
    guard low.x <= high.x, low.y <= high.y else { return nil }
    let size = high - low + 1
    let scale = max(size.x, size.y) / Self.boxSide
    let width = max(1, Int((size.x / scale).rounded()))
    let height = max(1, Int((size.y / scale).rounded()))
    let samples = min(Self.mostSamples, max(2, Int(scale.rounded(.up))))
    var bitmap = Bitmap(width: width, height: height)
    for y in 0..<height {
      for x in 0..<width {
        var sum: Float = 0
        for down in 0..<samples {
          for across in 0..<samples {
            let u = low.x - 0.5 + (Float(x) + (Float(across) + 0.5) / Float(samples)) * size.x / Float(width)
            let v = low.y - 0.5 + (Float(y) + (Float(down) + 0.5) / Float(samples)) * size.y / Float(height)
            let place = u * shape.right + v * shape.down
            sum += plane.value(x: place.x, y: place.y)
          }
        }
        bitmap[x, y] = UInt8(min(255, sum / Float(samples * samples) + 0.5))
      }
    }
    return bitmap
  }

  func frame(of fitted: Bitmap) -> DigitFrame {
    let size = high - low + 1
    let step = SIMD2(size.x / Float(fitted.width), size.y / Float(fitted.height))
    let (left, top) = Preparation.offset(of: fitted)
    let first = low - 0.5 + 0.5 * step - SIMD2(Float(left), Float(top)) * step
    return DigitFrame(
      origin: origin + first.x * shape.right + first.y * shape.down, right: step.x * shape.right,
      down: step.y * shape.down)
  }
}
