import Distortions
import Foundation
import ImageSets
import NeuralNetworks
import Restoration
import Support
import TestSupport
import Testing

@Suite struct TrainingPlanTests {
  private static let plans: [TrainingPlan] = [
    Small.plan(),
    Small.plan {
      $0.architecture = Small.architecture(
        regularizer: .init(kernel: .init(l1: 1e-5, l2: 0.001), bias: .init(l2: 1e-9), activity: .init(l1: 0.1)))
      $0.loss = .meanSquaredError
      $0.validation = .share(0.1 + 0.2)
      $0.patience = nil
      $0.learningRate = 0.1 + 0.2
      $0.seed = .max
      $0.distorting = .eachEpoch
      $0.schedule = .cosine
    },
    Small.plan {
      $0.validation = .set("test")
      $0.learningRate = 1e-7
      $0.recipe = Recipe(
        name: "30", steps: [.init(GaussianNoise(sigma: 1.0 / 3), probability: 2.0 / 3), .init(Occlusion())])
      $0.origin = DataOrigin(dataset: "ಕನ್ನಡ: a \"place\"", part: .dig, first: 7)
      $0.data = DataRecord(Small.digits)
      $0.data?.checksum = "12345e67"
    },
    Small.plan { $0.recipe = .identity },
  ]

  @Test(arguments: plans.indices) func readsBackFromTheRunsFolder(index: Int) throws {
    let plan = Self.plans[index]
    try withTemporaryFolder { folder in
      let run = RunFolder(folder)
      let claim = try run.begin(plan)
      claim.keep()
      #expect(try run.plan() == plan)
      #expect(try JSONDecoder().decode(TrainingPlan.self, from: JSONEncoder().encode(plan)) == plan)
    }
  }

  @Test func isWrittenAsPeopleWriteNumbers() throws {
    try withTemporaryFolder { folder in
      let run = RunFolder(folder)
      let claim = try run.begin(Small.plan { $0.learningRate = 0.3 })
      claim.keep()
      let text = String(decoding: try Folder.read(run.config), as: UTF8.self)
      for line in ["learning_rate: 0.3\n", "sigma: 30\n", "falloff: 0.1\n", "side: [0.25, 0.5]\n", "epochs: 3\n"] {
        #expect(text.contains(line), "\(line)")
      }
    }
  }

  @Test func faultyFilesNameTheirPlace() throws {
    try withTemporaryFolder { folder in
      let run = RunFolder(folder)
      let claim = try run.begin(Small.plan())
      claim.keep()
      let text = String(decoding: try Folder.read(run.config), as: UTF8.self)
      for (from, to, parts) in [
        ("sigma: 30", "sigma: -1", ["gaussian-noise.sigma", "found -1"]),
        ("gaussian-noise", "gausian-noise", ["recipe.steps[1].one-of[0]", "gausian-noise"]),
        ("type: dense", "type: danse", ["layers[1].type", "found \"danse\"", "Did you mean \"dense\"?"]),
        ("batch_size: 16", "batch_size: many", ["batch_size"]),
        ("epochs: 3\n", "", ["epochs"]), ("validation: none", "validation: 1.5", ["a share between 0 and 1"]),
        ("name: small", "\t- name: [", [":"]),
      ] {
        let faulty = text.replacingOccurrences(of: from, with: to)
        #expect(faulty != text, "\(from)")
        try WholeFile.write(faulty, to: run.config)
        let error = #expect(throws: DataError.self) { try run.plan() }
        for part in parts + [run.config] {
          #expect(error?.description.contains(part) == true, "\(to): \(error?.description ?? "")")
        }
        #expect(error?.description.split(separator: "\n").count == 2)
      }
    }
  }

  private static let wrong: [(word: String, change: @Sendable (inout TrainingPlan) -> Void)] = [
    ("0 epochs", { $0.epochs = 0 }), ("a batch of 0", { $0.batchSize = 0 }),
    ("a batch of 100000", { $0.batchSize = 100_000 }), ("learning rate of 0", { $0.learningRate = 0 }),
    ("learning rate of nan", { $0.learningRate = .nan }), ("patience of 0", { $0.patience = 0 }),
    ("0 threads", { $0.threads = 0 }),
    ("sigmoid", { $0.architecture = Architecture(name: "a", input: [4], layers: [Dense(units: 4)]) }),
    (
      "layer reshape of a",
      {
        $0.architecture = Architecture(
          name: "a", input: [4], layers: [Dense(units: 4, activation: .sigmoid), Reshape([3])])
      }
    ),
  ]

  @Test(arguments: wrong.indices) func settingsOutOfRange(index: Int) throws {
    let plan = Small.plan(Self.wrong[index].change)
    let error = #expect(throws: UsageError.self) { try plan.validate() }
    #expect(error?.problem.contains(Self.wrong[index].word) == true, "\(error?.problem ?? "")")
  }

  @Test func validationInWords() {
    #expect(Validation("none") == Validation.none)
    #expect(Validation("0.25") == .share(0.25))
    #expect(Validation("dig") == .set("dig"))
    for text in ["", "0", "1", "-0.5", "nan"] { #expect(Validation(text) == nil, "\(text)") }
  }

  @Test func cosineFallsToZero() {
    #expect(Schedule.constant.rate(0.5, step: 9, of: 10) == 0.5)
    let rates = (0...10).map { Schedule.cosine.rate(2, step: $0, of: 10) }
    #expect(rates[0] == 2 && abs(rates[5] - 1) < 1e-12 && abs(rates[10]) < 1e-12)
    #expect(zip(rates, rates.dropFirst()).allSatisfy(>))
  }

  @Test func presets() throws {
    let (final, loss) = try Presets.architecture(named: "report-final")
    #expect(loss == .binaryCrossEntropy)
    #expect(try Summary(of: final).parameters == 863_312)
    let (deep, squared) = try Presets.architecture(named: "report-dense-5-16-mse")
    #expect(squared == .meanSquaredError)
    #expect(
      deep.layers.compactMap { ($0.layer as? Dense)?.units } == [512, 512, 256, 256, 256, 16, 784])
    for name in ["report", "report-dense-1-64-bce", "report-dense-3-0-bce", "report-dense-3-64-mae"] {
      #expect(throws: UsageError.self, "\(name)") { try Presets.architecture(named: name) }
    }
  }
}
