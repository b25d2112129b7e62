import Foundation
import NeuralNetworks
import Support
import TestSupport
import Testing

@Suite struct ArchitectureTests {
  private let example = Architecture(
    name: "example", input: [4, 3, 2],
    layers: [
      Flatten(), Dense(units: 8, activation: .relu, regularizer: Regularizer(kernel: Penalty(l1: 0.5))),
      Dense(units: 24), ActivationLayer(.sigmoid), Reshape([4, 3, 2]),
    ])

  @Test func survivesJSON() throws {
    let data = try JSONEncoder().encode(example)
    #expect(try JSONDecoder().decode(Architecture.self, from: data) == example)
    var other = example
    other.name = "other"
    #expect(other != example)
  }

  @Test func namesAndShapesAreKeras() throws {
    let summary = try Summary(of: example)
    #expect(summary.rows.map(\.layer) == ["input", "flatten", "dense", "dense_1", "activation", "reshape"])
    #expect(summary.rows.map(\.outputShape) == [[4, 3, 2], [24], [8], [24], [24], [4, 3, 2]])
    #expect(summary.rows.map(\.parameters) == [0, 0, 24 * 8 + 8, 8 * 24 + 24, 0, 0])
  }

  @Test(arguments: [
    (Architecture(name: "a", input: [4, 4], layers: [Dense(units: 3)]), "dense"),
    (Architecture(name: "a", input: [4, 4], layers: [Flatten(), Reshape([5, 3])]), "reshape"),
    (Architecture(name: "a", input: [4], layers: [Dense(units: 4), Dense(units: 0)]), "dense_1"),
    (Architecture(name: "a", input: [4], layers: [Dense(units: 4), Reshape([1 << 62, 1 << 62])]), "reshape"),
    (Architecture(name: "a", input: [4], layers: [Dense(units: 4, regularizer: .init(bias: .init(l1: -1)))]), "dense"),
  ])
  func namesTheLayerThatDoesNotFit(architecture: Architecture, layer: String) {
    let error = #expect(throws: UsageError.self) { try architecture.shapes() }
    #expect(error?.problem.contains("layer \(layer) ") == true, "\(error?.problem ?? "")")
    #expect(throws: UsageError.self) { try Network(architecture, batchSize: 2, seed: 1) }
  }

  @Test func refusesInputsOutOfRange() {
    for input in [[], [0], [-1, 4], [1 << 40], [1 << 16, 1 << 16, 1 << 16, 1 << 16, 1 << 16]] {
      let architecture = Architecture(name: "a", input: input, layers: [Flatten(), Flatten()])
      #expect(throws: UsageError.self) { try architecture.shapes() }
    }
    #expect(throws: UsageError.self) { try Network(example, batchSize: 0, seed: 1) }
    #expect(throws: UsageError.self) {
      try Loss.binaryCrossEntropy.validate(
        Architecture(name: "a", input: [4], layers: [Dense(units: 4)]))
    }
  }

  @Test(arguments: [
    #"{"name":"a","input":[4],"layers":[{"name":"x","type":"sparse"}]}"#,
    #"{"name":"a","input":[4],"layers":[{"name":"x","type":"dense"}]}"#,
    #"{"name":"a","input":[4],"layers":[{"name":"x","type":"dense","units":3,"activation":"tanh"}]}"#,
    #"{"name":"a","input":["b"],"layers":[]}"#,
  ])
  func refusesUnknownLayers(json: String) {
    #expect(throws: (any Error).self) { try JSONDecoder().decode(Architecture.self, from: Data(json.utf8)) }
  }
}
