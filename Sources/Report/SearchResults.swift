import Evaluation
import Foundation

/// One of table 1's models, as it was trained here.
public struct GridTrial: Codable, Equatable, Sendable {
  public var point: Table1.Point
  /// Without those put aside.
  public var trainingImages: Int
  public var validationImages: Int
  /// So many were trained; early stopping may have ended it.
  public var epochs: Int
  /// Of the last epoch; nil where training failed.
  public var figures: Table1.Figures?
  /// The lowest of all epochs.
  public var bestValidationLoss: Double?
  public var seconds: Double
  /// Why there are no figures.
  public var failure: String?

  enum CodingKeys: String, CodingKey {
    case point, epochs, figures, seconds, failure
    case trainingImages = "training_images"
    case validationImages = "validation_images"
    case bestValidationLoss = "best_val_loss"
  }

  public init(
    point: Table1.Point, trainingImages: Int, validationImages: Int, epochs: Int, figures: Table1.Figures?,
    bestValidationLoss: Double?, seconds: Double, failure: String? = nil
  ) {
    self.point = point
    self.trainingImages = trainingImages
    self.validationImages = validationImages
    self.epochs = epochs
    self.figures = figures
    self.bestValidationLoss = bestValidationLoss
    self.seconds = seconds
    self.failure = failure
  }
}

/// The final model, trained with a penalty on large values.
public struct PenaltyTrial: Codable, Equatable, Sendable {
  /// What is penalised.
  public enum Place: String, Codable, Sendable { case none, all, kernels }

  public var place: Place
  /// "l1", "l2" or "both"; "none" without a penalty.
  public var kind: String
  public var weight: Double
  public var epochs: Int
  /// Its best weights' file, below the reproduction's folder; nil where training failed.
  public var checkpoint: String?
  /// On held-out images, in nats a pixel, without the penalty.
  public var binaryCrossEntropy: Estimate?
  /// On held-out images, in dB.
  public var psnr: Estimate?
  public var failure: String?

  enum CodingKeys: String, CodingKey {
    case place, kind, weight, epochs, checkpoint, psnr, failure
    case binaryCrossEntropy = "binary_cross_entropy"
  }

  public init(place: Place, kind: String, weight: Double, epochs: Int, checkpoint: String?, failure: String? = nil) {
    self.place = place
    self.kind = kind
    self.weight = weight
    self.epochs = epochs
    self.checkpoint = checkpoint
    self.failure = failure
  }

  /// "l2 1e-06"
  public var label: String { place == .none ? "none" : "\(kind) \(weight)" }
}

extension [PenaltyTrial] {
  /// The one of an attempt that came nearest to the clean images.
  func best(_ place: PenaltyTrial.Place) -> PenaltyTrial? {
    filter { $0.place == place && $0.checkpoint != nil && $0.binaryCrossEntropy != nil }
      .min { ($0.binaryCrossEntropy?.mean ?? .infinity) < ($1.binaryCrossEntropy?.mean ?? .infinity) }
  }

  /// The one of an attempt with the heaviest penalty.
  func strongest(_ place: PenaltyTrial.Place) -> PenaltyTrial? {
    filter { $0.place == place && $0.checkpoint != nil && $0.kind != "l2" }
      .max { ($0.weight, $0.kind == "both" ? 1 : 0) < ($1.weight, $1.kind == "both" ? 1 : 0) }
  }
}

/// Whether our figures and the report's rank table 1's models alike.
public struct Correlation: Codable, Equatable, Sendable {
  /// "dense", "dense, bce", …
  public var models: String
  /// So many models.
  public var count: Int
  /// Spearman's ρ of each figure; nil where ranks say nothing.
  public var loss: Double?
  public var validationLoss: Double?
  public var accuracy: Double?
  public var validationAccuracy: Double?

  enum CodingKeys: String, CodingKey {
    case models, count, loss, accuracy
    case validationLoss = "val_loss"
    case validationAccuracy = "val_accuracy"
  }

  init(_ models: String, _ pairs: [(ours: Table1.Figures, theirs: Table1.Figures)]) {
    self.models = models
    count = pairs.count
    func rho(_ figure: (Table1.Figures) -> Double) -> Double? {
      RankCorrelation.spearman(pairs.map { figure($0.ours) }, pairs.map { figure($0.theirs) })
    }
    loss = rho(\.loss)
    validationLoss = rho(\.validationLoss)
    accuracy = rho(\.accuracy)
    validationAccuracy = rho(\.validationAccuracy)
  }

  /// Of all, of each loss function alone, and without the report's doubtful rows.
  public static func all(of trials: [GridTrial]) -> [Correlation] {
    func pairs(_ model: String, where holds: (Table1.Row) -> Bool = { _ in true }) -> [(
      ours: Table1.Figures, theirs: Table1.Figures
    )] {
      trials.compactMap { trial in
        guard trial.point.model == model, let ours = trial.figures, let row = Table1.row(of: trial.point), holds(row)
        else { return nil }
        return (ours, row.figures)
      }
    }
    return ["dense", "conv"].flatMap { model in
      [Correlation(model, pairs(model))]
        + ["bce", "mse"].map { loss in Correlation("\(model), \(loss)", pairs(model) { $0.point.loss == loss }) }
        + [Correlation("\(model), without marked rows", pairs(model) { $0.slip == nil })]
    }.filter { $0.count > 1 }
  }
}
