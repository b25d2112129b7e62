import ImageSets
import NeuralNetworks
import Support

/// What the ranks of a training tell one another besides the gradients of each step.
///
/// All start from the same weights, get the same sums, and make the same updates; at the end of an epoch rank 0's
/// weights and moments replace those of the others all the same, so that no difference in rounding can grow. With one
/// rank nothing here does anything.
extension Trainer {
  /// Whether every rank has these images and the same weights: gradients are added number by number, whatever they are of.
  ///
  /// - Throws: a `RankFailure` about the first rank that differs from rank 0, on all.
  func checkAgreement(on sets: [TrainingImages?]) throws {
    guard collective.size > 1 else { return }
    let start = Start(
      host: collective.host, images: sets.map { set in set.map { DataRecord($0) }.map { [$0.checksum, $0.labels] } },
      weights: Checksum.of(UnsafeRawBufferPointer(network.parameters.values.values)))
    let all = try collective.gatherValues(start)
    for (rank, other) in all.enumerated() {
      let error: UsageError
      if other.images != all[0].images {
        error = UsageError(
          "the images there, or their labels, are others than those of rank 0 on \(all[0].host)",
          remedy: "Name a path that is the same data on every machine.")
      } else if other.weights != all[0].weights {
        error = UsageError(
          "training begins with other weights there than for rank 0 on \(all[0].host)",
          remedy: "Use the same version of the program on every machine.")
      } else {
        continue
      }
      throw RankFailure(rank: rank, host: other.host, error: error)
    }
  }

  private struct Start: Codable {
    var host: String
    var images: [[String?]?]
    var weights: UInt64
  }

  /// Statistics averaged over the ranks, by the images that each has seen; then rank 0's state for all.
  ///
  /// - Parameter images: this rank's in the epoch.
  func agreeOnState(images: Int) throws {
    guard collective.size > 1 else { return }
    let statistics = network.parameters.statistics.values
    if !statistics.isEmpty {
      var all = [Double(images)]
      try all.withUnsafeMutableBufferPointer { try collective.sum($0) }
      let share = Float(Double(images) / all[0])
      for index in statistics.indices { statistics[index] *= share }
      try collective.sum(statistics)
    }
    try broadcastState()
  }

  /// Weights, statistics and moments of rank 0.
  func broadcastState() throws {
    guard collective.size > 1 else { return }
    let parameters = network.parameters
    for arena in [parameters.values, parameters.statistics, adam.firstMoments, adam.secondMoments] {
      try collective.broadcast(UnsafeMutableRawBufferPointer(arena.values))
    }
    parameters.touch()
  }

  /// Over all ranks, the same bits on each: what follows from it must not differ.
  func total(_ sums: LossSums) throws -> LossSums {
    guard collective.size > 1 else { return sums }
    // Counts are far below 2⁵³.
    var numbers = [sums.loss, sums.penalty, Double(sums.correct), Double(sums.values), Double(sums.images)]
    try numbers.withUnsafeMutableBufferPointer {
      try collective.sum($0)
      try collective.broadcast(UnsafeMutableRawBufferPointer($0))
    }
    var total = LossSums()
    (total.loss, total.penalty) = (numbers[0], numbers[1])
    (total.correct, total.values, total.images) = (Int(numbers[2]), Int(numbers[3]), Int(numbers[4]))
    return total
  }

  /// Adds the ranks' gradients and changes the weights: the same on each.
  ///
  /// - Parameter own: of this rank's part of the batch.
  /// - Throws: `NotFinite` about the first rank that found such a number, on all.
  func finishStep(_ own: Result<LossSums, any Error>, learningRate: Double) throws -> LossSums {
    var found: NotFinite?
    if case .failure(let error) = own {
      guard let error = error as? NotFinite else { throw error }
      found = error
      // So that every rank sees it, and none waits for this one.
      network.parameters.gradients.values.update(repeating: .nan)
    }
    try collective.sum(network.parameters.gradients.values)
    adam.update(network.parameters, learningRate: learningRate)
    guard adam.hasOverflowed else { return try own.get() }
    let first = try collective.gatherValues(found).compactMap { $0 }.first
    throw first ?? network.parameters.notFinite ?? NotFinite(place: "a weight")
  }

  /// - Throws: `UsageError` where the validation's loss or a running statistic is not finite.
  func checkEnd(of epoch: Int, validationLoss: Double?) throws {
    try collective.together {
      var found = network.parameters.notFinite
      if let validationLoss, !validationLoss.isFinite { found = found ?? NotFinite(place: "the validation's loss") }
      if let found { throw divergence(found, at: "epoch \(epoch), after its last step") }
    }
  }

  /// What to tell of numbers that are not finite, and which checkpoint was written before.
  func divergence(_ found: NotFinite, at place: String) -> UsageError {
    var remedy = "Lower --learning-rate and start anew."
    if let folder, let last = history.records.last {
      remedy += " \(folder.last) holds epoch \(last.epoch), the last one that is good."
    }
    return UsageError("training diverged in \(place): \(found.place) is not finite", remedy: remedy)
  }

  /// What the first rank has read from the run's folder, on all others.
  func receiveState() throws {
    history = try collective.fromFirst { history }
    adam.step = try collective.fromFirst { adam.step }
    part = try collective.fromFirst { part }
    // Rank 0 alone counts the images of before.
    if !collective.isFirst { part?.sums = LossSums() }
    try broadcastState()
  }
}
