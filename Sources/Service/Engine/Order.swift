import Distortions
import ImageSets
import Restoration

/// What one request wants done to images, and where the answer goes.
struct Order: Sendable {
  /// Orders of the same work go through a network together.
  enum Work: Hashable, Sendable {
    case restore(model: String, expecting: String, onlyIfSure: Float)
    case classify(model: String)

    /// As metrics call it.
    var task: String {
      switch self {
      case .restore: "restore"
      case .classify: "classify"
      }
    }

    var model: String {
      switch self {
      case .restore(let model, _, _), .classify(let model): model
      }
    }
  }

  var work: Work
  /// How many there are.
  var count: Int
  /// The images, decoded and fitted; runs on the thread that works.
  var images: @Sendable () throws -> ImageSet
  /// Makes the answer, on that thread too.
  var finish: @Sendable (Result<Outcome, any Error>) -> Void
}

/// What came of an order's images.
enum Outcome: Sendable {
  case restored(Restored)
  case classified([Classification])

  /// - Precondition: images were to be restored.
  var restored: Restored {
    guard case .restored(let restored) = self else { preconditionFailure("restored images were wanted") }
    return restored
  }

  /// - Precondition: images were to be classified.
  var classified: [Classification] {
    guard case .classified(let found) = self else { preconditionFailure("classes were wanted") }
    return found
  }
}

struct Restored: Sendable {
  var images: ImageSet
  /// The same before they were rounded to bytes. (N, H, W, C)
  var numbers: [Float]
  /// Nil from a model that finds no orientations.
  var findings: [OrientationPrediction]?
  /// Whether each was changed at all.
  var isChanged: [Bool]

  init(_ set: RestoredSet) {
    (images, numbers, findings) = (set.images, set.numbers, set.findings)
    isChanged = Array(repeating: true, count: set.images.count)
    for image in set.unchanged { isChanged[image] = false }
  }

  /// What was undone of each; nil from a model that finds no orientations.
  var undone: [Orientation]? { findings.map { zip($0, isChanged).map { $1 ? $0.orientation : .upright } } }

  /// Some of them.
  func selecting(_ range: Range<Int>) -> Restored {
    guard range != 0..<images.count else { return self }
    var part = self
    let size = images.shape.size
    part.images = images.selecting(range)
    part.numbers = Array(numbers[range.lowerBound * size..<range.upperBound * size])
    part.findings = findings.map { Array($0[range]) }
    part.isChanged = Array(isChanged[range])
    return part
  }
}
