import Distortions
import ImageSets
import NeuralNetworks
import Restoration
import Support
import TestSupport
import Testing

/// Images of several sizes, in patches and in tiles, and real pairs.
@Suite struct PatchesTests {
  private static let sizes = [(20, 31), (16, 16), (40, 17)]
  private static let photographs = TrainingImages(
    clean: sizes.map { TinyImages.ramp(count: 1, height: $0.0, width: $0.1, channels: 3, labels: false) },
    name: "photographs", source: "made")

  @Test func patchesAreAFunctionOfTheirNumber() throws {
    let patches = try Patches(of: Self.photographs, side: 8, seed: 3)
    #expect(patches.count == 9 + 4 + 10)
    func cut(_ number: Int, epoch: Int) -> [UInt8] {
      var (patch, scratch) = ([UInt8](repeating: 0, count: 192), [UInt8](repeating: 0, count: 192))
      patches.cut(number, epoch: epoch, into: &patch, damaged: nil, scratch: &scratch)
      return patch
    }
    for number in 0..<patches.count {
      let patch = cut(number, epoch: 2)
      #expect(patch == cut(number, epoch: 2))
      // Its pixels stand in its image, whichever way round.
      let image = Self.photographs.clean[number < 9 ? 0 : number < 13 ? 1 : 2]
      let known = Set((0..<image.shape.size / 3).map { Array(image.pixels[3 * $0..<3 * $0 + 3]) })
      #expect((0..<64).allSatisfy { known.contains(Array(patch[3 * $0..<3 * $0 + 3])) })
    }
    #expect(Set((0..<9).map { cut($0, epoch: 1) }).count > 5)
    #expect((0..<9).contains { cut($0, epoch: 1) != cut($0, epoch: 2) })
    let error = #expect(throws: UsageError.self) { try Patches(of: Self.photographs, side: 17, seed: 1) }
    #expect(error?.description.contains("16x16") == true)
  }

  private static func plan(_ side: Int, channels: Int = 3) throws -> TrainingPlan {
    var plan = try Presets.plan(
      named: "denoiser",
      for: DataDescription(shape: .init(height: side, width: side, channels: channels), classes: []))
    (plan.epochs, plan.batchSize, plan.threads, plan.crop) = (1, 8, 1, side)
    plan.architecture = Presets.residualUNet(
      name: "tiny", input: .init(height: side, width: side, channels: channels), filters: [8, 8, 8])
    return plan
  }

  @Test func trainsOnImagesOfSeveralSizes() throws {
    let plan = try Self.plan(8)
    let trainer = try Trainer(plan, training: Self.photographs)
    let history = try trainer.run()
    #expect(history.records.count == 1 && history.records[0].loss.isFinite)
    // The same on two threads: an example does not depend on who makes it.
    var other = plan
    other.threads = 2
    let first = try ExampleSource(Self.photographs, of: plan, distorting: .eachEpoch, seed: 1)
    let second = try ExampleSource(Self.photographs, of: other, distorting: .eachEpoch, seed: 1)
    let network = try Network(plan.architecture, batchSize: 8, seed: 1)
    let program = try network.program(batch: 8, mode: .training, loss: .meanSquaredError)
    first.fill(program, with: ArraySlice(3..<11), epoch: 4)
    let (input, targets) = (Array(program.input), Array(program.targets))
    #expect(input != targets)
    second.fill(program, with: ArraySlice(3..<11), epoch: 4)
    #expect(input == Array(program.input) && targets == Array(program.targets))
  }

  /// Both images of a pair give the same patch.
  @Test func pairsAreCutAlike() throws {
    let clean = Self.photographs.clean
    let damaged = clean.map { $0.replacingPixels($0.pixels.map { 255 - $0 }) }
    let pairs = TrainingImages(clean: clean, damaged: damaged, name: "pairs", source: "made")
    var plan = try Self.plan(8)
    plan.recipe = .identity
    let source = try ExampleSource(pairs, of: plan, distorting: .once, seed: 1)
    let network = try Network(plan.architecture, batchSize: 4, seed: 1)
    let program = try network.program(batch: 4, mode: .training, loss: .meanSquaredError)
    source.fill(program, with: ArraySlice(0..<4), epoch: 1)
    for (input, target) in zip(program.input, program.targets) { #expect(abs(input + target - 1) < 1e-6) }
    // Whole pairs of one size are trained on without patches.
    let whole = try TrainingImages(
      clean: [clean[1], clean[1]], damaged: [damaged[1], damaged[1]], name: "pairs", source: "made"
    ).joined()
    plan.crop = nil
    plan.architecture = plan.architecture.taking([16, 16, 3])
    #expect(try Trainer(plan, training: whole).run().records.count == 1)
    plan.recipe = .reportSingle
    let error = #expect(throws: UsageError.self) { try Trainer(plan, training: whole) }
    #expect(error?.description.contains("--recipe") == true)
  }

  /// Tile by tile, the result is the whole image's, with small tiles and large ones.
  @Test(arguments: [(8, 3, 190, 130), (8, 1, 97, 203), (9, 3, 150, 151)])
  func tilesGiveTheWholeImage(side: Int, channels: Int, height: Int, width: Int) throws {
    let plan = try Self.plan(side, channels: channels)
    let network = try Network(plan.architecture, batchSize: 1, seed: 7)
    let checkpoint = Checkpoint(of: network, plan: plan, epoch: 1)
    let set = TinyImages.ramp(count: 1, height: height, width: width, channels: channels, labels: false)
    let tiled = try #require(try TiledNetwork(checkpoint))
    tiled.mostValues = 1e12
    #expect(tiled.tiles(of: set.shape).count == 1)
    let whole = try tiled.outputs(of: set)
    #expect(whole.count == set.pixels.count && whole.allSatisfy(\.isFinite))
    tiled.mostValues = 1
    let tiles = tiled.tiles(of: set.shape)
    #expect(tiles.count > 1)
    // Every pixel is kept once.
    var covered = [Int](repeating: 0, count: height * width)
    for tile in tiles { for row in tile.rows { for column in tile.columns { covered[row * width + column] += 1 } } }
    #expect(covered.allSatisfy { $0 == 1 })
    let pieces = try tiled.outputs(of: set)
    let worst = zip(whole, pieces).map { abs($0 - $1) }.max() ?? 1
    #expect(worst <= 1e-5, "\(worst)")
    let restorer = try Restorer(checkpoint)
    #expect(restorer.takesAnySize)
    #expect(try restorer.restore(set).pixels == PixelScaling.bytes(whole))
  }
}
