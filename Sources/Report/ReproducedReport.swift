import Evaluation
import Foundation
import ImageSets
import NeuralNetworks
import Restoration
import Support

/// Every number of a reproduced report: what `report.json` holds, and what its pages are written from.
public struct ReproducedReport: Codable, Sendable {
  public var made: RunEnvironment
  public var settings: ReproductionSettings
  /// Whose images the figures show.
  public var show: ShownImages
  public var sets: [SetSummary]
  /// The final model's layers.
  public var layers: [LayerSummary]
  public var finalModel: TrainedModel
  public var classifier: TrainedModel
  /// Table 1, in the report's order.
  public var grid: [GridTrial]
  public var correlations: [Correlation]
  public var penalties: [PenaltyTrial]
  /// The final model's images against the clean ones: the pairs that it was trained on, then held-out ones.
  public var restored: [RestoredImages]
  public var recognition: RecognitionReport
  public var figures: [DrawnFigure]
  /// In the order in which they were done.
  public var parts: [PartTime]

  enum CodingKeys: String, CodingKey {
    case made, settings, show, sets, layers, classifier, grid, correlations, penalties, restored, recognition
    case figures, parts
    case finalModel = "final_model"
  }
}

/// One part of the dataset.
public struct SetSummary: Codable, Equatable, Sendable {
  public var part: Dataset.Part
  public var images: Int
  public var shape: ImageSet.Shape
  /// Images of each class, from class 0; nil without labels.
  public var classes: [Int]?
  /// The share of pixels that are exactly 0 or 255: no `binary_accuracy` can exceed it.
  public var ceiling: Double
  /// `ImageSet.checksum`, hexadecimal.
  public var checksum: String

  init(_ set: ImageSet, part: Dataset.Part) {
    self.part = part
    images = set.count
    shape = set.shape
    classes = set.labelCounts.map { counts in (0...max(9, counts.keys.max() ?? 0)).map { counts[$0] ?? 0 } }
    ceiling = ImageMetrics.binaryAccuracyCeiling(of: set)
    checksum = DataRecord(set).checksum
  }
}

public struct LayerSummary: Codable, Equatable, Sendable {
  public var layer: String
  /// Without the batch.
  public var outputShape: [Int]
  public var parameters: Int

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
public struct TrainedModel: Codable, Sendable {
  public var plan: TrainingPlan
  public var epochs: [Epoch]
  /// The one whose weights are kept.
  public var bestEpoch: Int

  enum CodingKeys: String, CodingKey {
    case plan, epochs
    case bestEpoch = "best_epoch"
  }

  public struct Epoch: Codable, Equatable, Sendable {
    public var epoch: Int
    public var loss: Double
    public var accuracy: Double
    public var validationLoss: Double?
    public var validationAccuracy: Double?

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
public struct RestoredImages: Codable, Sendable {
  public var use: RecognitionTable.Use
  public var metrics: MetricTable
}

/// A figure that lies in the folder `figures`.
public struct DrawnFigure: Codable, Equatable, Sendable {
  /// Of its file, without an ending.
  public var name: String
  public var caption: String
}

/// How long a part took, all attempts together.
public struct PartTime: Codable, Equatable, Sendable {
  public var part: ReproductionPart
  public var seconds: Double
}
