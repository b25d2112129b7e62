public import ImageSets

/// What other packages train by; `events` stands in `TrainingEvents.swift`.
extension Trainer {
  /// A new run, whose files are written into a folder; where it fails before its first epoch, none are left.
  ///
  /// - Parameters:
  ///   - plan: how it is trained.
  ///   - images: clean ones; a validation share is split off from them.
  ///   - validation: clean images to validate with, in the place of that share.
  ///   - folder: where its files go; nil writes none.
  /// - Throws: `UsageError` for a plan or images that do not fit, `SystemError` for files.
  public convenience init(
    _ plan: TrainingPlan, images: ImageSet, validation: ImageSet? = nil, into folder: String? = nil
  ) throws {
    var plan = plan
    if let validation { plan.validation = .set(validation.name) }
    try self.init(plan, training: images, validation: validation, into: folder.map { RunFolder($0) })
  }

  /// Goes on with the run in a folder; ends with the same bytes as if it had never been broken off.
  ///
  /// - Throws: `UsageError` where there is no run, `DataError` for other images than the run's or damaged files,
  ///   `SystemError` for files.
  public convenience init(resuming folder: String, images: ImageSet, validation: ImageSet? = nil) throws {
    try self.init(resuming: RunFolder(folder), training: images, validation: validation)
  }

  /// Of each epoch done, those before a resumption among them.
  public var records: [EpochRecord] { history.records }

  /// Trains to the plan's end, or until it stops early; `events` does so without blocking.
  ///
  /// - Parameter until: an epoch to rest after, before the plan's end; the run can go on later.
  /// - Throws: `UsageError` when the loss is no longer a number, `SystemError` for files and threads, `ResourceError`
  ///   for memory.
  public func train(until: Int? = nil) throws { try run(until: until) }
}
