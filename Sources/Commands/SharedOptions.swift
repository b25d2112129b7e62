import ArgumentParser
import Distortions
import Evaluation
import ImageSets
import NeuralNetworks
import Restoration
import Support

/// How many threads to compute with.
struct ThreadOptions: ParsableArguments {
  @Option(help: "Threads to compute with (default: one a core).")
  var threads: Int?

  func validate() throws {
    guard threads.map({ (1...1024).contains($0) }) ?? true else {
      throw ValidationError("--threads \(threads ?? 0): choose from 1 to 1024; the number of cores is best.")
    }
  }

  /// Throws a `SystemError` where so many do not start.
  func use() throws { if let threads { try Threads.start(threads) } }
}

/// What is said besides results.
struct QuietOption: ParsableArguments {
  @Flag(help: "Say nothing besides results and errors: no progress, no remarks, no files' names.")
  var quiet = false

  func validate() { if quiet { Console.beQuiet() } }
}

/// Which numbers products are made of.
struct PrecisionOption: ParsableArguments {
  @Option(
    help: "Numbers that dense layers multiply: float32, or bfloat16, faster and less exact, where the processor has it."
  )
  var precision = Precision.float32

  /// What is said of it behind a result.
  var remark: String { precision == .float32 ? "" : " (dense layers in \(precision.rawValue))" }
}

extension Precision: ExpressibleByArgument {}

/// What a corrector is told of its images before it sees them.
struct ExpectationOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How the images come to be as they are, a recipe: what is rare there is undone only where there is no doubt.",
      valueName: "recipe"))
  var expect = Recipe.expected.name

  /// Throws what `Recipe.named` throws.
  var recipe: Recipe { get throws { try Recipe.named(expect) } }
}

/// Images to measure a model with, and how they are distorted.
struct MeasuringOptions: ParsableArguments {
  @Option(help: ArgumentHelp("A dataset's folder, a file of images, or synthetic.", valueName: "path"))
  var data = Dataset.syntheticName

  @Option(help: "The dataset's part (default: test, or the only one there is).")
  var part: Dataset.Part?

  @Option(help: "How images are distorted: a built-in recipe's name or a YAML file.")
  var recipe = "report-multiple"

  // Not the seed that training starts from: no image should meet the very draws of a training image.
  @Option(help: "Decides the distortions.")
  var seed: UInt64 = 2

  /// `count` images of the part, or all.
  func origin(subset count: Int?) throws -> DataOrigin { try DataOrigin(heldOut: part, of: data, subset: count) }

  /// `count` clean images, or all, and the same distorted.
  func pairs(subset count: Int?) throws -> Pairs {
    let recipe = try Recipe.named(recipe)
    let origin = try origin(subset: count)
    let clean = try origin.load()
    let distorter = try recipe.compiled(for: clean.shape)
    return Pairs(
      recipe: recipe, origin: origin, clean: clean, distorted: distorter.apply(to: clean, seed: seed),
      orientations: (0..<clean.count).map { distorter.orientation(seed: seed, index: clean.numbers?[$0] ?? $0) })
  }

  /// Real pairs, in the place of `pairs(subset:)`.
  func realPairs(_ paths: [String], paper: Paper?) throws -> Pairs {
    let folders = try TrainingDataOptions.folders(of: paths)
    let origin = DataOrigin(dataset: folders.clean, damaged: folders.damaged, paper: paper)
    let images = try origin.images()
    guard let damaged = images.damaged else {
      throw UsageError("--pairs names no damaged images", remedy: "Name two folders: --pairs DAMAGED CLEAN.")
    }
    return Pairs(recipe: nil, origin: origin, clean: images.clean[0], distorted: damaged[0], orientations: [])
  }

  /// What a classifier is to read: the given part, or all parts.
  func scope(subset count: Int?, byDistortion: Bool = true) throws -> RecognitionReport.Scope {
    RecognitionReport.Scope(
      dataset: data, parts: try part.map { [$0] } ?? Dataset.open(data).parts, subset: count,
      recipe: try .named(recipe), seed: seed, byDistortion: byDistortion)
  }

  struct Pairs {
    /// Nil for real pairs.
    var recipe: Recipe?
    var origin: DataOrigin
    var clean: ImageSet
    var distorted: ImageSet
    /// How each of them lies.
    var orientations: [Orientation]
  }
}
