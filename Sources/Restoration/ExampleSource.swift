import Distortions
import ImageSets
import NeuralNetworks
import Support

/// What a network is shown and what it is to answer, put into a program's buffers batch by batch: the images of a set, or
/// patches of them, distorted by a recipe or damaged already, and beside them what the plan's task asks for.
///
/// An example is a pure function of the clean image, the seed, the epoch and the image's number in the set.
package final class ExampleSource {
  let images: TrainingImages
  /// Images of one size; of images that give patches, the first ones.
  private var clean: ImageSet { images.clean[0] }
  private let patches: Patches?
  /// What the network is shown, where that is made ahead: the clean images where there are no distortions, or all
  /// distorted ones where every epoch sees the same.
  private let prepared: ImageSet?
  private let distorter: Distorter
  /// Changes the clean images themselves, anew in each epoch; nil leaves them as they are.
  private let variation: Distorter?
  private let distortsOnce: Bool
  private let task: TrainingPlan.Task
  /// Of an orientation's outputs; 1 where labels are not looked at.
  private let labelsPerOrientation: Int
  /// Of a label's outputs; 1 where damage is not looked at.
  private let damages: Int
  /// Turns images upright; knows the order of an orientation network's outputs.
  private let orientations: OrientationTable
  private let seed: UInt64
  private let threads: Int
  /// For each thread some images, and what the distorter needs beside them.
  private let workspace: UnsafeMutableRawBufferPointer
  private static let imagesOfWorkspace = 4

  /// - Throws: `DataError` where labels are wanted and missing or out of range; what `Recipe.compiled` throws.
  package convenience init(
    _ clean: ImageSet, of plan: TrainingPlan, distorting: TrainingPlan.Distorting, seed: UInt64
  ) throws {
    try self.init(TrainingImages(clean), of: plan, distorting: distorting, seed: seed)
  }

  /// The same of pairs, and with patches of images of several sizes; throws a `UsageError` too where one is too small.
  package init(
    _ images: TrainingImages, of plan: TrainingPlan, distorting: TrainingPlan.Distorting, seed: UInt64
  ) throws {
    self.seed = seed
    threads = plan.threads
    task = plan.task
    labelsPerOrientation = task == .orientation ? plan.labelsPerOrientation : 1
    damages = plan.damages
    let looksAtLabels = task == .classification || labelsPerOrientation > 1
    let images = looksAtLabels ? try images.mapping { try $0.labeled(by: plan.classes) } : images
    patches = try plan.crop.map { side throws(UsageError) in try Patches(of: images, side: side, seed: seed) }
    let shape = patches?.shape ?? images.clean[0].shape
    var variation = try plan.variation?.compiled(for: shape)
    if let once = variation, distorting == .once {
      self.images = images.mapping { once.apply(to: $0, seed: Self.variationSeed(seed), threads: plan.threads) }
      variation = nil
    } else {
      self.images = images
    }
    self.variation = variation
    let clean = self.images.clean[0]
    orientations = OrientationTable(shape)
    distorter = try plan.recipe.compiled(for: shape)
    distortsOnce = distorting == .once
    if patches != nil {
      prepared = nil
    } else if let damaged = images.damaged {
      prepared = damaged[0]
    } else if plan.recipe.steps.isEmpty, variation == nil {
      prepared = clean
    } else {
      prepared = distortsOnce ? Self.prepare(clean, by: distorter, seed, threads, task) : nil
    }
    let each =
      Self.imagesOfWorkspace * Self.aligned(shape.size)
      + Self.aligned(max(distorter.scratchSize, variation?.scratchSize ?? 0))
    workspace = .allocate(byteCount: each * threads, alignment: 64)
  }

  private static func prepare(
    _ clean: ImageSet, by distorter: Distorter, _ seed: UInt64, _ threads: Int, _ task: TrainingPlan.Task
  ) -> ImageSet {
    let distorted = distorter.apply(to: clean, seed: seed, threads: threads)
    return task == .uprightRestoration
      ? distorted.oriented { distorter.orientation(seed: seed, index: $0).inverse } : distorted
  }

  /// Other numbers than the distortions draw.
  private static func variationSeed(_ seed: UInt64) -> UInt64 { seed ^ 0x5641_5249_4154_494F }

  private static func aligned(_ bytes: Int) -> Int { (bytes + 63) / 64 * 64 }

  deinit { workspace.deallocate() }

  /// Examples in an epoch.
  var count: Int { patches?.count ?? clean.count }

  /// Fills `program.input` and `program.targets` with the examples of `numbers`, one for each of the program's images.
  package func fill(_ program: Program, with numbers: ArraySlice<Int>, epoch: Int) {
    precondition(numbers.count == program.batch, "as many examples as the program takes are wanted")
    let distortionEpoch = distortsOnce || prepared != nil ? 0 : epoch
    switch task {
    case _ where patches != nil: break
    case .restoration where variation != nil, .uprightRestoration where variation != nil: break
    case .restoration, .uprightRestoration: Self.copy(clean, numbers, into: program.targets)
    case .classification: mark(numbers, in: program.targets) { clean.labels?[$0] ?? 0 }
    case .orientation: mark(numbers, in: program.targets) { orientationAnswer(of: $0, epoch: distortionEpoch) }
    }
    if let prepared {
      Self.copy(prepared, numbers, into: program.input)
    } else if let patches {
      let targets = program.targets
      forEachRow(numbers, into: program.input) { [images] row, number, work in
        let damaged = images.damaged == nil ? nil : work.distorted
        patches.cut(number, epoch: epoch, into: work.clean, damaged: damaged, scratch: work.upright)
        if damaged == nil { distort(work.clean, number, epoch: distortionEpoch, work) }
        PixelScaling.numbers(
          UnsafeBufferPointer(start: work.clean, count: patches.shape.size),
          into: .init(rebasing: targets[row * patches.shape.size..<(row + 1) * patches.shape.size]))
        return work.distorted
      }
    } else {
      let size = clean.shape.size
      clean.pixels.withUnsafeBufferPointer { pixels in
        nonisolated(unsafe) let pixels = pixels
        let targets = task == .restoration || task == .uprightRestoration ? program.targets : nil
        forEachRow(numbers, into: program.input) { row, number, work in
          var image = pixels.baseAddress! + number * size
          if let variation {
            variation.apply(
              to: image, into: work.clean, scratch: work.scratch, seed: Self.variationSeed(seed), epoch: epoch,
              index: number)
            image = UnsafePointer(work.clean)
            if let targets {
              PixelScaling.numbers(
                UnsafeBufferPointer(start: image, count: size),
                into: .init(rebasing: targets[row * size..<(row + 1) * size]))
            }
          }
          distort(image, number, epoch: distortionEpoch, work)
          guard task == .uprightRestoration else { return work.distorted }
          let orientation = distorter.orientation(seed: seed, epoch: distortionEpoch, index: number)
          orientations.apply(work.distorted, as: orientation.inverse, into: work.upright)
          return work.upright
        }
      }
    }
  }

  /// A row of zeros for each image, with 1 at its answer. (N, answers)
  private func mark(
    _ numbers: ArraySlice<Int>, in targets: UnsafeMutableBufferPointer<Float>, answer: (Int) -> Int
  ) {
    let answers = targets.count / numbers.count
    targets.update(repeating: 0)
    for (row, number) in numbers.enumerated() { targets[row * answers + answer(number)] = 1 }
  }

  private func orientationAnswer(of number: Int, epoch: Int) -> Int {
    let orientation = distorter.orientation(seed: seed, epoch: epoch, index: number)
    let label = labelsPerOrientation > 1 ? clean.labels?[number] ?? 0 : 0
    let damage = damages > 1 ? distorter.damage(seed: seed, epoch: epoch, index: number).rawValue : 0
    let place = orientations.orientations.firstIndex(of: orientation) ?? 0
    return (place * labelsPerOrientation + label) * damages + damage
  }

  /// The images of those numbers, one behind the other.
  private static func copy(
    _ set: ImageSet, _ numbers: ArraySlice<Int>, into floats: UnsafeMutableBufferPointer<Float>
  ) {
    let size = set.shape.size
    set.pixels.withUnsafeBufferPointer { pixels in
      for (row, number) in numbers.enumerated() {
        let image = UnsafeBufferPointer(rebasing: pixels[number * size..<(number + 1) * size])
        PixelScaling.numbers(image, into: .init(rebasing: floats[row * size..<(row + 1) * size]))
      }
    }
  }

  /// A thread's memory.
  private struct Work {
    let clean, distorted, upright: UnsafeMutablePointer<UInt8>
    let scratch: UnsafeMutableRawPointer

    init(_ start: UnsafeMutableRawPointer, _ size: Int) {
      let bytes = start.assumingMemoryBound(to: UInt8.self)
      (clean, distorted, upright) = (bytes, bytes + size, bytes + 2 * size)
      scratch = start + ExampleSource.imagesOfWorkspace * size
    }
  }

  private func distort(_ image: UnsafePointer<UInt8>, _ number: Int, epoch: Int, _ work: Work) {
    distorter.apply(
      to: image, into: work.distorted, scratch: work.scratch, seed: seed, epoch: epoch, index: number)
  }

  /// Calls `make` for each number, side by side, and puts the image that it returns into its row of `input`.
  private func forEachRow(
    _ numbers: ArraySlice<Int>, into input: UnsafeMutableBufferPointer<Float>,
    _ make: (_ row: Int, _ number: Int, Work) -> UnsafeMutablePointer<UInt8>
  ) {
    let (size, count) = (distorter.shape.size, numbers.count)
    let parts = min(threads, count)
    let share = workspace.count / threads
    nonisolated(unsafe) let (input, workspace) = (input, workspace.baseAddress!)
    withoutActuallyEscaping(make) { make in
      nonisolated(unsafe) let make = make
      Threads.forEachRange(of: parts, threads: parts) { range in
        for part in range {
          let work = Work(workspace + part * share, Self.aligned(size))
          for row in count * part / parts..<count * (part + 1) / parts {
            let image = make(row, numbers[numbers.startIndex + row], work)
            PixelScaling.numbers(
              UnsafeBufferPointer(start: image, count: size),
              into: .init(rebasing: input[row * size..<(row + 1) * size]))
          }
        }
      }
    }
  }
}

extension ImageSet {
  /// Labels numbered as the classes are; throws `DataError` where one is missing or of no class.
  fileprivate func labeled(by classes: [String]) throws(DataError) -> ImageSet {
    guard labels != nil else {
      _ = try labels(within: classes.count)
      return self
    }
    return try relabeled(by: classes)
  }
}

/// The order in which an epoch takes its images, cut into batches; the last one may be short.
struct BatchSequence: Sequence, IteratorProtocol {
  private let order: [Int]
  private let batchSize: Int
  private var start = 0

  /// Shuffled by (seed, epoch).
  init(count: Int, batchSize: Int, seed: UInt64, epoch: Int) {
    self.batchSize = batchSize
    var generator = Philox(seed: seed, epoch: epoch, purpose: .shuffle)
    order = generator.permutation(of: count)
  }

  /// These, in order.
  init(of numbers: Range<Int>, batchSize: Int) {
    self.batchSize = batchSize
    order = Array(numbers)
  }

  mutating func next() -> ArraySlice<Int>? {
    guard start < order.count else { return nil }
    defer { start += batchSize }
    return order[start..<Swift.min(start + batchSize, order.count)]
  }
}
