import Foundation
import ImageSets
import Restoration
import Support

/// What a search tells those who watch.
package enum SearchEvent: Sendable {
  case began(Trial)
  case epochs([TrialEpoch])
  case ended(Trial, Trial.State, reason: String?)
}

/// A study at work: hands trials to a pool and writes down what it reports. The only writer of the study.
package final class SearchRun {
  package let study: Study
  private let scheduler: Scheduler
  /// What may run side by side.
  package var admission = Admission()

  /// What is to be searched, and on what.
  package struct Request: Sendable {
    package var space: SearchSpace
    package var origin: DataOrigin
    /// How many seeds each point is trained with, from `firstSeed`.
    package var seeds = 1
    package var firstSeed = 1
    /// Of each trial.
    package var threads = 1

    package init(space: SearchSpace, origin: DataOrigin) {
      self.space = space
      self.origin = origin
    }
  }

  /// Begins the study at `path`, or goes on with it where it stands already.
  ///
  /// - Parameters:
  ///   - training: the images of the request's origin.
  ///   - retryingFailed: whether failed trials are tried again.
  /// - Throws: `UsageError` where the study that stands there is another one, or the space leaves nothing to try;
  ///   `DataError` for a file that is no study of this version; `SystemError` where another process writes it.
  package init(
    _ request: Request, training: TrainingImages, validation: TrainingImages? = nil, into path: String,
    retryingFailed: Bool = false
  ) throws {
    let record = DataRecord(training)
    try Self.check(validation, of: request, isOtherThan: record)
    let wanted = StudyDescription(
      space: request.space, seeds: try Self.seeds(of: request), origin: request.origin, data: record,
      threads: request.threads, validation: validation.map { DataRecord($0) })
    let data = try DataDescription(training, from: request.origin)
    var growth: Growth?
    let known = try Study.resume(path) { description in
      try Self.check(description, at: path, suits: wanted)
      guard description.space != wanted.space || description.seeds != wanted.seeds else { return }
      growth = try Growth(of: path, to: try Self.trials(of: wanted, for: data))
    }
    if let study = known {
      if let growth { try study.grow(to: wanted, adding: growth.trials) }
      if retryingFailed { _ = try study.retryFailed() }
      self.study = study
    } else {
      let trials = try Self.trials(of: wanted, for: data)
      let leftover = Study.folder(of: path)
      guard Folder.kind(of: leftover) == .absent else {
        throw UsageError(
          "\(leftover) holds the trials of another study", remedy: "Remove the folder, or name another file by --into.")
      }
      study = try Study.create(path, wanted, trials: trials)
    }
    scheduler = Scheduler(study)
  }

  /// A figure on the very images that are trained on says nothing about others.
  private static func check(_ validation: TrainingImages?, of request: Request, isOtherThan training: DataRecord) throws
  {
    guard case .set(let name) = request.space.validation, let validation,
      name == request.origin.part.rawValue || training.difference(of: DataRecord(validation)) == nil
    else { return }
    throw UsageError(
      "the space \(request.space.name) validates with the part \(name), whose images are those that are trained on",
      remedy: "Write \"validation: 0.2\", or the name of another part.")
  }

  private static func seeds(of request: Request) throws -> [Int] {
    guard (1...1000).contains(request.seeds), (0...1 << 53).contains(request.firstSeed) else {
      throw UsageError(
        "\(request.seeds) seeds from \(request.firstSeed)",
        remedy: "Choose from 1 to 1000 of them, the first from 0 to \(1 << 53).")
    }
    return Array(request.firstSeed..<request.firstSeed + request.seeds)
  }

  /// Point by point, each with all seeds.
  private static func trials(of description: StudyDescription, for data: DataDescription) throws -> [Trial] {
    let (space, seeds) = (description.space, description.seeds)
    if case .halving = space.strategy, seeds.count > 1 {
      throw UsageError(
        "halving with \(seeds.count) seeds: trials go on one by one, and no point would have all of its seeds",
        remedy: "Halve with one seed, then search a grid of the best points with several.")
    }
    let points = try space.points(seed: UInt64(seeds[0]))
    guard points.count * seeds.count <= SearchSpace.mostTrials else {
      throw UsageError(
        "\(points.count) points with \(seeds.count) seeds each",
        remedy: "Choose fewer: at most \(SearchSpace.mostTrials) trials.")
    }
    let until = Scheduler.rungs(of: space)[0]
    var trials: [Trial] = []
    for (index, point) in points.enumerated() {
      for seed in seeds {
        var plan = try point.plan(in: space, for: data, seed: UInt64(seed), threads: description.threads)
        (plan.origin, plan.data) = (description.origin, description.data)
        trials.append(
          Trial(number: trials.count + 1, point: index + 1, plan: plan, choice: point, untilEpoch: until))
      }
    }
    try checkHalving(space, trials)
    return trials
  }

  /// Halving lets those go on that have the better figures, so that it must be one figure.
  private static func checkHalving(_ space: SearchSpace, _ trials: [Trial]) throws {
    guard case .halving = space.strategy else { return }
    func differing(_ metric: Metric) -> [StudyTable.Setting] {
      metric.units.filter { setting in Set(trials.map(setting.text)).count > 1 }
    }
    let differ = differing(space.metric)
    guard !differ.isEmpty else { return }
    let common = Metric.allCases.filter { other in
      differing(other).isEmpty && (space.validation != .none || !other.isOfValidation)
    }
    throw UsageError(
      "halving by \(space.metric.rawValue) where the \(differ.map(\.plural).joined(separator: " and ")) differ, "
        + "so that its figures cannot be compared",
      remedy: common.isEmpty
        ? "Halve the points of one \(differ[0].rawValue) at a time, or search a grid."
        : "Choose a metric that all have (\(common.map(\.rawValue).joined(separator: ", "))), or search a grid.")
  }

  private static func check(_ study: StudyDescription, at path: String, suits wanted: StudyDescription) throws {
    let difference: String? =
      if !study.space.trains(as: wanted.space) {
        "the space \(study.space.name) with other settings"
      } else if let found = study.data.difference(of: wanted.data) {
        "\(study.data.images) other images or labels of \(study.data.source): now there are \(found)"
      } else if (study.validation == nil) != (wanted.validation == nil) {
        "other images to validate with, of \(study.validation?.source ?? "no set")"
      } else if let validation = study.validation, let new = wanted.validation,
        let found = validation.difference(of: new)
      {
        "other images or labels to validate with, of \(validation.source): now there are \(found)"
      } else if !Set(study.seeds).isSubset(of: wanted.seeds) {
        "the seeds \(study.seeds.map(String.init).joined(separator: ", "))"
      } else {
        nil
      }
    if let difference {
      throw UsageError(
        "\(path) was begun with \(difference)",
        remedy: "Go on with the same data, --subset, --epochs and --seeds and the same space or a larger one, or name "
          + "another file by --into.")
    }
  }

  /// Trains until there is nothing left to train.
  ///
  /// - Parameter observe: called on this thread; what it throws ends the search, which can go on later; so does a signal
  ///   that the program handles, which is thrown as `StopSignal`.
  package func run(with pool: some WorkerPool, observe: (SearchEvent) throws -> Void = { _ in }) throws {
    defer {
      pool.shutDown()
      study.settle()
    }
    do {
      try StopSignal.watching { try runTrials(with: pool, observe) }
    } catch let signal as StopSignal {
      try study.rest()
      throw signal
    }
  }

  private func runTrials(with pool: some WorkerPool, _ observe: (SearchEvent) throws -> Void) throws {
    var idle = Array((0..<pool.size).reversed())
    var busy: [Int: Trial] = [:]
    var mayHaveNext = true
    while true {
      while mayHaveNext, !idle.isEmpty {
        // Only what ends can bring another, or admission for it.
        guard var trial = try scheduler.next(),
          let place = try idle.lastIndex(where: { try admission.has(trial, for: $0, of: pool, beside: busy) })
        else {
          mayHaveNext = false
          break
        }
        let worker = idle.remove(at: place)
        try study.begin(&trial)
        busy[worker] = trial
        try observe(.began(trial))
        try pool.assign(
          Assignment(
            trial: trial.number, plan: trial.plan, untilEpoch: trial.untilEpoch,
            folder: study.runFolder(of: trial.number).path), to: worker)
      }
      guard !busy.isEmpty else { break }
      let (worker, report) = try pool.next()
      guard let trial = busy[worker] else { continue }
      if try note(report, of: trial, observe) {
        busy[worker] = nil
        idle.append(worker)
        mayHaveNext = true
      }
    }
  }

  /// Writes a report down; true when its worker is idle again.
  private func note(_ report: WorkerReport, of trial: Trial, _ observe: (SearchEvent) throws -> Void) throws -> Bool {
    switch report {
    case .epochs(let epochs):
      try study.record(epochs)
      try observe(.epochs(epochs))
      return false
    case .done(_, let isWhole):
      let state = isWhole ? Trial.State.finished : .paused
      try study.end(trial.number, state)
      if isWhole { removeOptimizer(of: trial) }
      try observe(.ended(trial, state, reason: nil))
    case .failed(_, let reason):
      try study.end(trial.number, .failed, reason: reason)
      try observe(.ended(trial, .failed, reason: reason))
    case .broken(let failure): throw failure
    }
    return true
  }

  /// The moments of a finished trial are three times its weights, and nobody needs them.
  private func removeOptimizer(of trial: Trial) {
    let folder = study.runFolder(of: trial.number)
    for file in [folder.optimizer, folder.last] { unlink(file.systemBytes) }
  }
}
