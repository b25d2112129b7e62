import Foundation
import Groundwork
import NeuralNetworks
import Restoration

/// Time of a training step of `report-final`: gathering a shuffled batch, forward, loss, backward, Adam.
struct TrainStep {
  let batch: Int
  let threads: Int
  let steps: Int
  let rounds: Int

  init(_ options: Options) {
    batch = options.integer("batch", default: 32)
    threads = options.integer("threads", default: 2)
    steps = options.integer("steps", default: 1500)
    rounds = options.integer("rounds", default: 3)
  }

  /// Prints one JSON object a round.
  func run() throws {
    Threads.use(threads)
    let (architecture, loss) = try Presets.architecture(named: "report-final")
    let network = try Network(architecture, batchSize: batch, seed: 1)
    let program = try network.program(batch: batch, mode: .training, loss: loss)
    let adam = Adam(for: network.parameters)
    let pictures = Self.sparsePictures(count: 60_000)
    var order = Philox(seed: 2).shuffled(60_000)
    var next = 0
    func step() throws {
      if next + batch > order.count {
        order = Philox(seed: UInt64(adam.step)).shuffled(60_000)
        next = 0
      }
      for (row, index) in order[next..<next + batch].enumerated() {
        let picture = UnsafeMutableBufferPointer(rebasing: pictures[index * 784..<(index + 1) * 784])
        let range = row * 784..<(row + 1) * 784
        _ = UnsafeMutableBufferPointer(rebasing: program.input[range]).update(fromContentsOf: picture)
        _ = UnsafeMutableBufferPointer(rebasing: program.targets[range]).update(fromContentsOf: picture)
      }
      next += batch
      _ = try program.step()
      adam.update(network.parameters, learningRate: 1e-3)
    }
    for _ in 0..<200 { try step() }
    for _ in 0..<rounds {
      let seconds = try ContinuousClock().measure { for _ in 0..<steps { try step() } }
      let milliseconds = seconds / .milliseconds(1) / Double(steps)
      print(
        #"{"framework":"tiddu","batch":\#(batch),"threads":\#(threads),"steps":\#(steps),"ms_per_step":\#(milliseconds)}"#
      )
    }
  }

  /// (N, 784) floats, four fifths of them paper, as in the data.
  static func sparsePictures(count: Int) -> UnsafeMutableBufferPointer<Float> {
    let pictures = UnsafeMutableBufferPointer<Float>.allocate(capacity: count * 784)
    var generator = Philox(seed: 3)
    for index in pictures.indices { pictures[index] = max(0, min(1, generator.uniform() * 5 - 4) * 2) }
    return pictures
  }
}

extension Philox {
  func shuffled(_ count: Int) -> [Int] {
    var copy = self
    return copy.permutation(of: count)
  }
}
