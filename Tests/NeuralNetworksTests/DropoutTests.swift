import NeuralNetworks
import Support
import TestSupport
import Testing

@Suite struct DropoutTests {
  private static let batch = 4
  private static let shape = [30, 28, 3]
  private static let size = 30 * 28 * 3

  private func program(_ layers: [any Layer], mode: Mode = .training) throws -> Program {
    let architecture = Architecture(
      name: "dropping", input: Self.shape, layers: [ActivationLayer(.linear)] + layers + [ActivationLayer(.linear)])
    let program = try Network(architecture, batchSize: Self.batch, seed: 1)
      .program(batch: Self.batch, mode: mode, loss: .meanSquaredError)
    // Never zero, so that a zero in the output has been dropped.
    program.input.fill((0..<Self.batch * Self.size).map { 1 + Float($0 % 7) / 8 })
    program.targets.fill((0..<Self.batch * Self.size).map { Float($0 % 5) / 4 })
    return program
  }

  /// Which values a step lets through.
  private func mask(_ program: Program, seed: UInt64, step: Int) throws -> [Bool] {
    _ = try program.step(drawing: Randomness(seed: seed, step: step))
    return program.output.map { $0 != 0 }
  }

  @Test(arguments: [0.1, 0.25, 0.5, 0.8] as [Float])
  func dropsItsShareAndKeepsTheMean(rate: Float) throws {
    let program = try program([Dropout(rate: rate)])
    let kept = try mask(program, seed: 3, step: 2)
    let count = Double(kept.count)
    let share = Double(kept.filter { !$0 }.count) / count
    // Five standard deviations of a share of 10,080.
    #expect(abs(share - Double(rate)) < 5 * (0.25 / count).squareRoot(), "\(share) instead of \(rate)")
    for (index, output) in program.output.enumerated() where kept[index] {
      let expected = program.input[index] / (1 - rate)
      #expect(abs(output - expected) <= 1e-6 * expected, "value \(index)")
    }
    let (before, after) = (program.input.reduce(0, +) / Float(count), program.output.reduce(0, +) / Float(count))
    #expect(abs(after / before - 1) < 5 * (rate / (1 - rate) / Float(count)).squareRoot() * 1.1, "\(after)")
  }

  /// dy is 2 (y − t) / count, and dx that times the mask / (1 − rate).
  @Test func gradientTakesTheMaskOfTheForwardPass() throws {
    let rate: Float = 0.3
    let program = try program([Dropout(rate: rate)])
    for step in 0..<3 {
      let kept = try mask(program, seed: 8, step: step)
      let scale = 2 / (Float(kept.count) * (1 - rate))
      let expected = kept.indices.map { index in
        kept[index] ? (program.output[index] - program.targets[index]) * scale : 0
      }
      expectClose(
        Array(try #require(program.layers[0].output.gradients)), expected, relative: 1e-6, absolute: 0, "dx")
    }
  }

  @Test func masksArePureInSeedAndStep() throws {
    let program = try program([Dropout(rate: 0.5)])
    let first = try mask(program, seed: 3, step: 7)
    for (seed, step) in [(3, 8), (4, 7), (7, 3), (1 << 40, 7)] as [(UInt64, Int)] {
      expectUnrelated(try mask(program, seed: seed, step: step), first)
    }
    #expect(try mask(program, seed: 3, step: 7) == first)
    #expect(try mask(self.program([Dropout(rate: 0.5)]), seed: 3, step: 7) == first, "in another network")
  }

  @Test func masksDoNotDependOnThreads() throws {
    let masks = try [1, 2].map { threads in
      Threads.use(threads)
      return try mask(program([Dropout(rate: 0.4)]), seed: 3, step: 7)
    }
    #expect(masks[0] == masks[1])
  }

  /// Neither two images, nor two layers, nor two channels or rows share a mask.
  @Test func masksDifferWithinAStep() throws {
    let one = try mask(program([Dropout(rate: 0.5)]), seed: 3, step: 1)
    for shift in [1, 2, 3, 28 * 3, Self.size / 2, Self.size, 2 * Self.size] {
      expectUnrelated(Array(one.dropFirst(shift)), Array(one.dropLast(shift)))
    }
    let two = try mask(program([Dropout(rate: 0.5), Dropout(rate: 0.5)]), seed: 3, step: 1)
    let share = Double(two.filter { $0 }.count) / Double(two.count)
    #expect(abs(share - 0.25) < 0.025, "\(share) came through two layers")
  }

  /// As often equal as chance has it, for a rate of a half.
  private func expectUnrelated(
    _ one: [Bool], _ other: [Bool], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let equal = Double(zip(one, other).filter { $0 == $1 }.count) / Double(one.count)
    #expect(abs(equal - 0.5) < 0.04, "\(equal) of the two masks is equal", sourceLocation: sourceLocation)
  }

  @Test func inferenceLetsEverythingThrough() throws {
    let program = try program([Dropout(rate: 0.5)], mode: .inference)
    try program.forward()
    #expect(Array(program.output) == Array(program.input))
  }

  @Test func aRateOfZeroLetsEverythingThrough() throws {
    let program = try program([Dropout(rate: 0)])
    #expect(try mask(program, seed: 3, step: 1).allSatisfy { $0 })
    #expect(Array(program.output) == Array(program.input))
  }

  @Test(arguments: [-0.1, 1.5, .nan, .infinity, -.infinity] as [Float])
  func refusesImpossibleRates(rate: Float) {
    expectRefusal(of: Dropout(rate: rate), named: "dropout")
  }
}
