import ImageSets
import NeuralNetworks
import Restoration
import Support
import TestSupport
import Testing

@Suite struct RestorerTests {
  /// However many come at once, each image is restored as if it were alone.
  @Test(arguments: [1, 15, 16, 17, 257]) func anyNumberOfImages(count: Int) throws {
    let set = Small.digits.selecting((0..<count).map { $0 % 70 })
    let restorer = try Restorer(Small.checkpoint())
    let together = try restorer.estimate(set)
    let alone = try (0..<min(count, 70)).map { try restorer.estimate(set.selecting([$0])) }
    expectClose(together, (0..<count).flatMap { alone[$0 % 70] }, relative: 1e-6)
    let restored = try restorer.restore(set)
    #expect(restored.count == count && restored.labels == set.labels && restored.shape == set.shape)
    #expect(restored.pixels == PixelScaling.bytes(together))
  }

  @Test func noImages() throws {
    #expect(try Restorer(Small.checkpoint()).restore(Small.digits.prefix(0)).count == 0)
  }

  /// With weights of nothing the biases decide.
  @Test func outputsBecomeBytes() throws {
    var checkpoint = try Small.checkpoint()
    for (name, tensor) in checkpoint.weights {
      checkpoint.weights[name] = .init(shape: tensor.shape, values: .init(repeating: 0, count: tensor.values.count))
    }
    let biases = (0..<64).map { [Float](arrayLiteral: -100, 0, 100, 1)[$0 % 4] }
    checkpoint.weights["dense_2/bias"] = .init(shape: [64], values: biases)
    let restored = try Restorer(checkpoint).restore(Small.digits.prefix(2))
    #expect(restored.pixels == (0..<128).map { [0, 128, 255, 186][$0 % 4] })
  }

  @Test func imagesOfAnotherSize() throws {
    let restorer = try Restorer(Small.checkpoint())
    for set in [
      TinyImages.ramp(count: 2, height: 30, width: 40), TinyImages.ramp(count: 1, height: 8, width: 8, channels: 3),
    ] {
      let error = #expect(throws: UsageError.self) { try restorer.restore(set) }
      #expect(error?.problem == "small restores images of 8×8×1, and ramp has \(set.shape)")
      #expect(error?.remedy.contains(set.shape.channels == 3 ? "--gray" : "--resize 8x8") == true)
    }
  }

  @Test func trainedInARun() throws {
    try withTemporaryFolder { folder in
      let run = RunFolder("\(folder)/run")
      let trainer = try Trainer(Small.plan(), training: Small.digits, into: run)
      try trainer.run()
      let program = try trainer.network.program(batch: 70, mode: .inference)
      _ = program.input.update(fromContentsOf: (0..<70).flatMap(Small.digits.numbers))
      try program.forward()
      expectClose(try Restorer(contentsOf: run.last).estimate(Small.digits), Array(program.output), relative: 1e-6)
    }
  }
}
