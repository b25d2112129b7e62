import Evaluation
import Foundation

/// One of table 1's models, as it was trained here.
package struct GridTrial: Codable, Equatable, Sendable {
  package var point: Table1.Point
  /// Without those put aside.
  package var trainingImages: Int
  package var validationImages: Int
  /// So many were trained; early stopping may have ended it.
  package var epochs: Int
  /// Of the last epoch; nil where training failed.
  package var figures: Table1.Figures?
  /// The lowest of all epochs.
  package var bestValidationLoss: Double?
  package var seconds: Double
  /// Why there are no figures.
  package var failure: String?

  enum CodingKeys: String, CodingKey {
    case point, epochs, figures, seconds, failure
    case trainingImages = "training_images"
    case validationImages = "validation_images"
    case bestValidationLoss = "best_val_loss"
  }

  package init(
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
package struct PenaltyTrial: Codable, Equatable, Sendable {
  /// What is penalised.
  package enum Place: String, Codable, Sendable { case none, all, kernels }

  package var place: Place
  /// "l1", "l2" or "both"; "none" without a penalty.
  package var kind: String
  package var weight: Double
  package var epochs: Int
  /// Its best weights' file, below the reproduction's folder; nil where training failed.
  package var checkpoint: String?
  /// On held-out images, in nats a pixel, without the penalty.
  package var binaryCrossEntropy: Estimate?
  /// On held-out images, in dB.
  package var psnr: Estimate?
  package var failure: String?

  enum CodingKeys: String, CodingKey {
    case place, kind, weight, epochs, checkpoint, psnr, failure
    case binaryCrossEntropy = "binary_cross_entropy"
  }

  package init(place: Place, kind: String, weight: Double, epochs: Int, checkpoint: String?, failure: String? = nil) {
    self.place = place
    self.kind = kind
    self.weight = weight
    self.epochs = epochs
    self.checkpoint = checkpoint
    self.failure = failure
  }

  /// "l2 1e-06"
  package var label: String { place == .none ? "none" : "\(kind) \(weight)" }
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
package struct Correlation: Codable, Equatable, Sendable {
  /// "dense", "dense, bce", …
  package var models: String
  /// So many models.
  package var count: Int
  /// Spearman's ρ of each figure; nil where ranks say nothing.
  package var loss: Double?
  package var validationLoss: Double?
  package var accuracy: Double?
  package var validationAccuracy: Double?

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
  package static func all(of trials: [GridTrial]) -> [Correlation] {
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
