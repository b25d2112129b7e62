import Distortions
import ImageSets
import NeuralNetworks
import Support

/// What a network is shown and what it is to answer, put into a program's buffers batch by batch: the images of a set,
/// distorted by a recipe, and beside them what the plan's task asks for.
///
/// An example is a pure function of the clean image, the seed, the epoch and the image's number in the set.
package final class ExampleSource {
  let clean: ImageSet
  /// Made ahead when every epoch sees the same distortions; the clean ones when there are none.
  private let prepared: ImageSet?
  private let distorter: Distorter
  private let task: TrainingPlan.Task
  /// Of an orientation's outputs; 1 where labels are not looked at.
  private let labelsPerOrientation: Int
  /// Where images are laid upright.
  private let orientations: OrientationTable?
  private let seed: UInt64
  private let threads: Int
  /// For each thread two images, and what the distorter needs beside them.
  private let workspace: UnsafeMutableRawBufferPointer

  /// - Throws: `DataError` where labels are wanted and missing or out of range; what `Recipe.compiled` throws.
  package init(_ clean: ImageSet, of plan: TrainingPlan, distorting: TrainingPlan.Distorting, seed: UInt64) throws {
    self.clean = clean
    self.seed = seed
    threads = plan.threads
    task = plan.task
    labelsPerOrientation = task == .orientation ? plan.labelsPerOrientation : 1
    orientations =
      task == .uprightRestoration ? OrientationTable(side: clean.shape.height, channels: clean.shape.channels) : nil
    distorter = try plan.recipe.compiled(for: clean.shape)
    let isClean = plan.recipe.steps.isEmpty
    prepared = isClean ? clean : distorting == .once ? Self.prepare(clean, by: distorter, seed, threads, task) : nil
    switch task {
    case .classification: _ = try clean.labels(within: plan.architecture.outputShape().reduce(1, *))
    case .orientation where labelsPerOrientation > 1: _ = try clean.labels(within: labelsPerOrientation)
    default: break
    }
    let each = 2 * Self.aligned(clean.shape.size) + Self.aligned(distorter.scratchSize)
    workspace = .allocate(byteCount: each * threads, alignment: 64)
  }

  private static func prepare(
    _ clean: ImageSet, by distorter: Distorter, _ seed: UInt64, _ threads: Int, _ task: TrainingPlan.Task
  ) -> ImageSet {
    let distorted = distorter.apply(to: clean, seed: seed, threads: threads)
    return task == .uprightRestoration
      ? distorted.oriented { distorter.orientation(seed: seed, index: $0).inverse } : distorted
  }

  private static func aligned(_ bytes: Int) -> Int { (bytes + 63) / 64 * 64 }

  deinit { workspace.deallocate() }

  var count: Int { clean.count }

  /// Fills `program.input` and `program.targets` with the examples of `numbers`, one for each of the program's images.
  package func fill(_ program: Program, with numbers: ArraySlice<Int>, epoch: Int) {
    precondition(numbers.count == program.batch, "as many examples as the program takes are wanted")
    let epoch = prepared == nil ? epoch : 0
    switch task {
    case .restoration, .uprightRestoration: Self.copy(clean, numbers, into: program.targets)
    case .classification: mark(numbers, in: program.targets) { clean.labels?[$0] ?? 0 }
    case .orientation: mark(numbers, in: program.targets) { orientationAnswer(of: $0, epoch: epoch) }
    }
    if let prepared {
      Self.copy(prepared, numbers, into: program.input)
    } else {
      numbers.withUnsafeBufferPointer { numbers in
        clean.pixels.withUnsafeBufferPointer { distort($0, numbers, into: program.input, epoch: epoch) }
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
    return orientation.number * labelsPerOrientation + label
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

  private func distort(
    _ pixels: UnsafeBufferPointer<UInt8>, _ numbers: UnsafeBufferPointer<Int>,
    into input: UnsafeMutableBufferPointer<Float>, epoch: Int
  ) {
    let size = clean.shape.size
    let parts = min(threads, numbers.count)
    let share = workspace.count / threads
    nonisolated(unsafe) let (pixels, numbers, input, workspace) = (pixels, numbers, input, workspace.baseAddress!)
    let (distorter, seed, orientations) = (distorter, seed, orientations)
    Threads.forEachRange(of: parts, threads: parts) { range in
      for part in range {
        let distorted = (workspace + part * share).assumingMemoryBound(to: UInt8.self)
        let upright = distorted + Self.aligned(size)
        let scratch = UnsafeMutableRawPointer(upright + Self.aligned(size))
        for row in numbers.count * part / parts..<numbers.count * (part + 1) / parts {
          let number = numbers[row]
          distorter.apply(
            to: pixels.baseAddress! + number * size, into: distorted, scratch: scratch, seed: seed, epoch: epoch,
            index: number)
          if let orientations {
            let orientation = distorter.orientation(seed: seed, epoch: epoch, index: number)
            orientations.apply(distorted, as: orientation.inverse, into: upright)
          }
          PixelScaling.numbers(
            UnsafeBufferPointer(start: orientations == nil ? distorted : upright, count: size),
            into: .init(rebasing: input[row * size..<(row + 1) * size]))
        }
      }
    }
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
