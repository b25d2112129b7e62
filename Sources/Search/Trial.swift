import Foundation
import GRDB
import NeuralNetworks
import Restoration
import Support

/// One training run of a study: the row that the study keeps of it.
package struct Trial: Codable, Equatable, Sendable {
  package enum State: String, Codable, Sendable, CaseIterable {
    case waiting, running
    /// Has come to its rung; others decide whether it goes on.
    case paused
    case finished
    case failed
  }

  /// From 1, in the order in which they were made.
  package var number: Int
  /// Which point of the space, from 1; trials of one point differ in their seed alone.
  package var point: Int
  package var seed: Int
  package var model: String
  package var loss: String
  /// In words; "none" without.
  package var regularizer: String
  package var learningRate: Double
  package var batchSize: Int
  package var recipe: String
  /// Everything that it is trained by.
  package var plan: TrainingPlan
  package var state = State.waiting
  /// Why it failed.
  package var reason: String?
  /// Trained so far, and then judged; the plan's epochs unless trials are halved.
  package var untilEpoch: Int
  /// How often in a row the program ended while it ran, without an epoch done.
  package var stalls = 0
  package var begun: Date?
  package var ended: Date?

  enum CodingKeys: String, CodingKey {
    case number, point, seed, model, loss, regularizer, recipe, plan, state, reason, stalls, begun, ended
    case learningRate = "learning_rate"
    case batchSize = "batch_size"
    case untilEpoch = "until_epoch"
  }

  package init(number: Int, point: Int, plan: TrainingPlan, choice: Point, untilEpoch: Int) {
    self.number = number
    self.point = point
    seed = Int(clamping: plan.seed)
    model = choice.model
    loss = choice.loss.rawValue
    regularizer = plan.regularizerNote ?? "none"
    learningRate = choice.learningRate
    batchSize = choice.batchSize
    recipe = choice.recipe
    self.plan = plan
    self.untilEpoch = untilEpoch
  }
}

extension Trial: FetchableRecord, PersistableRecord {
  package static let databaseTableName = "trial"
}

/// One epoch of a trial: the row that the study keeps of it.
package struct TrialEpoch: Codable, Equatable, Sendable {
  package var trial: Int
  package var epoch: Int
  package var learningRate: Double
  package var loss: Double
  package var accuracy: Double
  package var validationLoss: Double?
  package var validationAccuracy: Double?
  package var validationPenalty: Double?
  /// Nil where the time was not kept.
  package var seconds: Double?
  package var imagesPerSecond: Double?

  enum CodingKeys: String, CodingKey {
    case trial, epoch, loss, accuracy, seconds
    case learningRate = "learning_rate"
    case validationLoss = "val_loss"
    case validationAccuracy = "val_accuracy"
    case validationPenalty = "val_penalty"
    case imagesPerSecond = "images_per_second"
  }

  package init(trial: Int, _ record: EpochRecord, _ timing: EpochTiming?) {
    self.trial = trial
    epoch = record.epoch
    learningRate = record.learningRate
    loss = record.loss
    accuracy = record.accuracy
    validationLoss = record.validationLoss
    validationAccuracy = record.validationAccuracy
    validationPenalty = record.validationPenalty
    seconds = timing?.seconds
    imagesPerSecond = timing?.imagesPerSecond
  }

  package var record: EpochRecord {
    EpochRecord(
      epoch: epoch, learningRate: learningRate, loss: loss, accuracy: accuracy, validationLoss: validationLoss,
      validationAccuracy: validationAccuracy, validationPenalty: validationPenalty)
  }
}

extension TrialEpoch: FetchableRecord, PersistableRecord {
  package static let databaseTableName = "epoch"
}

/// A trial with its epochs.
package struct TrialResult: Codable, Equatable, Sendable {
  package var trial: Trial
  /// In order.
  package var epochs: [TrialEpoch]

  package init(trial: Trial, epochs: [TrialEpoch]) {
    self.trial = trial
    self.epochs = epochs
  }

  /// Throws a `DataError` about `path` for what no search writes: somebody has changed the file. What each column may
  /// hold is looked at when the study is opened.
  func check(_ path: String) throws {
    func damaged(_ expected: String, _ found: String) -> DataError {
      DataError(
        file: path, place: "table trial, trial \(trial.number)", expected: expected, found: found,
        remedy: "The file was changed; put it back, or begin a new study.")
    }
    guard zip(1..., epochs).allSatisfy({ $0 == $1.epoch }), epochs.count <= trial.plan.epochs else {
      throw damaged(
        "epochs from 1 on, up to the plan's \(trial.plan.epochs)", "epochs \(epochs.map(\.epoch).prefix(20))")
    }
    guard trial.untilEpoch <= trial.plan.epochs else {
      throw damaged("until_epoch up to the plan's \(trial.plan.epochs) epochs", "\(trial.untilEpoch)")
    }
    let (plan, shown) = (
      [trial.plan.loss.rawValue, "\(trial.plan.learningRate)", "\(trial.plan.batchSize)", "\(trial.plan.seed)"],
      [trial.loss, "\(trial.learningRate)", "\(trial.batchSize)", "\(trial.seed)"]
    )
    guard plan == shown else {
      throw damaged(
        "loss, learning_rate, batch_size and seed as in its plan (\(plan.joined(separator: ", ")))",
        shown.joined(separator: ", "))
    }
  }

  /// The epoch with the lowest watched loss, whose weights were kept as the best.
  package var best: EpochRecord? { epochs.map(\.record).min { $0.watched < $1.watched } }
  package var last: EpochRecord? { epochs.last?.record }
  /// Spent on its epochs, where their times were kept.
  package var seconds: Double { epochs.compactMap(\.seconds).reduce(0, +) }
}
