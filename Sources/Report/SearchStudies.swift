import Foundation
import ImageSets
import NeuralNetworks
import Restoration
import Search
import Support

/// Searches by the room Search: a study's file and its trials' folders below the reproduction's folder.
package struct SearchStudies: Studies {
  package init() {}

  package func grid(_ model: String, _ study: StudyRequest) throws -> [GridTrial] {
    let space = try SearchSpace.named("report-grid").only([model])
    let study = try run(space, study)
    return try study.results().compactMap(GridTrial.init)
  }

  package func penalties(_ study: StudyRequest) throws -> [PenaltyTrial] {
    let finished = try run(SearchSpace.named("report-regularisation"), study)
    return try finished.results().map { result in
      let best = finished.runFolder(of: result.trial.number).best
      return Self.penaltyTrial(
        result,
        checkpoint: result.trial.state == .finished ? String(best.trimmingPrefix("\(study.folder)/")) : nil)
    }
  }

  /// Trains what is not trained yet: a trial a core, side by side.
  private func run(_ space: SearchSpace, _ study: StudyRequest) throws -> Study {
    var space = space
    space.epochs = study.portion.epochs
    let origin = DataOrigin(dataset: study.dataset, part: .train, subset: study.portion.images)
    var request = SearchRun.Request(space: space, origin: origin)
    (request.firstSeed, request.threads) = (Int(clamping: study.seed), 1)
    let search = try SearchRun(
      request, training: TrainingImages(study.training), into: "\(study.folder)/\(study.name).sqlite")
    let counts = try search.study.counts()
    var done = (counts[.finished] ?? 0) + (counts[.failed] ?? 0)
    let all = counts.values.reduce(0, +)
    try study.observe(done, all, "beginning")
    let pool = try LocalWorkerPool(
      Worker(training: TrainingImages(study.training), validation: nil), size: Threads.count)
    try search.run(with: pool) { event in
      switch event {
      case .began(let trial): try study.observe(done, all, "\(trial.model) begun")
      case .epochs(let epochs):
        guard let last = epochs.last else { return }
        try study.observe(done, all, "trial \(last.trial) after epoch \(last.epoch)/\(space.epochs)")
      case .ended(let trial, _, let reason):
        done += 1
        try study.observe(done, all, "\(trial.model) \(reason ?? "done")")
      }
    }
    return search.study
  }

  private static func penaltyTrial(_ result: TrialResult, checkpoint: String?) -> PenaltyTrial {
    let regularizer = result.trial.plan.architecture.layers.compactMap { ($0.layer as? Dense)?.regularizer }
      .first { $0 != Regularizer.none }
    let penalty = regularizer?.kernel ?? Penalty.none
    let kind = penalty.l1 > 0 && penalty.l2 > 0 ? "both" : penalty.l1 > 0 ? "l1" : penalty.l2 > 0 ? "l2" : "none"
    // The shortest digits that say the same number, not those of its 32 bits in 64.
    let weight = Double("\(max(penalty.l1, penalty.l2))") ?? 0
    let place: PenaltyTrial.Place =
      regularizer.map { $0.activity == Penalty.none ? .kernels : .all } ?? .none
    return PenaltyTrial(
      place: place, kind: kind, weight: weight, epochs: result.epochs.count, checkpoint: checkpoint,
      failure: result.trial.reason)
  }
}
