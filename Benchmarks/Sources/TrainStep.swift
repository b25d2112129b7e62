import Groundwork
import NeuralNetworks
import Restoration

/// Time of a training step of `report-final`: gathering a shuffled batch, forward, loss, backward, Adam.
final class TrainStep {
  private let options: Options
  private let batch: Int
  private let steps: Int

  init(_ options: Options) {
    self.options = options
    batch = max(1, options.integer("batch", default: 32))
    steps = max(1, options.integer("steps", default: 200))
  }

  /// Prints one JSON object a round.
  func run() throws {
    options.waitForTurn()
    let threads = options.integer("threads", default: 2)
    Threads.use(max(1, threads))
    var loop = try Loop(batch: batch)
    for _ in 0..<options.integer("warm-up", default: 1) { try loop.run(steps) }
    for round in 0..<options.integer("rounds", default: 3) {
      if round > 0 { options.waitForTurn() }
      let time = try ContinuousClock().measure { try loop.run(steps) }
      printLine([
        "framework": "tiddu", "batch": batch, "threads": threads, "steps": steps,
        "ms_per_step": time / .milliseconds(1) / Double(steps),
      ])
    }
  }

  private struct Loop {
    private let batch: Int
    private let network: Network
    private let program: Program
    private let adam: Adam
    private let pictures = SparsePictures(count: 60_000)
    private var order: [Int] = []
    private var next = 0
    private var epoch = 0

    init(batch: Int) throws {
      self.batch = batch
      let (architecture, loss) = try Presets.architecture(named: "report-final")
      network = try Network(architecture, batchSize: batch, seed: 1)
      program = try network.program(batch: batch, mode: .training, loss: loss)
      adam = Adam(for: network.parameters)
    }

    mutating func run(_ steps: Int) throws {
      for _ in 0..<steps {
        if next + batch > order.count {
          var generator = Philox(seed: 2, epoch: epoch, purpose: .shuffle)
          order = generator.permutation(of: pictures.count)
          (next, epoch) = (0, epoch + 1)
        }
        for (row, picture) in order[next..<next + batch].enumerated() {
          pictures.copy(picture, to: program.input, row: row)
          pictures.copy(picture, to: program.targets, row: row)
        }
        next += batch
        _ = try program.step()
        adam.update(network.parameters, learningRate: 1e-3)
      }
    }
  }
}

/// (N, 784) numbers, about four fifths of them paper, as in the data.
final class SparsePictures {
  static let size = 784
  let count: Int
  let values: UnsafeMutableBufferPointer<Float>

  init(count: Int) {
    self.count = count
    values = .allocate(capacity: count * Self.size)
    var generator = Philox(seed: 3)
    for index in values.indices {
      values.initializeElement(at: index, to: max(0, min(1, generator.uniform() * 10 - 8)))
    }
  }

  deinit { values.deallocate() }

  func copy(_ picture: Int, to target: UnsafeMutableBufferPointer<Float>, row: Int) {
    let size = Self.size
    _ = UnsafeMutableBufferPointer(rebasing: target[row * size..<(row + 1) * size])
      .update(fromContentsOf: values[picture * size..<(picture + 1) * size])
  }
}
