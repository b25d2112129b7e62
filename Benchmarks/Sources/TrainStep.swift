import NeuralNetworks
import Restoration
import Support

/// Time of a training step of a preset: gathering a shuffled batch, forward, loss, backward, Adam.
final class TrainStep {
  private let options: Options
  private let model: String
  private let batch: Int
  private let steps: Int

  init(_ options: Options) {
    self.options = options
    model = options["model"] ?? "report-final"
    batch = max(1, min(options.integer("batch", default: 32), TrainingLoop.imageCount))
    steps = max(1, options.integer("steps", default: 200))
  }

  /// Prints one JSON object a round, and one of the memory after the last; throws a `UsageError` for an unknown model.
  func run() throws {
    options.waitForTurn()
    let threads = options.integer("threads", default: 2)
    Threads.use(max(1, threads))
    var loop = try TrainingLoop(model: model, batch: batch)
    forgetPeakMemory()
    let setUpMemory = peakMemory()
    for _ in 0..<max(0, options.integer("warm-up", default: 1)) { _ = try loop.run(steps) }
    for round in 0..<max(1, options.integer("rounds", default: 3)) {
      if round > 0 { options.waitForTurn() }
      var loss = 0.0
      let time = try ContinuousClock().measure { loss = try loop.run(steps) }
      printLine([
        "framework": "tiddu", "model": model, "batch": batch, "threads": threads, "steps": steps,
        "ms_per_step": time / .milliseconds(1) / Double(steps), "loss": loss,
      ])
    }
    printLine([
      "framework": "tiddu", "what": "memory", "model": model, "batch": batch, "threads": threads,
      "set_up_memory_mb": setUpMemory, "peak_memory_mb": peakMemory(),
    ])
  }
}

/// Trains a preset on made images, whatever its input: to give the image back, or to tell its class.
private struct TrainingLoop {
  static let imageCount = 60_000

  private let batch: Int
  private let network: Network
  private let program: Program
  private let adam: Adam
  private let images: SparseImages
  private let restores: Bool
  private var order: [Int] = []
  private var next = 0
  private var epoch = 0

  init(model: String, batch: Int) throws {
    self.batch = batch
    let (architecture, loss) = try Presets.architecture(named: model)
    network = try Network(architecture, batchSize: batch, seed: 1)
    program = try network.program(batch: batch, mode: .training, loss: loss)
    adam = try Adam(for: network.parameters)
    images = SparseImages(count: Self.imageCount, size: architecture.input.reduce(1, *))
    restores = program.targets.count == program.input.count
  }

  /// Puts images into the program's buffers, each thread some of them.
  private func fill(with numbers: ArraySlice<Int>) {
    nonisolated(unsafe) let (images, program) = (images, program)
    let (batch, restores) = (batch, restores)
    Threads.forEachRange(of: batch, grain: 8) { rows in
      for row in rows {
        let image = numbers[numbers.startIndex + row]
        images.copy(image, to: program.input, row: row)
        if restores {
          images.copy(image, to: program.targets, row: row)
        } else {
          images.copyClass(of: image, to: program.targets, row: row, classes: program.targets.count / batch)
        }
      }
    }
  }

  /// The last step's loss.
  mutating func run(_ steps: Int) throws -> Double {
    var sums = LossSums()
    for _ in 0..<steps {
      if next + batch > order.count {
        var generator = Philox(seed: 2, epoch: epoch, purpose: .shuffle)
        order = generator.permutation(of: images.count)
        (next, epoch) = (0, epoch + 1)
      }
      fill(with: order[next..<next + batch])
      next += batch
      sums = try program.step(updating: adam, learningRate: 1e-3)
    }
    return sums.meanLoss
  }
}
