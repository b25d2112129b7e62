import Support

/// Handwritten-looking Kannada digits ೦ to ೯ made from nothing but a seed: the data that everything runs on when nobody
/// has the real dataset.
///
/// Hundreds of writers each have a hand of their own: slant, proportions, pen, pressure, steadiness, favourite forms.
/// Each writes the digits 0…9 in turn, never twice the same. An image is a function of (seed, style, writer, sample)
/// alone, whatever is made beside it, on however many threads and on whatever machine.
public struct SyntheticDigits: Sendable {
  /// The sheet and the people that write on it.
  package enum Style: String, Sendable, CaseIterable {
    /// Practised hands, on a sheet that the scan squeezes to a good half of its width; as Kannada-MNIST.
    case neat
    /// Less practised hands with broader pens, on a sheet that keeps its width; as Dig-MNIST.
    case rough
  }

  /// Of every image.
  package static let shape = ImageSet.Shape(height: Cell.side, width: Cell.side, channels: 1)

  package let seed: UInt64

  /// Writers of another seed write another way.
  public init(seed: UInt64 = 1) {
    self.seed = seed
  }

  /// A part of a dataset of the same size as Kannada-MNIST.
  ///
  /// - Parameter count: only so many images from the front; nil makes all.
  package func imageSet(_ part: Dataset.Part, first count: Int? = nil) -> ImageSet {
    let (writers, perWriter) = (part.syntheticWriters, part.syntheticPerWriter)
    let wanted = min(count ?? .max, writers.count * perWriter)
    let hands = writers.prefix((wanted + perWriter - 1) / perWriter)
    let set = imageSet(writers: hands, perWriter: perWriter, style: part.syntheticStyle, name: part.rawValue)
    return wanted < set.count ? set.prefix(wanted) : set
  }

  /// `count` images of a part, spread over all its writers as by `ImageSet.subset`, without making the others.
  package func imageSet(_ part: Dataset.Part, subset count: Int) -> ImageSet {
    let (writers, perWriter) = (part.syntheticWriters, part.syntheticPerWriter)
    guard count < writers.count * perWriter else { return imageSet(part) }
    let numbers = ImageSet.subset(count, of: writers.count * perWriter)
    var set = imageSet(
      numbers, writers: writers, perWriter: perWriter, style: part.syntheticStyle, name: part.rawValue)
    set.numbers = numbers
    return set
  }

  /// Digits 0 to 9 again and again, by so many hands.
  public func imageSet(writers: Range<Int>, perWriter: Int) -> ImageSet {
    imageSet(writers: writers, perWriter: perWriter, name: "synthetic")
  }

  /// `perWriter` images (28×28×1) of each writer, one writer after the other, labels 0…9 in turn.
  package func imageSet(writers: Range<Int>, perWriter: Int, style: Style = .neat, name: String) -> ImageSet {
    precondition(writers.lowerBound >= 0 && perWriter >= 0, "writers and images are counted from 0")
    return imageSet(
      Array(0..<writers.count * perWriter), writers: writers, perWriter: perWriter, style: style, name: name)
  }

  /// Those of these numbers, counted writer by writer.
  private func imageSet(_ numbers: [Int], writers: Range<Int>, perWriter: Int, style: Style, name: String) -> ImageSet {
    let images = numbers.map { number in
      let (writer, sample) = number.quotientAndRemainder(dividingBy: perWriter)
      return (writer: writers.lowerBound + writer, sample: sample)
    }
    return ImageSet(
      shape: Self.shape, pixels: pixels(of: images, style: style), labels: images.map { $0.sample % 10 },
      name: name,
      source: "synthetic digits, \(style), seed \(seed), writers \(writers.lowerBound)..<\(writers.upperBound)")
  }

  /// (N, 28, 28, 1)
  private func pixels(of images: [(writer: Int, sample: Int)], style: Style) -> [UInt8] {
    let size = Cell.side * Cell.side
    let hands = Dictionary(
      uniqueKeysWithValues: Set(images.map(\.writer)).map { ($0, Writer(seed: seed, index: $0, style: style)) })
    return [UInt8](unsafeUninitializedCapacity: images.count * size) { buffer, initializedCount in
      nonisolated(unsafe) let pixels = buffer
      Threads.forEachRange(of: images.count, grain: 16) { range in
        for index in range {
          let (writer, sample) = images[index]
          guard let hand = hands[writer] else { preconditionFailure("every writer has a hand") }
          let image = image(by: hand, index: writer, sample: sample, style: style)
          _ = pixels.extracting(index * size..<(index + 1) * size).initialize(fromContentsOf: image)
        }
      }
      initializedCount = images.count * size
    }
  }

  /// 28×28 pixels.
  private func image(by writer: Writer, index: Int, sample: Int, style: Style) -> [UInt8] {
    var generator = Philox(seed: seed, epoch: sample, index: index, purpose: .writing)
    let writing = Writing(digit: sample % 10, by: writer, generator: &generator)
    var cell = Cell()
    cell.draw(writing, squeeze: writer.aspect)
    if generator.chance(style.borders) { cell.drawBorder(generator: &generator) }
    cell.roughen(by: 0.3, generator: &generator)
    return Preparation.image(of: cell)
  }
}

extension Dataset.Part {
  /// The writers of this part when it is synthetic. None writes in two, so that what is held out is other people's writing.
  package var syntheticWriters: Range<Int> {
    switch self {
    case .train: 0..<600
    case .test: 600..<700
    case .dig: 700..<780
    case .validation: 780..<880
    }
  }

  /// How many digits each of `syntheticWriters` writes: 60,000, 10,000 and 10,240 together.
  package var syntheticPerWriter: Int { self == .dig ? 128 : 100 }

  /// `dig` is the rough one, as Dig-MNIST is.
  package var syntheticStyle: SyntheticDigits.Style { self == .dig ? .rough : .neat }
}
