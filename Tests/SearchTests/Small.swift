import Distortions
import ImageSets
import NeuralNetworks
import Restoration
import Search
import Support

/// Searches that take a second: real networks of the report on a few synthetic digits.
enum Small {
  static let digits = SyntheticDigits().imageSet(writers: 0..<6, perWriter: 10, name: "digits")
  static let worker = Worker(training: TrainingImages(digits), validation: nil)

  static func request(_ change: (inout SearchSpace) -> Void = { _ in }) -> SearchRun.Request {
    var space = SearchSpace(name: "small", architectures: [.family(.dense, layers: [2], neurons: [4, 8])])
    space.losses = [.binaryCrossEntropy, .meanSquaredError]
    space.epochs = 3
    change(&space)
    return SearchRun.Request(space: space, origin: DataOrigin(dataset: Dataset.syntheticName))
  }

  /// Searches to the end with workers on threads.
  @discardableResult
  static func search(
    _ request: SearchRun.Request, into path: String, workers: Int = 2, retryingFailed: Bool = false,
    observe: (SearchEvent) throws -> Void = { _ in }
  ) throws -> Study {
    let search = try SearchRun(request, training: TrainingImages(digits), into: path, retryingFailed: retryingFailed)
    try search.run(with: LocalWorkerPool(worker, size: workers), observe: observe)
    return search.study
  }
}

/// What a test throws to break a search off.
struct Interruption: Error {}

/// Workers that do as they are told, on the calling thread.
final class ScriptedPool: WorkerPool {
  let size = 1
  private(set) var assignments: [Assignment] = []
  private var reports: [WorkerReport] = []
  private let script: (Assignment) -> [WorkerReport]

  init(_ script: @escaping (Assignment) -> [WorkerReport]) { self.script = script }

  func assign(_ assignment: Assignment, to worker: Int) {
    assignments.append(assignment)
    reports += script(assignment)
  }
  func next() -> (worker: Int, report: WorkerReport) { (0, reports.removeFirst()) }
  func shutDown() {}

  /// Trains in no time; the loss of trial n after an epoch e is `loss(n, e)`.
  static func losing(_ loss: @escaping (Int, Int) -> Double) -> ScriptedPool {
    ScriptedPool { assignment in
      let epochs = (1...assignment.untilEpoch).map {
        TrialEpoch(
          trial: assignment.trial,
          EpochRecord(
            epoch: $0, learningRate: 1e-3, loss: 1, accuracy: 0.5, validationLoss: loss(assignment.trial, $0),
            validationAccuracy: 0.5), nil)
      }
      return [
        .epochs(epochs), .done(trial: assignment.trial, isWhole: assignment.untilEpoch == assignment.plan.epochs),
      ]
    }
  }
}
