import NeuralNetworks
import TestSupport
import Testing

/// Against Keras: Tools/golden/regularisation.py.
@Suite struct RegularizerTests {
  @Test(arguments: ["none", "l1", "l2", "l1_l2"], ["kernel", "bias", "activity", "all"])
  func agreesWithKeras(kind: String, place: String) throws {
    let golden = try Golden.load("regularisation")
    let penalty = Penalty(
      l1: kind.contains("l1") ? try golden.scalar("l1") : 0, l2: kind.contains("l2") ? try golden.scalar("l2") : 0)
    func on(_ name: String) -> Penalty { place == name || place == "all" ? penalty : .none }
    let regularizer = Regularizer(kernel: on("kernel"), bias: on("bias"), activity: on("activity"))
    let architecture = Architecture(
      name: "two", input: [6],
      layers: [
        Dense(units: 5, activation: .relu, regularizer: regularizer),
        Dense(units: 4, activation: .sigmoid, regularizer: regularizer),
      ])
    let network = try Network(architecture, batchSize: 8, seed: 1)
    let names = [
      ("dense/kernel", "kernel1"), ("dense/bias", "bias1"), ("dense_1/kernel", "kernel2"), ("dense_1/bias", "bias2"),
    ]
    for (ours, theirs) in names { try network.set(ours, golden[theirs]) }
    let program = try network.program(batch: 8, mode: .training, loss: .binaryCrossEntropy)
    program.input.fill(try golden["x"])
    program.targets.fill(try golden["targets"])
    let sums = try program.step()
    let name = kind == "none" ? "none" : "\(kind)/\(place)"
    expectClose([Float(sums.meanLoss)], [try golden.scalar("\(name)/loss")], relative: 2e-6, "loss")
    for (ours, theirs) in names {
      expectClose(try network.gradient(ours), try golden["\(name)/d\(theirs)"], "d\(theirs)")
    }
  }
}
