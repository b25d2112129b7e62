import Support

/// The run's folder, which the first rank alone reads and writes.
extension Trainer {
  func save() throws {
    try collective.together {
      guard let folder, collective.isFirst else { return }
      // Where it cannot be synced it is there all the same, and goes away with what else the claim has made.
      claim?.cover(folder.optimizer)
      try TrainingState.write(network, adam, plan: plan, history: history, to: folder.optimizer)
      claim?.keep()
      try writeWhatFollows(from: folder)
    }
  }

  /// The middle of an epoch is one process' own: of several, each has seen other images.
  func saveInTheMiddle() throws {
    guard let folder, let part, collective.size == 1 else { return }
    try TrainingState.write(network, adam, plan: plan, history: history, part: part, to: folder.optimizer)
  }

  /// Goes to where the run in `folder` stands; false where nothing is trained yet.
  func takeUp(_ folder: RunFolder) throws -> Bool {
    guard Folder.kind(of: folder.optimizer) == .file else { return false }
    (history, part) = try TrainingState.read(folder.optimizer, plan: plan, into: network, adam)
    timings = folder.timings()
    // The files of the last whole epoch stand already, and the weights are others now.
    if part == nil { try writeWhatFollows(from: folder) }
    return true
  }

  func writeWhatFollows(from folder: RunFolder) throws {
    let checkpoint = Checkpoint(of: network, plan: plan, epoch: history.records.count)
    try checkpoint.write(to: folder.last)
    if history.best?.epoch == history.records.count { try checkpoint.write(to: folder.best) }
    try folder.write(history, of: plan, timings: timings)
  }
}
