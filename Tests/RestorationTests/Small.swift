import Distortions
import Foundation
import ImageSets
import NeuralNetworks
import Restoration
import Support

/// Runs that take milliseconds.
enum Small {
  /// 70 images of 8×8: with batches of 16 the last one is short.
  static let digits = resizedDigits(writers: 0..<7)
  static let otherDigits = resizedDigits(writers: 7..<14)

  private static func resizedDigits(writers: Range<Int>) -> ImageSet {
    let set = SyntheticDigits().imageSet(writers: writers, perWriter: 10, name: "digits")
    guard let small = try? set.resized(to: ImageSize(height: 8, width: 8)) else { preconditionFailure() }
    return small
  }

  static func architecture(regularizer: Regularizer = .none) -> Architecture {
    Architecture(
      name: "small", input: [8, 8, 1],
      layers: [
        Flatten(), Dense(units: 24, activation: .relu, regularizer: regularizer), Dense(units: 6, activation: .relu),
        Dense(units: 64, activation: .sigmoid), Reshape([8, 8, 1]),
      ])
  }

  static func plan(epochs: Int = 3, _ change: (inout TrainingPlan) -> Void = { _ in }) -> TrainingPlan {
    var plan = TrainingPlan(
      architecture: architecture(), loss: .binaryCrossEntropy, recipe: .reportMultiple, threads: 1)
    (plan.epochs, plan.batchSize) = (epochs, 16)
    change(&plan)
    return plan
  }

  static func checkpoint() throws -> Checkpoint {
    try Checkpoint(of: Network(architecture(), batchSize: 16, seed: 1), plan: plan(), epoch: 2)
  }
}

/// What a test throws to break a run off.
struct Interruption: Error {}

extension RunFolder {
  /// The bytes of all that must not depend on interruptions; of the history, all but the timings.
  func lastingBytes() throws -> [String: [UInt8]] {
    let history = String(decoding: try Folder.read(historyCSV), as: UTF8.self)
      .split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false).prefix(6) }
    var bytes: [String: [UInt8]] = ["history.csv": Array("\(history)".utf8)]
    for path in [config, best, last, optimizer] { bytes[path.dropFirst(self.path.count) + ""] = try Folder.read(path) }
    return bytes
  }
}
