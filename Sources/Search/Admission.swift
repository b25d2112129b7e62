import Restoration
import Support

/// Which trials may run side by side.
package struct Admission {
  /// Bytes that the trials of one process may take together.
  package var memory = Double(Memory.available)

  package init() {}

  /// Whether `trial` can begin now. A trial that finds nothing beside it always can: whether it fits is then its own
  /// matter, and where it does not it fails alone.
  func has(_ trial: Trial, for worker: Int, of pool: some WorkerPool, beside busy: [Int: Trial]) throws -> Bool {
    guard !busy.isEmpty else { return true }
    guard !([trial] + busy.values).contains(where: { $0.stalls >= Study.suspicion }) else { return false }
    let neighbours = busy.filter { pool.process(of: $0.key) == pool.process(of: worker) }.values
    guard !neighbours.isEmpty else { return true }
    return try ([trial] + neighbours).map(Self.bytes).reduce(0, +) <= memory
  }

  /// What training it takes, as far as the plan says.
  private static func bytes(of trial: Trial) throws -> Double {
    try trial.plan.architecture.trainingBytes(batch: trial.plan.batchSize)
  }
}
