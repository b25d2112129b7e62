import Groundwork

/// Handwritten-looking Kannada digits ೦ to ೯, made from nothing but a seed: the data that everything runs on when
/// nobody has the real dataset.
///
/// Hundreds of writers have a hand of their own (slant, proportions, pen, pressure, steadiness, favourite forms); each
/// writes the digits 0…9 in turn, never twice the same. Picture `sample` of writer `writer` is a function of
/// (seed, style, writer, sample) alone, whatever is made beside it and on however many threads.
public struct SyntheticDigits: Sendable {
  /// The sheet that is written on, and how it is written on.
  public enum Style: String, Sendable, CaseIterable {
    /// Practised hands on a sheet that the scan squeezes to a good half of its width.
    case neat
    /// Unpractised hands with broader pens, on a sheet that keeps its width.
    case rough
  }

  /// The parts of a whole dataset. Each has writers of its own, so that what is held out is other people's writing.
  public enum Part: String, Sendable, CaseIterable {
    case train, test, dig

    public var writers: Range<Int> {
      switch self {
      case .train: 0..<600
      case .test: 600..<700
      case .dig: 700..<780
      }
    }
    public var perWriter: Int { self == .dig ? 128 : 100 }
    public var style: Style { self == .dig ? .rough : .neat }
    public var count: Int { writers.count * perWriter }
  }

  public let seed: UInt64

  public init(seed: UInt64 = 1) {
    self.seed = seed
  }

  /// The 60,000 (train), 10,000 (test) or 10,240 (dig) pictures of a part, sizes as in Kannada-MNIST.
  public func imageSet(_ part: Part) -> ImageSet {
    imageSet(writers: part.writers, perWriter: part.perWriter, style: part.style, name: part.rawValue)
  }

  /// 28×28×1 pictures with labels, writer after writer, each writer's labels 0…9 in turn.
  public func imageSet(writers: Range<Int>, perWriter: Int, style: Style = .neat, name: String) -> ImageSet {
    precondition(writers.lowerBound >= 0 && perWriter >= 0, "writers and samples are counted from 0")
    let size = Cell.side * Cell.side
    let count = writers.count * perWriter
    let pixels = [UInt8](unsafeUninitializedCapacity: count * size) { buffer, initialized in
      nonisolated(unsafe) let target = buffer
      Threads.forEachRange(of: count, grain: 16) { range in
        var writer: (index: Int, hand: Writer)?
        for index in range {
          let number = writers.lowerBound + index / perWriter
          if writer?.index != number { writer = (number, Writer(seed: seed, index: number, style: style)) }
          guard let hand = writer?.hand else { continue }
          let picture = picture(by: hand, writer: number, sample: index % perWriter)
          _ = target[index * size..<(index + 1) * size].initialize(fromContentsOf: picture)
        }
      }
      initialized = count * size
    }
    return ImageSet(
      shape: .init(height: Cell.side, width: Cell.side, channels: 1), pixels: pixels,
      labels: (0..<count).map { $0 % perWriter % 10 }, name: name,
      source: "synthetic digits, seed \(seed), writers \(writers.lowerBound) to \(writers.upperBound - 1), \(style)")
  }

  private func picture(by hand: Writer, writer: Int, sample: Int) -> [UInt8] {
    var generator = Philox(seed: seed, epoch: sample, index: writer, purpose: .writing)
    let writing = Writing(digit: sample % 10, by: hand, generator: &generator)
    var cell = Cell()
    cell.draw(writing, aspect: hand.aspect)
    if generator.chance(hand.carelessness) { cell.drawBorder(generator: &generator) }
    cell.roughen(by: 0.3, generator: &generator)
    return Preparation.picture(of: cell)
  }
}
