import Foundation
import Search
import Support

/// A search's progress on standard error: a line for each trial that ends, and how far all are.
final class SearchDisplay {
  private let line = ProgressLine(plainInterval: .seconds(10))
  private let total: Int
  private let workers: Int
  private var ended: Int
  /// By trial: epochs done and wanted.
  private var running: [Int: (done: Int, wanted: Int)] = [:]
  private var latest: [Int: TrialEpoch] = [:]

  init(_ study: Study, workers: Int, ranks: Int = 1) throws {
    let counts = try study.counts()
    total = counts.values.reduce(0, +)
    ended = (counts[.finished] ?? 0) + (counts[.failed] ?? 0)
    self.workers = workers
    let threads = study.description.threads
    line.finish(
      "\(study.description.space.name): \(grouped(total)) trials, \(workers) at a time with \(threads) "
        + "thread\(threads == 1 ? "" : "s") each\(ranks > 1 ? ", on \(ranks) ranks" : ""), into \(study.path)"
        + (ended > 0 ? ", going on after \(ended)" : ""))
  }

  func show(_ event: SearchEvent) {
    switch event {
    case .began(let trial): running[trial.number] = (0, trial.untilEpoch)
    case .epochs(let epochs):
      guard let last = epochs.last else { return }
      running[last.trial]?.done = last.epoch
      latest[last.trial] = last
      line.show(progress)
    case .ended(let trial, let state, let reason):
      running[trial.number] = nil
      if state != .paused { ended += 1 }
      line.finish("trial \(trial.number)/\(total)  \(name(of: trial))  \(outcome(of: trial, state, reason))")
      latest[trial.number] = nil
    }
  }

  func end() { line.end() }

  private var progress: String {
    let trials = running.sorted { $0.key < $1.key }.map { "\($0.key): epoch \($0.value.done)/\($0.value.wanted)" }
    return "\(ProgressLine.bar(Double(ended) / Double(max(1, total)))) \(ended)/\(total) trials; "
      + trials.joined(separator: ", ")
  }

  private func name(of trial: Trial) -> String {
    var words = [trial.model]
    if trial.regularizer != "none" { words.append("(\(trial.regularizer))") }
    if trial.learningRate != 1e-3 { words.append("rate \(trial.learningRate)") }
    if trial.batchSize != 32 { words.append("batch \(trial.batchSize)") }
    return words.joined(separator: " ") + (trial.seed == 1 ? "" : " seed \(trial.seed)")
  }

  private func outcome(of trial: Trial, _ state: Trial.State, _ reason: String?) -> String {
    if let reason { return "failed: \(reason)" }
    guard let last = latest[trial.number] else { return state.rawValue }
    let validation = last.validationLoss.map { "  val_loss \(fixed($0, 5))" } ?? ""
    return "\(state == .paused ? "rests" : "ended") after epoch \(last.epoch)  loss \(fixed(last.loss, 5))\(validation)"
  }
}
