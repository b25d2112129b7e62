import Distortions
import Foundation
import ImageSets
import NeuralNetworks
import Restoration
import Safetensors
import Support
import TestSupport
import Testing

/// What networks are shown and asked for each task.
@Suite struct TaskTests {
  private static let turns = Recipe(
    name: "turns", steps: [.init(LeftRightFlip(), probability: 0.5), .init(Rotation())])

  private func filled(_ plan: TrainingPlan, epoch: Int) throws -> (input: [Float], targets: [Float]) {
    let source = try ExampleSource(Small.digits, of: plan, distorting: plan.distorting, seed: 5)
    let program = try Network(plan.architecture, batchSize: 70, seed: 1)
      .program(batch: 70, mode: .training, loss: plan.loss)
    source.fill(program, with: Array(0..<70)[...], epoch: epoch)
    return (Array(program.input), Array(program.targets))
  }

  @Test(arguments: TrainingPlan.Distorting.allCases, [1, 10])
  func orientations(distorting: TrainingPlan.Distorting, labels: Int) throws {
    var plan = try ModelTests.orientation(labels: labels).plan
    (plan.recipe, plan.distorting) = (Self.turns, distorting)
    let epoch = distorting == .once ? 0 : 4
    let (input, targets) = try filled(plan, epoch: 4)
    let distorter = try Self.turns.compiled(for: Small.digits.shape)
    let distorted = distorter.apply(to: Small.digits, seed: 5, epoch: epoch)
    #expect(input == (0..<70).flatMap(distorted.numbers))
    for image in 0..<70 {
      let orientation = distorter.orientation(seed: 5, epoch: epoch, index: image)
      let answer = orientation.number * labels + (labels == 1 ? 0 : image % 10)
      let row = Array(targets[image * 8 * labels..<(image + 1) * 8 * labels])
      #expect(row == (0..<8 * labels).map { $0 == answer ? 1 : 0 })
    }
  }

  /// With nothing but turns and flips, what is to be restored is the clean image itself.
  @Test(arguments: TrainingPlan.Distorting.allCases, [1, 3])
  func restoration(distorting: TrainingPlan.Distorting, threads: Int) throws {
    var plan = try ModelTests.restoration().plan
    (plan.recipe, plan.distorting, plan.threads) = (Self.turns, distorting, threads)
    let (input, targets) = try filled(plan, epoch: 2)
    #expect(input == targets && targets == (0..<70).flatMap(Small.digits.numbers))
    plan.recipe = Recipe(name: "noise", steps: Self.turns.steps + [.init(GaussianNoise())])
    let distorter = try plan.recipe.compiled(for: Small.digits.shape)
    let epoch = distorting == .once ? 0 : 2
    let distorted = distorter.apply(to: Small.digits, seed: 5, epoch: epoch)
      .oriented { distorter.orientation(seed: 5, epoch: epoch, index: $0).inverse }
    #expect(try filled(plan, epoch: 2).input == (0..<70).flatMap(distorted.numbers))
  }

  @Test func plansThatCannotBe() throws {
    func problem(_ change: (inout TrainingPlan) -> Void) throws -> String {
      var plan = try ModelTests.orientation().plan
      change(&plan)
      return (#expect(throws: UsageError.self) { try plan.validate() })?.description ?? ""
    }
    #expect(try problem { $0.task = .uprightRestoration }.contains("the loss cce for the task redrawing"))
    #expect(
      try problem {
        $0.architecture = Architecture(
          name: "wide", input: [8, 9, 1], layers: [Flatten(), Dense(units: 6, activation: .softmax)])
      }.contains("6 outputs, and there are 4 orientations"))
    #expect(
      try problem {
        $0.architecture = Architecture(
          name: "wide", input: [8, 9, 1], layers: [Flatten(), Dense(units: 8, activation: .softmax)])
        $0.recipe = Recipe(name: "turns", steps: [.init(Rotation(angles: [90]))])
      }.contains("by 90 degrees"))
    #expect(
      try problem {
        $0.architecture = Architecture(
          name: "nine", input: [8, 8, 1], layers: [Flatten(), Dense(units: 9, activation: .softmax)])
      }.contains("9 outputs"))
    var plan = try ModelTests.orientation(labels: 5).plan
    plan.recipe = .identity
    #expect(throws: DataError.self) { try Trainer(plan, training: Small.digits) }
  }

  /// Plans of the tasks that a loss alone names are written as they always were.
  @Test func ordinaryTasksAreNotWritten() throws {
    let text = String(decoding: try JSONEncoder().encode(Small.plan()), as: UTF8.self)
    #expect(!text.contains("task"))
    let plan = try ModelTests.orientation().plan
    #expect(try JSONDecoder().decode(TrainingPlan.self, from: JSONEncoder().encode(plan)).task == .orientation)
  }
}
