import Distortions
import Groundwork
import ImageSets
import NeuralNetworks

/// What a network is shown and what it is to answer, put into a program's buffers batch by batch: the pictures of a set,
/// distorted by a recipe, and beside them either the clean ones or their labels.
///
/// An example is a pure function of the clean picture, the seed, the epoch and the picture's number in the set.
package final class ExampleSource {
  let clean: ImageSet
  /// Made ahead when every epoch sees the same distortions; the clean ones when there are none.
  private let prepared: ImageSet?
  private let distorter: Distorter
  private let target: Loss.Target
  private let seed: UInt64
  private let threads: Int
  /// For each thread a distorted picture, and what the distorter needs beside it.
  private let workspace: UnsafeMutableRawBufferPointer

  /// - Throws: `DataError` where labels are wanted and missing or out of range; what `Recipe.compiled` throws.
  package init(_ clean: ImageSet, of plan: TrainingPlan, distorting: TrainingPlan.Distorting, seed: UInt64) throws {
    self.clean = clean
    self.seed = seed
    threads = plan.threads
    target = plan.loss.target
    distorter = try plan.recipe.compiled(for: clean.shape)
    let isClean = plan.recipe.steps.isEmpty
    prepared =
      isClean ? clean : distorting == .once ? distorter.apply(to: clean, seed: seed, threads: threads) : nil
    if target == .label { _ = try clean.labels(within: plan.architecture.outputShape().reduce(1, *)) }
    let each = (clean.shape.size + distorter.scratchSize + 127) / 64 * 64
    workspace = .allocate(byteCount: each * threads, alignment: 64)
  }

  deinit { workspace.deallocate() }

  var count: Int { clean.count }

  /// Fills `program.input` and `program.targets` with the examples of `numbers`, one for each of the program's pictures.
  package func fill(_ program: Program, with numbers: ArraySlice<Int>, epoch: Int) {
    precondition(numbers.count == program.batch, "as many examples as the program takes are wanted")
    switch target {
    case .picture: Self.copy(clean, numbers, into: program.targets)
    case .label: markLabels(of: numbers, in: program.targets)
    }
    if let prepared {
      Self.copy(prepared, numbers, into: program.input)
    } else {
      numbers.withUnsafeBufferPointer { numbers in
        clean.pixels.withUnsafeBufferPointer { distort($0, numbers, into: program.input, epoch: epoch) }
      }
    }
  }

  /// A row of zeros for each picture, with 1 at its label. (N, classes)
  private func markLabels(of numbers: ArraySlice<Int>, in targets: UnsafeMutableBufferPointer<Float>) {
    guard let labels = clean.labels else { preconditionFailure("labels were checked") }
    let classes = targets.count / numbers.count
    targets.update(repeating: 0)
    for (row, number) in numbers.enumerated() { targets[row * classes + labels[number]] = 1 }
  }

  /// The pictures of those numbers, one behind the other.
  private static func copy(
    _ set: ImageSet, _ numbers: ArraySlice<Int>, into floats: UnsafeMutableBufferPointer<Float>
  ) {
    let size = set.shape.size
    set.pixels.withUnsafeBufferPointer { pixels in
      for (row, number) in numbers.enumerated() {
        let picture = UnsafeBufferPointer(rebasing: pixels[number * size..<(number + 1) * size])
        PixelScaling.numbers(picture, into: .init(rebasing: floats[row * size..<(row + 1) * size]))
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
    let (distorter, seed) = (distorter, seed)
    Threads.forEachRange(of: parts, threads: parts) { range in
      for part in range {
        let picture = (workspace + part * share).assumingMemoryBound(to: UInt8.self)
        let scratch = workspace + part * share + (size + 63) / 64 * 64
        for row in numbers.count * part / parts..<numbers.count * (part + 1) / parts {
          let number = numbers[row]
          distorter.apply(
            to: pixels.baseAddress! + number * size, into: picture, scratch: scratch, seed: seed, epoch: epoch,
            index: number)
          PixelScaling.numbers(
            UnsafeBufferPointer(start: picture, count: size),
            into: .init(rebasing: input[row * size..<(row + 1) * size]))
        }
      }
    }
  }
}

/// The order in which an epoch takes its pictures, cut into batches; the last one may be short.
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
