import CAllocationCounter
import Groundwork
import NeuralNetworks
import Testing

/// Everything that a step needs is made when the network is compiled. Counted over the whole process, so that nothing
/// else may run meanwhile; other tests do, and the least of several tries is what the step itself allocates.
@Suite(.serialized) struct AllocationTests {
  private func leastAllocations(_ body: () throws -> Void) rethrows -> Int {
    var least = Int.max
    for _ in 0..<200 where least > 0 {
      allocation_counter_start()
      do { try body() } catch {
        _ = allocation_counter_stop()
        throw error
      }
      least = min(least, allocation_counter_stop())
    }
    return least
  }

  @Test(arguments: [1, 2])
  func aTrainingStepAllocatesNothing(threads: Int) throws {
    Threads.use(threads)
    let architecture = Architecture(
      name: "small", input: [28, 28, 1],
      layers: [
        Flatten(), Dense(units: 256, activation: .relu, regularizer: .init(kernel: .init(l2: 1e-4))),
        Dense(units: 32, activation: .softmax), Dense(units: 784, activation: .sigmoid), Reshape([28, 28, 1]),
      ])
    let network = try Network(architecture, batchSize: 32, seed: 1)
    let adam = Adam(for: network.parameters)
    for loss in Loss.allCases {
      let program = try network.program(batch: 32, mode: .training, loss: loss)
      func step() throws {
        _ = try program.step()
        adam.update(network.parameters, learningRate: 1e-3)
      }
      for _ in 0..<3 { try step() }
      #expect(try leastAllocations(step) == 0)
    }
  }

  @Test func theCounterCounts() {
    var kept: [Int] = []
    #expect(leastAllocations { kept = Array(0..<100) } >= 1)
    #expect(kept.count == 100)
  }
}
