import ImageSets
import Restoration
import Support

/// What decides a reproduction's numbers: a folder holds those of one setting alone.
package struct ReproductionSettings: Codable, Equatable, Sendable {
  package var scale: Scale
  /// Of all trainings; measuring takes the next one, so that no image meets the draws of a training image.
  package var seed: UInt64
  /// The images, wherever they lie.
  package var sets: [ImageRecord]

  /// Images told by their number and checksum.
  package struct ImageRecord: Codable, Equatable, Sendable {
    package var part: Dataset.Part
    package var images: Int
    package var checksum: String
  }

  /// What distorts the images that are measured.
  package var measuringSeed: UInt64 { seed &+ 1 }

  /// Says how a folder begun with `other` differs; nil where it does not.
  func difference(from other: ReproductionSettings) -> String? {
    if scale.name != other.scale.name { return "at the scale \(other.scale.name), not \(scale.name)" }
    if scale != other.scale { return "at another scale \(scale.name) than this version's" }
    if seed != other.seed { return "with the seed \(other.seed), not \(seed)" }
    return sets == other.sets ? nil : "on other images than these"
  }
}

/// Whose images the figures show that show any.
package enum ShownImages: String, Codable, Sendable, CaseIterable {
  /// The data's own.
  case data
  /// The synthetic writer's, so that a report on images that must not be passed on can be.
  case synthetic
}

/// What there is to do, in this order: what says most comes first.
package enum ReproductionPart: String, Codable, Sendable, CaseIterable {
  case data
  case finalModel = "final"
  case classifier
  case measures
  case dense
  case penalties
  case convolutional
  case figures

  package var title: String {
    switch self {
    case .data: "looking at the data"
    case .finalModel: "training the final model"
    case .classifier: "training the network that reads digits"
    case .measures: "distorting, correcting and reading digits"
    case .dense: "table 1, 18 dense models"
    case .penalties: "models trained with penalties"
    case .convolutional: "table 1, 18 convolutional models"
    case .figures: "drawing"
    }
  }
}
