import ImageSets
import Support

/// A recipe made ready for images of one shape.
///
/// Every distorted image is a function of (clean image, seed, epoch, index) and nothing else: alone, in a batch
/// or on any number of threads, its bytes are the same on every CPU.
package struct Distorter: Sendable {
  package let recipe: Recipe
  /// Of every image that it is given.
  package let shape: ImageSet.Shape
  /// Bytes of scratch memory that a thread needs.
  package let scratchSize: Int
  /// The recipe's distortions in the order in which they are written there.
  let distortions: [any Distortion]
  /// Of each of them; looked up once, and not for each image.
  private let damages: [Damage]
  private let turning: [(any BuiltInDistortion)?]
  private let steps: [Step]

  /// A step with its choices' weights summed up.
  private struct Step {
    var probability: Float
    /// Chosen when a number in [0, 1) is below this, and not below that of the choice before.
    var threshold: Float = 1
    /// Its place in `distortions`; meaningless where there are choices.
    var number = 0
    var choices: [Step] = []
    /// Done one behind the other, where it is a group of these.
    var sequence: [Step] = []
  }

  init(recipe: Recipe, shape: ImageSet.Shape) {
    var distortions: [any Distortion] = []
    self.recipe = recipe
    self.shape = shape
    steps = recipe.steps.map { Self.compile($0, &distortions) }
    scratchSize = distortions.map { type(of: $0).scratchSize(for: shape) }.max() ?? 0
    self.distortions = distortions
    damages = distortions.map { type(of: $0).damage }
    turning = distortions.map { $0 as? any BuiltInDistortion }
  }

  private static func compile(_ step: Recipe.Step, _ distortions: inout [any Distortion]) -> Step {
    var compiled = Step(probability: Float(step.probability))
    switch step.action {
    case .distortion(let distortion):
      compiled.number = distortions.count
      distortions.append(distortion)
    case .oneOf(let choices):
      let total = choices.reduce(0) { $0 + $1.weight }
      var sum = 0.0
      for choice in choices {
        sum += choice.weight
        compiled.choices.append(compile(choice, &distortions))
        compiled.choices[compiled.choices.count - 1].threshold = Float(sum / total)
      }
      compiled.choices[compiled.choices.count - 1].threshold = 1
    case .allOf(let steps): compiled.sequence = steps.map { Self.compile($0, &distortions) }
    }
    return compiled
  }

  /// Calls `body` with each distortion that image `index` of `epoch` suffers, by its place in `distortions`, and
  /// the numbers drawn for it. What is applied and what is recorded both come from here.
  func forEachDistortion(seed: UInt64, epoch: Int, index: Int, _ body: (Int, Parameters) -> Void) {
    var generator = Philox(seed: seed, epoch: epoch, index: index, purpose: .distortion)
    for step in steps { draw(step, &generator, body) }
  }

  private func draw(_ step: Step, _ generator: inout Philox, _ body: (Int, Parameters) -> Void) {
    guard generator.chance(step.probability) else { return }
    if !step.sequence.isEmpty {
      for step in step.sequence { draw(step, &generator, body) }
    } else if step.choices.isEmpty {
      body(step.number, distortions[step.number].draw(for: shape, from: &generator))
    } else {
      let number = generator.uniform()
      for choice in step.choices where number < choice.threshold { return draw(choice, &generator, body) }
    }
  }
}

extension Distorter {
  /// Whether every image keeps its shape when it is turned: not where one that isn't square is turned by 90 degrees.
  package var keepsShape: Bool {
    shape.height == shape.width
      || !distortions.contains { ($0 as? Rotation)?.angles(for: shape).contains { $0 != 180 } ?? false }
  }

  /// What was done to the pixels of image `index` of `epoch`; draws the same numbers as `apply`.
  package func damage(seed: UInt64, epoch: Int = 0, index: Int) -> Damage {
    var damage = Damage.none
    forEachDistortion(seed: seed, epoch: epoch, index: index) { number, _ in
      damage = max(damage, damages[number])
    }
    return damage
  }

  /// The orientation of image `index` of `epoch` after its distortions; draws the same numbers as `apply`.
  package func orientation(seed: UInt64, epoch: Int = 0, index: Int) -> Orientation {
    var orientation = Orientation.upright
    forEachDistortion(seed: seed, epoch: epoch, index: index) { number, parameters in
      orientation = orientation.followed(by: turning[number]?.orientation(parameters) ?? .upright)
    }
    return orientation
  }
}

// MARK: - Applying

extension Distorter {
  /// Distorts one image of `shape.size` bytes, without allocating.
  ///
  /// - Parameters:
  ///   - target: May be `source` itself, but not overlap it otherwise.
  ///   - scratch: `scratchSize` bytes that no other thread uses meanwhile.
  package func apply(
    to source: UnsafePointer<UInt8>, into target: UnsafeMutablePointer<UInt8>, scratch: UnsafeMutableRawPointer,
    seed: UInt64, epoch: Int, index: Int
  ) {
    if source != UnsafePointer(target) { target.update(from: source, count: shape.size) }
    var canvas = Canvas(
      shape: shape, pixels: target, scratch: scratch, noise: NoiseStream(seed: seed, epoch: epoch, index: index))
    forEachDistortion(seed: seed, epoch: epoch, index: index) { number, parameters in
      distortions[number].apply(parameters, to: &canvas)
    }
  }

  /// A distorted copy of a set, whose images are number `firstIndex` and following, or have numbers of their own where
  /// they are a subset. `threads` nil: as many as `Threads.count`.
  ///
  /// - Precondition: The set's shape is this distorter's.
  package func apply(
    to set: ImageSet, seed: UInt64, epoch: Int = 0, firstIndex: Int = 0, threads: Int? = nil
  ) -> ImageSet {
    precondition(set.shape == shape, "a distorter for \(shape) images got \(set.shape)")
    let pixels = set.pixels.withUnsafeBufferPointer { source in
      [UInt8](unsafeUninitializedCapacity: source.count) { target, count in
        nonisolated(unsafe) let (source, target) = (source, target)
        Threads.forEachRange(of: set.count, grain: 64, threads: threads) { range in
          let scratch = UnsafeMutableRawPointer.allocate(byteCount: scratchSize, alignment: 64)
          defer { scratch.deallocate() }
          for image in range {
            let place = image * shape.size
            apply(
              to: source.baseAddress! + place, into: target.baseAddress! + place, scratch: scratch, seed: seed,
              epoch: epoch, index: set.numbers?[image] ?? firstIndex + image)
          }
        }
        count = source.count
      }
    }
    return set.replacingPixels(pixels)
  }
}
