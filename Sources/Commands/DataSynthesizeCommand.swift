import ArgumentParser
import ImageSets
import Support

/// `tiddu data synthesize`
struct DataSynthesizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "synthesize", abstract: "Write handwritten-looking Kannada digits, made from a seed.",
    discussion: """
      Makes the images that all commands use as the dataset "synthetic": 28x28 pixels, labels 0 to 9 in turn, drawn \
      by many writers with a hand of their own. A part's writers write in no other part. The same seed gives the same \
      images everywhere. The ending of PATH says the format, as in tiddu data convert.

      With --shape or --classes it makes numbers of one or two digits instead, of any size, grey or in colours: data \
      to try other models on.

      EXAMPLE: tiddu data synthesize --into digits.npz --count 1000
      """)

  @Option(help: ArgumentHelp("The file to write.", valueName: "path"))
  var into: String

  @Option(help: "The part of the dataset to make: train, test or dig (a rougher hand).")
  var part = Dataset.Part.train

  @Option(help: "How many images (the part's own number, or as many as the writers give).")
  var count: Int?

  @Option(help: "How many writers share them (the part's own, or as many as the images need).")
  var writers: Int?

  @Option(help: "The number of the first writer, from 0 (the part's own first).")
  var firstWriter: Int?

  @Option(help: "The seed of all writing.")
  var seed: UInt64 = 1

  @Option(help: ArgumentHelp("Numbers of this size, grey or in colours.", valueName: "HxWxC"))
  var shape: String?

  @Option(help: "How many numbers, from 0 (default: 10).")
  var classes: Int?

  @OptionGroup var quietness: QuietOption

  func validate() throws {
    try expect(classes, "--classes", in: 2...100)
    if let shape {
      guard let parsed = ImageSet.Shape(parsing: shape), (8...1024).contains(parsed.height),
        (8...1024).contains(parsed.width)
      else {
        throw ValidationError("--shape \(shape): write a size from 8x8 to 1024x1024, or 32x32x3 for colours.")
      }
    }
    if isOfNumbers, writers != nil || count == nil {
      throw ValidationError(
        "--shape and --classes make --count images, all numbers by each writer; leave out --writers.")
    }
    try expect(count, "--count", in: 1...Self.most)
    try expect(writers, "--writers", in: 1...Self.most)
    try expect(firstWriter, "--first-writer", in: 0...Self.most)
    try expect(count ?? sharing.writers * sharing.perWriter, "writers × images:", in: 1...Self.most)
  }

  func run() throws {
    let format = try Format.named(by: into)
    try OutputTarget.check(into, isFolder: format == .images)
    if isOfNumbers { return try synthesizeNumbers(format) }
    let (writers, perWriter) = sharing
    let first = firstWriter ?? part.syntheticWriters.lowerBound
    let set = SyntheticDigits(seed: seed).imageSet(
      writers: first..<first + writers, perWriter: perWriter, style: part.syntheticStyle, name: part.rawValue)
    let chosen = count.map(set.prefix) ?? set
    try write(chosen, format, "by \(grouped(writers)) writers")
  }

  private var isOfNumbers: Bool { shape != nil || classes != nil }

  private func synthesizeNumbers(_ format: Format) throws {
    let numbers = SyntheticNumbers(
      shape: shape.flatMap(ImageSet.Shape.init(parsing:)) ?? SyntheticDigits.shape, classes: classes ?? 10, seed: seed)
    let set = try numbers.imageSet(
      firstWriter: firstWriter ?? part.syntheticWriters.lowerBound, count: count ?? 1, style: part.syntheticStyle,
      name: part.rawValue)
    try write(set, format, "of \(numbers.classes) classes")
  }

  private func write(_ set: ImageSet, _ format: Format, _ words: String) throws {
    let labels = try StoredImages(images: set).write(to: into, format: format)
    Console.report(
      "\(into)  \(grouped(set.count)) images of \(set.shape) \(words)" + (labels.map { "; labels in \($0)" } ?? ""),
      on: into)
  }

  /// A hundred times the size of the training part: 4.7 GB.
  private static let most = 6_000_000

  /// How many writers write how many images each; the last may be asked for fewer.
  private var sharing: (writers: Int, perWriter: Int) {
    guard let count else { return (writers ?? part.syntheticWriters.count, part.syntheticPerWriter) }
    let writers = min(count, writers ?? (count - 1) / part.syntheticPerWriter + 1)
    return (writers, (count - 1) / writers + 1)
  }

  private func expect(_ value: Int?, _ option: String, in range: ClosedRange<Int>) throws {
    if let value, !range.contains(value) {
      throw ValidationError("\(option) \(value): choose a number from \(range.lowerBound) to \(range.upperBound).")
    }
  }
}
