import NeuralNetworks
import TestSupport
import Testing

/// What a C pointer leads to lives as long as what holds the pointer.
@Suite struct LifetimeTests {
  private static let architecture = Architecture(
    name: "small", input: [6, 6, 1],
    layers: [
      Convolution2D(filters: 3, padding: .same, activation: .relu), BatchNormalization(), Flatten(),
      Dense(units: 5, activation: .relu), Dense(units: 4, activation: .sigmoid),
    ])

  /// A program outlives the network that it was compiled from, and computes the same.
  @Test func aProgramOwnsItsParameters() throws {
    var network: Network? = try Network(Self.architecture, batchSize: 2, seed: 3)
    weak let parameters = network?.parameters
    let program = try #require(try network?.program(batch: 2, mode: .inference))
    for index in program.input.indices { program.input[index] = Float(index % 7) / 7 }
    try program.forward()
    let before = Array(program.output)
    network = nil
    // What was freed is soon written over.
    let others = try (0..<8).map { try Network(Self.architecture, batchSize: 2, seed: UInt64($0)) }
    try program.forward()
    #expect(Array(program.output) == before)
    withExtendedLifetime((program, others)) { #expect(parameters != nil) }
  }
}
