import Foundation
import NeuralNetworks
import Restoration
import Support

/// A run's progress on standard error: a bar within the epoch, a line for each one done.
final class TrainingDisplay {
  private let plan: TrainingPlan
  private let line = ProgressLine(plainInterval: .seconds(10))
  private var secondsSoFar = 0.0
  private var epochsSoFar = 0

  init(_ plan: TrainingPlan) { self.plan = plan }

  func begin(_ trainer: Trainer, _ folder: RunFolder, ranks: Int = 1) {
    let done = trainer.history.records.count
    line.finish(
      "\(plan.architecture.name), \(grouped(trainer.network.parameters.count)) parameters, "
        + "\(plan.recipe.name) distorted \(plan.distorting == .once ? "once" : "each epoch"), "
        + (plan.syntheticImages > 0 ? "\(grouped(plan.syntheticImages)) synthetic digits beside the data, " : "")
        + (ranks == 1 ? "" : "\(ranks) ranks of ")
        + "\(plan.threads) thread\(plan.threads == 1 ? "" : "s"), into \(folder.path)"
        + (plan.validation == .none ? "" : ", validated on \(Self.text(plan.validation))")
        + (done > 0 ? ", going on after epoch \(done)" : ""))
    if ranks > 1, plan.architecture.layers.contains(where: { $0.layer is BatchNormalization }) {
      line.finish(
        "batch normalization takes each rank's own part of a batch: the results are not those of one process")
    }
    var load = 0.0
    if plan.threads > 1, getloadavg(&load, 1) == 1, load > Double(plan.threads) {
      line.finish("other programs want these cores (load \(fixed(load, 1))): a new run with --threads 1 may be faster")
    }
  }

  private static func text(_ validation: Validation) -> String {
    switch validation {
    case .none: "nothing"
    case .share(let share): "\(fixed(100 * share, 0)) % of the images"
    case .last(let count): "the last \(grouped(count)) images"
    case .writers: "the images of a fifth of the writers"
    case .set(let name): "the part \(name)"
    }
  }

  func show(_ event: TrainingEvent) {
    switch event {
    case .progress(let epoch, let done, let all, let loss, let accuracy, let seconds):
      let share = Double(done) / Double(max(all, 1))
      let rate = Double(done) / max(seconds, 1e-9)
      let epochSeconds = epochsSoFar > 0 ? secondsSoFar / Double(epochsSoFar) : seconds / max(share, 1e-9)
      let left = epochSeconds * (Double(plan.epochs - epoch) + 1 - share)
      line.show(
        "epoch \(epoch)/\(plan.epochs) \(ProgressLine.bar(share)) loss \(fixed(loss, 4)), "
          + "\(plan.loss.accuracyName) \(fixed(accuracy, 4)), \(grouped(Int(min(rate, 1e12)))) images/s, \(Self.time(left)) left"
      )
    case .epoch(let record, let timing, let isBest):
      secondsSoFar += timing.seconds
      epochsSoFar += 1
      line.finish(text(record, timing, isBest: isBest))
    case .collapsed(let epoch):
      line.finish(
        "after epoch \(epoch) all images get one and the same output: training has collapsed; a lower --learning-rate "
          + "helps, now \(plan.learningRate)")
    case .stoppedEarly(let epoch, let best):
      line.finish("stopped after epoch \(epoch): none was better than epoch \(best.epoch)")
    }
  }

  func end() { line.end() }

  private func text(_ record: EpochRecord, _ timing: EpochTiming, isBest: Bool) -> String {
    var text =
      "epoch \(record.epoch)/\(plan.epochs)  loss \(fixed(record.loss, 4))  "
      + "\(plan.loss.accuracyName) \(fixed(record.accuracy, 4))"
    if let loss = record.validationLoss, let accuracy = record.validationAccuracy {
      text += "  val_loss \(fixed(loss, 4))  val_\(plan.loss.accuracyName) \(fixed(accuracy, 4))"
    }
    text += "  \(fixed(timing.seconds, 1)) s, \(grouped(Int(min(timing.imagesPerSecond, 1e12)))) images/s"
    return isBest ? text + "  *" : text
  }

  /// "2 min 05 s"
  static func time(_ seconds: Double) -> String {
    let whole = Int(min(max(seconds, 0), 1e9).rounded(.up))
    return whole < 60 ? "\(whole) s" : "\(whole / 60) min \(whole % 60 < 10 ? "0" : "")\(whole % 60) s"
  }
}
