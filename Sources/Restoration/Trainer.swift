import Foundation
import Groundwork
import ImageSets
import NeuralNetworks

/// What a training run tells those who watch.
public enum TrainingEvent: Sendable {
  /// Some hundred times an epoch: pictures done of all, and the sums so far.
  case progress(epoch: Int, done: Int, of: Int, sums: LossSums, seconds: Double)
  case epoch(EpochRecord, EpochTiming, isBest: Bool)
  /// No better for as many epochs as the plan's patience.
  case stoppedEarly(epoch: Int, best: EpochRecord)
}

/// The only training loop: examples into batches, forward, loss, backward, Adam; after each epoch the run's files.
public final class Trainer {
  public let plan: TrainingPlan
  public let network: Network
  /// Of the epochs done, those before a resumption among them.
  public private(set) var history = History()

  private let folder: RunFolder?
  private let adam: Adam
  private let training: ExampleSource
  private let validation: ExampleSource?
  /// Of those epochs, where they are known.
  public private(set) var timings: [Int: EpochTiming] = [:]

  /// A new run. With `folder`, its files are written there.
  ///
  /// - Parameters:
  ///   - training: clean pictures; a validation share is split off from them.
  ///   - validation: clean pictures, where the plan's validation names a set.
  /// - Throws: `UsageError` for a plan or pictures that do not fit, `SystemError` for files.
  public convenience init(
    _ plan: TrainingPlan, training: ImageSet, validation: ImageSet? = nil, into folder: RunFolder? = nil
  ) throws {
    var plan = plan
    plan.data = DataRecord(training)
    try plan.validate()
    try self.init(checked: plan, training, validation, folder)
    try folder?.create(plan)
  }

  /// Goes on with the run in `folder`; ends with the same bytes as if it had never been broken off.
  ///
  /// - Throws: `UsageError` where there is no run, `DataError` for other pictures than the run's or damaged files,
  ///   `SystemError` for files.
  public convenience init(resuming folder: RunFolder, training: ImageSet, validation: ImageSet? = nil) throws {
    let plan = try folder.plan()
    try folder.removeLeftovers()
    try plan.validate()
    let record = DataRecord(training)
    guard plan.data.map({ $0.checksum == record.checksum && $0.pictures == record.pictures }) ?? true else {
      throw DataError(
        file: training.source, expected: "the \(plan.data?.pictures ?? 0) pictures that the run was begun with",
        found: "\(record.pictures) pictures, other ones", remedy: "Name the run's own data by --data.")
    }
    try self.init(checked: plan, training, validation, folder)
    guard Folder.kind(of: folder.optimizer) == .file else { return }
    history = try TrainingState.read(folder.optimizer, plan: plan, into: network, adam)
    timings = folder.timings()
    try writeWhatFollows(from: folder)
  }

  private init(checked plan: TrainingPlan, _ training: ImageSet, _ validation: ImageSet?, _ folder: RunFolder?)
    throws
  {
    self.plan = plan
    self.folder = folder
    Threads.use(plan.threads)
    var (training, validation) = (training, validation)
    switch plan.validation {
    case .none: validation = nil
    case .share(let share): (training, validation) = training.split(validation: share, seed: plan.seed)
    case .set(let name):
      guard validation != nil else {
        throw UsageError("the data has no set \"\(name)\"", remedy: "Choose --validation none, a share, or a set.")
      }
    }
    for set in [training, validation].compactMap({ $0 }) { try Self.check(set, suits: plan) }
    try Self.checkMemory(plan)
    network = try Network(
      plan.architecture, batchSize: plan.batchSize, seed: plan.seed, convolution: plan.convolution)
    adam = Adam(for: network.parameters)
    self.training = try ExampleSource(training, of: plan, distorting: plan.distorting, seed: plan.seed)
    // Another seed, so that the validation's distortions are not those of the training set's first pictures.
    self.validation = try validation.map {
      try ExampleSource($0, of: plan, distorting: .once, seed: plan.seed &+ 1)
    }
  }

  private static func check(_ set: ImageSet, suits plan: TrainingPlan) throws {
    let architecture = plan.architecture
    let shape = [set.shape.height, set.shape.width, set.shape.channels]
    guard set.count > 0 else {
      throw UsageError("there are no pictures in \(set.name)", remedy: "Name a set with at least one picture.")
    }
    guard try architecture.input == shape && (plan.loss.target == .label || architecture.outputShape() == shape)
    else {
      throw UsageError(
        "\(architecture.name) takes pictures of \(architecture.input.map(String.init).joined(separator: "×")), "
          + "and those of \(set.name) are \(set.shape)",
        remedy: "Convert the pictures first: tiddu data convert --resize.")
    }
  }

  private static func checkMemory(_ plan: TrainingPlan) throws {
    let (wanted, there) = (
      try plan.architecture.trainingBytes(batch: plan.batchSize), Double(ProcessInfo.processInfo.physicalMemory)
    )
    guard wanted > there else { return }
    throw UsageError(
      "a batch of \(plan.batchSize) takes \(fixed(wanted / 1e9, 1)) GB, and this machine has \(fixed(there / 1e9, 1))",
      remedy: "Choose a smaller --batch-size.")
  }

  /// Trains to the plan's end, or until it stops early.
  ///
  /// - Parameter until: an epoch to rest after, before the plan's end; the run can go on later.
  /// - Parameter observe: called on this thread; what it throws ends the training, and the files of the last whole epoch
  ///   stay.
  /// - Throws: `UsageError` when the loss is no longer a number, `SystemError` for files, `OneDNNError`.
  @discardableResult
  public func run(until: Int? = nil, observe: (TrainingEvent) throws -> Void = { _ in }) throws -> History {
    Threads.use(plan.threads)
    while history.records.count < min(until ?? plan.epochs, plan.epochs) {
      if history.isExhausted(patience: plan.patience), let best = history.best {
        try observe(.stoppedEarly(epoch: history.records.count, best: best))
        break
      }
      try trainEpoch(observe)
    }
    return history
  }

  private func trainEpoch(_ observe: (TrainingEvent) throws -> Void) throws {
    let epoch = history.records.count + 1
    let start = ContinuousClock.now
    func seconds() -> Double { (ContinuousClock.now - start) / .seconds(1) }
    var sums = LossSums()
    var rate = plan.learningRate
    let stepsPerEpoch = (training.count + plan.batchSize - 1) / plan.batchSize
    let batches = BatchSequence(count: training.count, batchSize: plan.batchSize, seed: plan.seed, epoch: epoch)
    for (number, batch) in batches.enumerated() {
      let program = try network.program(batch: batch.count, mode: .training, loss: plan.loss)
      training.fill(program, with: batch, epoch: epoch)
      sums += try program.step(drawing: Randomness(seed: plan.seed, step: adam.step))
      rate = plan.schedule.rate(plan.learningRate, step: adam.step, of: stepsPerEpoch * plan.epochs)
      adam.update(network.parameters, learningRate: rate)
      if number % max(1, stepsPerEpoch / 100) == 0 {
        try observe(
          .progress(epoch: epoch, done: sums.pictures, of: training.count, sums: sums, seconds: seconds()))
      }
    }
    let trainingSeconds = seconds()
    let measured = try measureValidation()
    guard [sums.meanLoss, measured?.meanLoss ?? 0].allSatisfy(\.isFinite),
      network.parameters.areFinite
    else {
      throw UsageError(
        "training diverged in epoch \(epoch): losses or weights are no finite numbers any more",
        remedy: "Lower --learning-rate and start anew.")
    }
    history.records.append(
      EpochRecord(
        epoch: epoch, learningRate: rate, loss: sums.meanLoss, accuracy: sums.accuracy,
        validationLoss: measured?.meanLoss, validationAccuracy: measured?.accuracy,
        validationPenalty: measured?.meanPenalty))
    let timing = EpochTiming(
      seconds: seconds(), picturesPerSecond: Double(training.count) / max(trainingSeconds, 1e-9))
    timings[epoch] = timing
    try save()
    if let record = history.records.last {
      try observe(.epoch(record, timing, isBest: history.best?.epoch == epoch))
    }
  }

  private func measureValidation() throws -> LossSums? {
    guard let validation else { return nil }
    var sums = LossSums()
    let size = try plan.architecture.comfortableBatch()
    for batch in BatchSequence(count: validation.count, batchSize: size, seed: nil) {
      let program = try network.program(batch: batch.count, mode: .inference, loss: plan.loss)
      validation.fill(program, with: batch, epoch: 0)
      sums += try program.evaluate()
    }
    return sums
  }

  // MARK: - Files

  private func save() throws {
    guard let folder else { return }
    try TrainingState.write(network, adam, plan: plan, history: history, to: folder.optimizer)
    try writeWhatFollows(from: folder)
  }

  private func writeWhatFollows(from folder: RunFolder) throws {
    let checkpoint = try Checkpoint(of: network, plan: plan, epoch: history.records.count)
    try checkpoint.write(to: folder.last)
    if history.best?.epoch == history.records.count { try checkpoint.write(to: folder.best) }
    try folder.write(history, of: plan, timings: timings)
  }
}
