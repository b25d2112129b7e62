import Foundation
import ImageSets
import NeuralNetworks
import Support

/// What a training run tells those who watch.
public enum TrainingEvent: Sendable {
  /// Some hundred times an epoch: images done of all, and the sums so far (of several ranks, over this one's part).
  case progress(epoch: Int, done: Int, of: Int, loss: Double, accuracy: Double, seconds: Double)
  /// An epoch is done and its files are written; whether none was better so far.
  case epoch(EpochRecord, EpochTiming, isBest: Bool)
  /// After an epoch the network gives one and the same answer to all images; said once.
  case collapsed(epoch: Int)
  /// No better for as many epochs as the plan's patience.
  case stoppedEarly(epoch: Int, best: EpochRecord)
}

/// The only training loop: examples into batches, forward, loss, backward, Adam; after each epoch the run's files.
///
/// Several processes train one network where they share a `Collective`: each takes its part of every batch, and
/// `Trainer+Ranks.swift` says what they tell one another. Every one of them makes a trainer and runs it; rank 0 alone
/// reads and writes the run's folder, in `Trainer+Files.swift`.
public final class Trainer {
  package let plan: TrainingPlan
  package let network: Network
  /// Of the epochs done, those before a resumption among them.
  package internal(set) var history = History()

  let adam: Adam
  let collective: any Collective
  let folder: RunFolder?
  /// Of that folder, on the first rank.
  var claim: FolderClaim?
  let training: ExampleSource
  let validation: ExampleSource?
  private var isKnownToHaveCollapsed = false
  /// Of the epoch that is being trained; what is kept where it is broken off.
  var part: PartOfEpoch?
  /// Of those epochs, where they are known.
  package internal(set) var timings: [Int: EpochTiming] = [:]

  /// A new run. With `folder`, its files are written there; where it fails before its first epoch, none are left.
  ///
  /// - Parameters:
  ///   - plan: the same on every rank.
  ///   - training: clean images, the same on every rank; a validation share is split off from them.
  ///   - validation: clean images, where the plan's validation names a set.
  ///   - collective: the processes that train together.
  /// - Throws: `UsageError` for a plan or images that do not fit, `SystemError` for files; where there are several
  ///   ranks, a `RankFailure` about them on all.
  package convenience init(
    _ plan: TrainingPlan, training: ImageSet, validation: ImageSet? = nil, into folder: RunFolder? = nil,
    with collective: any Collective = SingleProcess()
  ) throws {
    try self.init(
      plan, training: TrainingImages(training), validation: validation.map { TrainingImages($0) }, into: folder,
      with: collective)
  }

  /// The same of images of several sizes, or of pairs.
  package convenience init(
    _ plan: TrainingPlan, training: TrainingImages, validation: TrainingImages? = nil, into folder: RunFolder? = nil,
    with collective: any Collective = SingleProcess()
  ) throws {
    let plan = try collective.together {
      var plan = plan
      plan.data = DataRecord(training)
      try plan.validate()
      return plan
    }
    let claim = try collective.together { collective.isFirst ? try folder?.begin(plan) : nil }
    try self.init(checked: plan, training, validation, folder, collective)
    self.claim = claim
  }

  /// Goes on with the run in `folder`; ends with the same bytes as if it had never been broken off.
  ///
  /// - Throws: `UsageError` where there is no run, `DataError` for other images than the run's or damaged files,
  ///   `SystemError` for files; where there are several ranks, a `RankFailure` about them on all.
  package convenience init(
    resuming folder: RunFolder, training: ImageSet, validation: ImageSet? = nil,
    with collective: any Collective = SingleProcess()
  ) throws {
    try self.init(
      resuming: folder, training: TrainingImages(training), validation: validation.map { TrainingImages($0) },
      with: collective)
  }

  /// The same of images of several sizes, or of pairs; with `epochs`, to another end than was planned.
  ///
  /// The learning rate then takes the course that it has over so many epochs, from the epoch on where the run stands.
  package convenience init(
    resuming folder: RunFolder, training: TrainingImages, validation: TrainingImages? = nil,
    changing change: PlanChange = PlanChange(), with collective: any Collective = SingleProcess()
  ) throws {
    let claim = try collective.together { collective.isFirst ? try folder.takeUp() : nil }
    // Until it is the trainer's.
    defer { withExtendedLifetime(claim) {} }
    let plan = try collective.fromFirst {
      try folder.removeLeftovers()
      return try folder.change(by: change)
    }
    try collective.together {
      try plan.validate()
      try Self.check(training, isThatOf: plan)
    }
    try self.init(checked: plan, training, validation, folder, collective)
    self.claim = claim
    let isBegun = try collective.fromFirst { try takeUp(folder) }
    if isBegun { try receiveState() }
  }

  private init(
    checked plan: TrainingPlan, _ training: TrainingImages, _ validation: TrainingImages?, _ folder: RunFolder?,
    _ collective: any Collective
  ) throws {
    self.plan = plan
    self.folder = folder
    self.collective = collective
    let made = try collective.together {
      try Threads.start(plan.threads)
      return try Self.prepare(plan, training, validation)
    }
    (network, adam, self.training, self.validation) = made
    try checkAgreement(on: [made.training.images, made.validation?.images])
  }

  private static func prepare(_ plan: TrainingPlan, _ training: TrainingImages, _ validation: TrainingImages?) throws
    -> (network: Network, adam: Adam, training: ExampleSource, validation: ExampleSource?)
  {
    // A subset that is trained on is a set of its own.
    var (training, validation) = (training.mapping(\.renumbered), validation?.mapping(\.renumbered))
    switch plan.validation {
    case .none: validation = nil
    case .share(let share): (training, validation) = try split(training, validation: share, of: plan)
    case .last(let count): (training, validation) = try split(training, last: count)
    case .writers: (training, validation) = try splitByWriters(training)
    case .set(let name):
      guard let validation else {
        throw UsageError("the data has no set \"\(name)\"", remedy: "Choose --validation none, a share, or a set.")
      }
      try check(validation, isOtherThan: training)
    }
    for images in [training, validation].compactMap({ $0 }) { try check(images, suits: plan) }
    if plan.syntheticImages > 0 { training = try training.mapping { try addSynthetic(to: $0, plan) } }
    try checkMemory(plan)
    let network = try Network(
      plan.architecture, batchSize: plan.batchSize, seed: plan.seed, convolution: plan.convolution)
    return try (
      network, Adam(for: network.parameters),
      ExampleSource(training, of: plan, distorting: plan.distorting, seed: plan.seed),
      // Another seed, so that the validation's distortions are not those of the training set's first images.
      validation.map { try ExampleSource($0, of: plan, distorting: .once, seed: plan.seed &+ 1) }
    )
  }

  /// Trains to the plan's end, or until it stops early.
  ///
  /// - Parameter until: an epoch to rest after, before the plan's end; the run can go on later.
  /// - Parameter observe: called on this thread; what it throws ends the training, as does a signal that the program
  ///   handles. A run of one process is written down as it stands then, also in the middle of an epoch; of several, the
  ///   last whole epoch stays. It can go on.
  /// - Throws: `UsageError` when the loss or a weight is no longer finite, `SystemError` for files and threads, `ResourceError`
  ///   for memory. A new run that has no epoch yet then leaves no files, and cannot be run again.
  @discardableResult
  package func run(until: Int? = nil, observe: (TrainingEvent) throws -> Void = { _ in }) throws -> History {
    try collective.together {
      try Threads.start(plan.threads)
      try claim?.hold()
    }
    defer { claim?.release() }
    do {
      try StopSignal.watching {
        try runEpochs(until: until) { event in
          do { try observe(event) } catch { throw Stopped(cause: error) }
        }
      }
    } catch let stopped as Stopped {
      claim?.keep()
      try saveInTheMiddle()
      throw stopped.cause
    } catch {
      claim?.letGo()
      throw error
    }
    return history
  }

  /// What an observer threw, or a signal.
  private struct Stopped: Error { var cause: any Error }

  private func runEpochs(until: Int?, _ observe: (TrainingEvent) throws -> Void) throws {
    while history.records.count < min(until ?? plan.epochs, plan.epochs) {
      if history.isExhausted(patience: plan.patience), let best = history.best {
        try observe(.stoppedEarly(epoch: history.records.count, best: best))
        break
      }
      try trainEpoch(observe)
    }
  }

  private func trainEpoch(_ observe: (TrainingEvent) throws -> Void) throws {
    let epoch = history.records.count + 1
    let start = ContinuousClock.now
    let begun = self.part ?? PartOfEpoch(learningRate: plan.learningRate)
    func seconds() -> Double { begun.seconds + (ContinuousClock.now - start) / .seconds(1) }
    var part = begun
    let stepsPerEpoch = (training.count + plan.batchSize - 1) / plan.batchSize
    let batches = BatchSequence(count: training.count, batchSize: plan.batchSize, seed: plan.seed, epoch: epoch)
    for (number, batch) in batches.enumerated().dropFirst(begun.batches) {
      part.learningRate = plan.schedule.rate(plan.learningRate, step: adam.step, of: stepsPerEpoch * plan.epochs)
      do {
        part.sums += try step(on: batch, epoch, learningRate: part.learningRate)
      } catch let found as NotFinite {
        try collective.together {
          throw divergence(found, at: "epoch \(epoch), step \(number + 1) of \(stepsPerEpoch)")
        }
      }
      if number == begun.batches { try checkHeadroom() }
      part.batches = number + 1
      part.seconds = seconds()
      self.part = part
      do { try StopSignal.check() } catch { throw Stopped(cause: error) }
      if number % max(1, stepsPerEpoch / 100) == 0 {
        try observe(
          .progress(
            epoch: epoch, done: batch.endIndex, of: training.count, loss: part.sums.meanLoss,
            accuracy: part.sums.accuracy, seconds: part.seconds))
      }
    }
    try agreeOnState(images: part.sums.images)
    let sums = try total(part.sums)
    let trainingSeconds = seconds()
    let measured = try measureValidation()
    try checkEnd(of: epoch, validationLoss: measured?.meanLoss)
    history.records.append(
      EpochRecord(
        epoch: epoch, learningRate: part.learningRate, loss: sums.meanLoss, accuracy: sums.accuracy,
        validationLoss: measured?.meanLoss, validationAccuracy: measured?.accuracy,
        validationPenalty: measured?.meanPenalty))
    let timing = EpochTiming(
      seconds: seconds(), imagesPerSecond: Double(training.count) / max(trainingSeconds, 1e-9))
    timings[epoch] = timing
    self.part = nil
    try save()
    if let record = history.records.last {
      try observe(.epoch(record, timing, isBest: history.best?.epoch == epoch))
    }
    if !isKnownToHaveCollapsed, collective.isFirst, try hasCollapsed() {
      isKnownToHaveCollapsed = true
      try observe(.collapsed(epoch: epoch))
    }
  }

  /// One step of the optimizer; returns the loss of this rank's part of the batch.
  private func step(on batch: ArraySlice<Int>, _ epoch: Int, learningRate: Double) throws -> LossSums {
    let part = batch[collective.part(of: batch.indices)]
    let randomness = Randomness(
      seed: plan.seed, step: adam.step, firstImage: part.startIndex - batch.startIndex)
    if part.isEmpty {
      network.parameters.gradients.values.update(repeating: 0)
      return try finishStep(Result { LossSums() }, learningRate: learningRate)
    }
    let program = try network.program(batch: part.count, mode: .training, loss: plan.loss)
    training.fill(program, with: part, epoch: epoch)
    guard collective.size > 1 else {
      return try program.step(drawing: randomness, updating: adam, learningRate: learningRate)
    }
    return try finishStep(
      Result { try program.step(drawing: randomness, ofBatch: batch.count) }, learningRate: learningRate)
  }

  private func measureValidation() throws -> LossSums? {
    guard let validation else { return nil }
    var sums = LossSums()
    let size = try plan.architecture.comfortableBatch()
    for batch in BatchSequence(of: collective.part(of: 0..<validation.count), batchSize: size) {
      let program = try network.program(batch: batch.count, mode: .inference, loss: plan.loss)
      validation.fill(program, with: batch, epoch: 0)
      sums += try program.evaluate()
    }
    return try total(sums)
  }
}
