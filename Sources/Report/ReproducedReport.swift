import Evaluation
import Foundation
import ImageSets
import NeuralNetworks
import Restoration
import Support

/// Every number of a reproduced report: what `report.json` holds, and what its pages are written from.
package struct ReproducedReport: Codable, Sendable {
  package var made: RunEnvironment
  package var settings: ReproductionSettings
  /// Whose images the figures show.
  package var show: ShownImages
  package var sets: [SetSummary]
  /// The final model's layers.
  package var layers: [LayerSummary]
  package var finalModel: TrainedModel
  package var classifier: TrainedModel
  /// Table 1, in the report's order.
  package var grid: [GridTrial]
  package var correlations: [Correlation]
  package var penalties: [PenaltyTrial]
  /// The final model's images against the clean ones: the pairs that it was trained on, then held-out ones.
  package var restored: [RestoredImages]
  package var recognition: RecognitionReport
  package var figures: [DrawnFigure]
  /// In the order in which they were done.
  package var parts: [PartTime]

  enum CodingKeys: String, CodingKey {
    case made, settings, show, sets, layers, classifier, grid, correlations, penalties, restored, recognition
    case figures, parts
    case finalModel = "final_model"
  }
}

/// One part of the dataset.
package struct SetSummary: Codable, Equatable, Sendable {
  package var part: Dataset.Part
  package var images: Int
  package var shape: ImageSet.Shape
  /// Images of each class, from class 0; nil without labels.
  package var classes: [Int]?
  /// The share of pixels that are exactly 0 or 255: no `binary_accuracy` can exceed it.
  package var ceiling: Double
  /// `ImageSet.checksum`, hexadecimal.
  package var checksum: String

  init(_ set: ImageSet, part: Dataset.Part) {
    self.part = part
    images = set.count
    shape = set.shape
    classes = set.labelCounts.map { counts in (0...max(9, counts.keys.max() ?? 0)).map { counts[$0] ?? 0 } }
    ceiling = ImageMetrics.binaryAccuracyCeiling(of: set)
    checksum = DataRecord(set).checksum
  }
}

package struct LayerSummary: Codable, Equatable, Sendable {
  package var layer: String
  /// Without the batch.
  package var outputShape: [Int]
  package var parameters: Int

  enum CodingKeys: String, CodingKey {
    case layer, parameters
    case outputShape = "output_shape"
  }

  static func all(of architecture: Architecture) throws -> [LayerSummary] {
    try Summary(of: architecture).rows.map {
      LayerSummary(layer: $0.layer, outputShape: $0.outputShape, parameters: $0.parameters)
    }
  }
}

/// A training of its own, with what it was told and what came of it.
package struct TrainedModel: Codable, Sendable {
  package var plan: TrainingPlan
  package var epochs: [Epoch]
  /// The one whose weights are kept.
  package var bestEpoch: Int

  enum CodingKeys: String, CodingKey {
    case plan, epochs
    case bestEpoch = "best_epoch"
  }

  package struct Epoch: Codable, Equatable, Sendable {
    package var epoch: Int
    package var loss: Double
    package var accuracy: Double
    package var validationLoss: Double?
    package var validationAccuracy: Double?

    enum CodingKeys: String, CodingKey {
      case epoch, loss, accuracy
      case validationLoss = "val_loss"
      case validationAccuracy = "val_accuracy"
    }

    init(_ record: EpochRecord) {
      epoch = record.epoch
      loss = record.loss
      accuracy = record.accuracy
      validationLoss = record.validationLoss
      validationAccuracy = record.validationAccuracy
    }
  }
}

/// How near the images of a set come to the clean ones.
package struct RestoredImages: Codable, Sendable {
  package var use: RecognitionTable.Use
  package var metrics: MetricTable
}

/// A figure that lies in the folder `figures`.
package struct DrawnFigure: Codable, Equatable, Sendable {
  /// Of its file, without an ending.
  package var name: String
  package var caption: String
}

/// How long a part took, all attempts together.
package struct PartTime: Codable, Equatable, Sendable {
  package var part: ReproductionPart
  package var seconds: Double
}
