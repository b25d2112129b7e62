import Foundation
import NeuralNetworks
import Support
import TestSupport
import Testing

/// The several ways to compute a convolution give one result.
@Suite struct ConvolutionMethodsTests {
  /// One step of a network with every kind of convolution, at sizes where the fast ways are taken: its output and
  /// gradients, one behind the other.
  private func step(_ convolution: ConvolutionAlgorithm, threads: Int = 2, batch: Int = 8) throws -> [Float] {
    Threads.use(threads)
    defer { Threads.use(2) }
    let architecture = Architecture(name: "all", input: [20, 18, 1]) { net in
      let first = net.add(Convolution2D(filters: 32, padding: .same, activation: .relu), to: net.input)
      let second = net.add(Convolution2D(filters: 32, activation: .relu), to: first)
      let single = net.add(Convolution2D(filters: 1, kernelSize: 3, padding: .same, activation: .relu), to: second)
      let back = net.add(TransposedConvolution2D(filters: 48, activation: .relu), to: single)
      net.add(Convolution2D(filters: 1, kernelSize: 5, padding: .same, activation: .sigmoid), to: back)
    }
    let network = try Network(architecture, batchSize: batch, seed: 3, convolution: convolution)
    let program = try network.program(batch: batch, mode: .training, loss: .meanSquaredError)
    var generator = Philox(seed: 4)
    for index in program.input.indices { program.input[index] = generator.uniform() }
    for index in program.targets.indices { program.targets[index] = generator.uniform() }
    _ = try program.step()
    return try Array(program.output) + network.parameters.all.flatMap { try network.gradient($0.name) }
  }

  /// Winograd's sums are rounded otherwise: were the two the same to the last bit, it was not taken.
  @Test func winogradIsTakenAndAgreesWithDirect() throws {
    let (fastest, direct) = (try step(.fastest), try step(.direct))
    #expect(fastest != direct)
    expectClose(fastest, direct, relative: 2e-5, "fastest against direct")
    #expect(try step(.direct) == direct)
  }

  /// What comes forward has the same bits for any number of threads; sums over images differ by rounding.
  @Test func threadsDoNotMatter() throws {
    expectClose(try step(.direct, threads: 1), try step(.direct, threads: 2), relative: 1e-5)
    expectClose(try step(.fastest, threads: 1), try step(.fastest, threads: 2), relative: 1e-5)
  }

  /// The same parts on fewer threads give the same bits: how many are free to work decides nothing else.
  @Test(arguments: [ConvolutionAlgorithm.fastest, .direct])
  func bytesDependOnTheParts(convolution: ConvolutionAlgorithm) throws {
    let architecture = Architecture(
      name: "parts", input: [12, 12, 16],
      layers: [
        Convolution2D(filters: 32, padding: .same), BatchNormalization(), ActivationLayer(.relu),
        Convolution2D(filters: 1, padding: .same, activation: .sigmoid),
      ])
    let all = try [1, 2, 3].map { threads in
      Threads.use(threads)
      let network = try Network(architecture, batchSize: 7, seed: 3, convolution: convolution)
      let program = try network.program(batch: 7, mode: .training, loss: .meanSquaredError, parts: 3)
      for index in program.input.indices { program.input[index] = Float(index % 31) / 31 }
      _ = try program.step()
      return try Array(program.output) + network.parameters.trainable.flatMap { try network.gradient($0.name) }
    }
    Threads.use(2)
    #expect(all[0] == all[2] && all[1] == all[2])
  }

  /// More parts than rows of output: some have nothing to do.
  @Test(arguments: [ConvolutionAlgorithm.fastest, .direct])
  func thereMayBeMorePartsThanRows(convolution: ConvolutionAlgorithm) throws {
    let architecture = Architecture(
      name: "few", input: [21, 20, 16],
      layers: [
        Convolution2D(filters: 16, kernelSize: 1, strides: 3, padding: .same),
        Convolution2D(filters: 16, padding: .same), Convolution2D(filters: 1, padding: .same),
      ])
    let network = try Network(architecture, batchSize: 1, seed: 3, convolution: convolution)
    let outputs = try [1, 40].map { parts in
      let program = try network.program(batch: 1, mode: .training, loss: .meanSquaredError, parts: parts)
      for index in program.input.indices { program.input[index] = Float(index % 31) / 31 }
      _ = try program.step()
      return Array(program.output)
    }
    #expect(outputs[0] == outputs[1])
  }

  /// Programs of other batch sizes work on the same weights.
  @Test(arguments: [ConvolutionAlgorithm.fastest, .direct])
  func outputDoesNotDependOnTheBatch(convolution: ConvolutionAlgorithm) throws {
    let architecture = Architecture(
      name: "wide", input: [14, 13, 3],
      layers: [
        Convolution2D(filters: 32, activation: .relu), BatchNormalization(), MaxPooling2D(padding: .same),
        TransposedConvolution2D(filters: 20, strides: 2, padding: .same), Convolution2D(filters: 1, padding: .same),
      ])
    let network = try Network(architecture, batchSize: 32, seed: 4, convolution: convolution)
    let image = (0..<14 * 13 * 3).map { Float($0 % 11) / 11 }
    var first: [Float]?
    for batch in [1, 2, 16, 33, 128] {
      let program = try network.program(batch: batch, mode: .inference)
      program.input.fill(Array([[Float]](repeating: image, count: batch).joined()))
      try program.forward()
      let row = Array(program.output.suffix(12 * 12))
      expectClose(row, first ?? row, relative: 2e-5, "batch \(batch)")
      first = first ?? row
    }
  }
}
