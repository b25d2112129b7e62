import Distortions
import Foundation
import ImageSets
import NeuralNetworks
import Restoration
import Safetensors
import Support
import TestSupport
import Testing

/// Two networks that work one behind the other.
@Suite struct ModelTests {
  /// Always finds the same orientation, as probable as `e^logit` against ones for all others; with `damage`, that too.
  static func orientation(
    always found: Orientation = .rotation90, logit: Float = 10, labels: Int = 1, damage: Damage? = nil
  ) throws -> Checkpoint {
    let outputs = labels * (damage == nil ? 1 : Damage.allCases.count)
    let architecture = Architecture(
      name: "turner", input: [8, 8, 1], layers: [Flatten(), Dense(units: 8 * outputs, activation: .softmax)])
    var plan = TrainingPlan(
      architecture: architecture, loss: .categoricalCrossEntropy, recipe: .tidduTraining, threads: 1)
    plan.task = .orientation
    plan.tellsDamage = damage != nil
    var checkpoint = try Checkpoint(of: Network(architecture, batchSize: 16, seed: 1), plan: plan, epoch: 1)
    checkpoint.weights["dense/kernel"] = .init(
      shape: [64, 8 * outputs], values: .init(repeating: 0, count: 64 * 8 * outputs))
    checkpoint.weights["dense/bias"] = .init(
      shape: [8 * outputs],
      values: (0..<8 * outputs).map {
        $0 / outputs == found.number && (damage == nil || $0 % 3 == damage?.rawValue) ? logit : 0
      })
    return checkpoint
  }

  static func restoration() throws -> Checkpoint {
    var checkpoint = try Small.checkpoint()
    checkpoint.plan.task = .uprightRestoration
    return checkpoint
  }

  static func model() throws -> Model {
    try Model(name: "pair", orientation: orientation(), restoration: restoration())
  }

  @Test func roundTrip() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/a.safetensors"
      let model = try Self.model()
      try model.write(to: path)
      #expect(try Model.read(path) == model)
      #expect(try Model.open(path).parts.map(\.architecture.name) == ["turner", "small"])
      let error = #expect(throws: DataError.self) { try Checkpoint.read(path) }
      #expect(error?.description.contains("metadata") == true)
      let one = Model(try Small.checkpoint())
      try one.write(to: path)
      #expect(try Model.read(path) == one && one.name == "small")
      #expect(try Checkpoint.read(path) == Small.checkpoint())
    }
  }

  @Test func damagedFiles() throws {
    func problem(_ change: (inout TensorFile) throws -> Void) throws -> String {
      try withTemporaryFolder { folder in
        let path = "\(folder)/a.safetensors"
        try Self.model().write(to: path)
        var file = try TensorFile.read(path)
        try change(&file)
        try file.write(to: path)
        let error = #expect(throws: DataError.self) { try Model.read(path) }
        #expect(error?.file == path)
        return error?.description ?? ""
      }
    }
    let other = Safetensors.Tensor(shape: [1], values: [0])
    #expect(try problem { $0.tensors["orientation/dense/bias"] = nil }.contains("dense/bias: expected [8]"))
    #expect(try problem { $0.tensors["stray"] = other }.contains("tensor stray"))
    #expect(try problem { $0.tensors["redrawing/more"] = other }.contains("expected only the weights of small"))
    #expect(try problem { $0.metadata["redrawing/training"] = nil }.contains("metadata"))
    let twice = try problem { file in
      for (key, text) in file.metadata where key.hasPrefix("redrawing/") {
        file.metadata["orientation/" + key.dropFirst(10)] = text
      }
      for (key, _) in file.tensors where key.hasPrefix("orientation/") { file.tensors[key] = nil }
      for (key, tensor) in file.tensors { file.tensors["orientation/" + key.dropFirst(10)] = tensor }
    }
    #expect(twice.contains("two parts that fit"))
  }

  /// What was found is undone to the bit, and only then is the image restored.
  @Test(arguments: [1, 10]) func partsWorkInTurn(labels: Int) throws {
    let set = Small.digits
    let turned = set.oriented { _ in .rotation90 }
    let turner = try Self.orientation(labels: labels)
    let turnsOnly = try Restorer(Model(turner), expecting: .tidduTraining).restoration(of: turned)
    #expect(turnsOnly.images.pixels == set.pixels && turnsOnly.unchanged.isEmpty)
    // Training flips and turns images in five ways, or leaves them upright; the two other orientations are impossible.
    let expected = exp(Float(10)) / (exp(Float(10)) + 5)
    expectClose(
      turnsOnly.findings?.map(\.probability) ?? [], .init(repeating: expected, count: 70), relative: 1e-5)
    let both = try Restorer(Model(name: "pair", orientation: turner, restoration: Self.restoration()))
    let restored = try Restorer(Self.restoration()).restore(set)
    #expect(try both.restore(turned).pixels == restored.pixels)
    #expect(try both.estimate(turned) == Restorer(Self.restoration()).estimate(set))
    #expect(try both.orientations(of: turned)?.allSatisfy { $0.orientation == .rotation90 } == true)
  }

  /// Asked twice, a network says the same of an image and, but for the half turn, of the same image turned by half.
  @Test(arguments: [false, true]) func halfTurns(averages: Bool) throws {
    var turner = try Self.orientation(labels: 10, damage: Damage.none)
    let kernel: [Float] = (0..<64 * 240).map { Float($0 * 7919 % 101) / 50 }
    turner.weights["dense/kernel"] = .init(shape: [64, 240], values: kernel)
    turner.plan.averagesHalfTurn = averages
    let evenly = Recipe(name: "turns", steps: [.init(Rotation(), probability: 0.75)])
    turner.plan.recipe = evenly
    let restorer = try Restorer(Model(turner), expecting: evenly)
    let found = try #require(try restorer.orientations(of: Small.digits))
    let turned = try #require(try restorer.orientations(of: Small.digits.oriented { _ in .rotation180 }))
    let agree = zip(found, turned).allSatisfy {
      $0.orientation.followed(by: .rotation180) == $1.orientation && abs($0.probability - $1.probability) < 1e-4
    }
    #expect(agree == averages)
  }

  @Test func halfTurnsAreOfOrientations() throws {
    var plan = try Self.restoration().plan
    try plan.validate()
    plan.averagesHalfTurn = true
    #expect(throws: UsageError.self) { try plan.validate() }
  }

  @Test func whatItIsUnsureOfStays() throws {
    let unsure = try Restorer(
      Model(name: "pair", orientation: Self.orientation(logit: 2), restoration: Self.restoration()),
      expecting: .tidduTraining)
    let probability = exp(Float(2)) / (exp(Float(2)) + 5)
    let above = try unsure.restoration(of: Small.digits, ifSureBy: probability + 0.01)
    #expect(above.images.pixels == Small.digits.pixels && above.unchanged == Array(0..<70))
    let below = try unsure.restoration(of: Small.digits, ifSureBy: probability - 0.01)
    #expect(below.unchanged.isEmpty && below.images.pixels != Small.digits.pixels)
    #expect(throws: UsageError.self) { try Restorer(Small.checkpoint()).restoration(of: Small.digits, ifSureBy: 0.5) }
    #expect(try Restorer(Small.checkpoint()).restoration(of: Small.digits).findings == nil)
  }

  /// Adds one grey level to every pixel, times `levels`.
  private static func adding(_ levels: Float) throws -> Checkpoint {
    let architecture = Architecture(
      name: "adder", input: [8, 8, 1], layers: [Convolution2D(filters: 1, kernelSize: 1, padding: .same)])
    var plan = TrainingPlan(architecture: architecture, loss: .meanSquaredError, recipe: .tidduTraining, threads: 1)
    plan.task = .uprightRestoration
    var checkpoint = try Checkpoint(of: Network(architecture, batchSize: 16, seed: 1), plan: plan, epoch: 1)
    checkpoint.weights["conv2d/kernel"] = .init(shape: [1, 1, 1, 1], values: [1])
    checkpoint.weights["conv2d/bias"] = .init(shape: [1], values: [levels / 255])
    return checkpoint
  }

  /// What needs nothing keeps its pixels; what lies askew and is undamaged is turned to the bit; what is damaged is restored.
  @Test func nothingIsDoneWithoutNeed() throws {
    let set = Small.digits.prefix(5)
    func restored(_ orientation: Orientation, _ damage: Damage, expecting recipe: Recipe = .tidduTraining) throws
      -> RestoredSet
    {
      let turner = try Self.orientation(always: orientation, damage: damage)
      return try Restorer(
        Model(name: "pair", orientation: turner, restoration: Self.adding(40)), expecting: recipe
      ).restoration(of: set)
    }
    let turned = set.oriented { _ in .rotation270 }.pixels
    func brighter(_ pixels: [UInt8]) -> [UInt8] { pixels.map { UInt8(min(255, Int($0) + 40)) } }
    let clean = try restored(.upright, .none)
    #expect(clean.images.pixels == set.pixels && clean.unchanged == Array(0..<5))
    #expect(clean.findings?.allSatisfy { $0.damage == Damage.none && !$0.wantsRestoration } == true)
    let askew = try restored(.rotation90, .none)
    #expect(askew.images.pixels == turned && askew.unchanged.isEmpty)
    let noisy = try restored(.rotation90, .degraded)
    #expect(noisy.images.pixels == brighter(turned) && noisy.unchanged.isEmpty)
    let covered = try restored(.upright, .occluded)
    #expect(covered.images.pixels == brighter(set.pixels) && covered.findings?[0].damage == .occluded)
    // Where nothing is ever turned, nothing is, however sure the network.
    let upright = try restored(.rotation90, .degraded, expecting: .named("gaussian-noise"))
    #expect(upright.images.pixels == brighter(set.pixels))
    #expect(upright.findings?.allSatisfy { $0.orientation == .upright && $0.probability > 0.99 } == true)
  }

  /// By Bayes' rule: what an image says, times what is expected over what training had.
  @Test func whatIsExpectedCounts() throws {
    let set = Small.digits.prefix(3)
    let shape = set.shape
    func probability(logit: Float, _ recipe: Recipe) throws -> Float {
      let turner = try Self.orientation(always: .leftRightFlip, logit: logit, damage: Damage.none)
      let found = try Restorer(Model(turner), expecting: recipe).orientations(of: set)?[0]
      return try #require(found?.orientation == .leftRightFlip ? found?.probability : nil)
    }
    for recipe in [Recipe.partlyDamaged, .reportSingle, .tidduTraining] {
      let (then, now) = (Recipe.tidduTraining.outcomes(for: shape), recipe.outcomes(for: shape))
      var (all, wanted) = (0.0, 0.0)
      for orientation in Orientation.allCases {
        for damage in Damage.allCases where then[orientation, damage] > 0 {
          let isFound = orientation == .leftRightFlip && damage == .none
          let weight = exp(isFound ? 6.0 : 0) / then[orientation, damage] * now[orientation, damage]
          all += weight
          if orientation == .leftRightFlip { wanted += weight }
        }
      }
      let found = try probability(logit: 6, recipe)
      expectClose([found], [Float(wanted / all)], relative: 1e-4, "\(recipe.name)")
    }
  }

  /// Grey inside a hole becomes ink or paper; what the network hardly changes stays as it says.
  @Test func holesAreDrawnSharp() throws {
    let size = Small.digits.shape.size
    let grey = ImageSet(
      shape: Small.digits.shape, pixels: .init(repeating: 60, count: size), name: "grey", source: "made")
    let covered = try Self.orientation(always: .upright, damage: .occluded)
    func drawn(_ levels: Float, _ inpainting: Inpainting, _ orientation: Checkpoint) throws -> Float {
      try Restorer(
        Model(name: "pair", orientation: orientation, restoration: Self.adding(levels)), inpainting: inpainting
      ).estimate(grey)[0]
    }
    let (ink, paper) = (Float(160) / 255, Float(95) / 255)
    expectClose([try drawn(100, .mean, covered)], [ink], relative: 1e-5)
    expectClose(
      [try drawn(100, .sharp, covered)], [ink * ink / (ink * ink + (1 - ink) * (1 - ink))], relative: 1e-5)
    expectClose([try drawn(35, .sharp, covered)], [paper], relative: 1e-5)
    expectClose(
      [try drawn(100, .sharp, Self.orientation(always: .upright, damage: .degraded))], [ink], relative: 1e-5)
  }

  @Test func partsMustFit() throws {
    #expect(throws: UsageError.self) {
      try Model(name: "a", orientation: Self.restoration(), restoration: Self.restoration())
    }
    #expect(throws: UsageError.self) {
      try Model(name: "a", orientation: Self.orientation(), restoration: Small.checkpoint())
    }
  }

  @Test func countsWithoutEnd() {
    #expect(Summary.sum([3, 4]) == 7 && Summary.sum([.max, 1, .max]) == .max)
  }

  /// The promise that `tiddu-small` makes.
  @Test func smallIsSmall() throws {
    let plan = try Presets.modelPlan(named: "tiddu-small")
    let small = try #require(plan)
    let parts = try [small.orientation, small.restoration].map { try Summary(of: $0.architecture) }
    let report = try Summary(of: Presets.architecture(named: "report-final").0)
    #expect(parts.reduce(0) { $0 + $1.parameters } <= report.parameters)
    #expect(parts.reduce(0) { $0 + $1.multiplyAdds } <= 20_000_000)
    #expect(
      report.parameters == 863_312 && report.multiplyAdds == 784 * 512 + 512 * 512 + 512 * 256 + 256 * 64 + 64 * 784)
    for name in Presets.modelNames {
      let error = #expect(throws: UsageError.self) { try Presets.plan(named: name) }
      #expect(error?.remedy.contains("\(name)-restoration") == true)
      #expect(try Presets.plan(named: "\(name)-orientation").task == .orientation)
    }
  }
}
