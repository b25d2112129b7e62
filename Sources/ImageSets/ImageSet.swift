import Support

/// Images of one size, with or without labels: what every reader makes and everything else takes.
///
/// Pixels are bytes: 0 is paper, 255 is ink. (Images on light paper are turned round when they are read.)
public struct ImageSet: Sendable, Equatable {
  /// Height, width and channels (1 or 3) of each image.
  public struct Shape: Sendable, Hashable, Codable, CustomStringConvertible {
    /// Rows of pixels.
    public var height: Int
    /// Columns of pixels.
    public var width: Int
    /// 1 (grey) or 3 (red, green, blue).
    public var channels: Int

    /// - Precondition: each extent is at least 1.
    public init(height: Int, width: Int, channels: Int) {
      self.height = height
      self.width = width
      self.channels = channels
    }

    /// Bytes of one image.
    package var size: Int { height * width * channels }
    public var description: String { "\(height)×\(width)×\(channels)" }
  }

  /// Of each image.
  public let shape: Shape
  /// (N, H, W, C), contiguous
  public private(set) var pixels: [UInt8]
  /// The same as numbers 0…1, where they came from more than 8 bits a sample or are to go there; nil where the bytes say
  /// it all. Whatever keeps the images' places or sizes keeps these too; distortions work on the bytes alone.
  package private(set) var values: [Float]?
  /// One an image, or nil. Kept as they were read, also over 9.
  public var labels: [Int]?
  /// What labels are called, such as the names of their folders; nil where their numbers are their names.
  package var labelNames: [Int: String]?
  /// Whether 0 is paper and 255 ink. Photographs have neither: their pixels are as in their files.
  /// Coloured images have none, unless they were read as writing on paper.
  public var hasPaper: Bool
  /// Of a part of a larger set that `subset` has taken: each image's number there; nil for all others. What is made of
  /// an image by its number, such as a distortion, is then the same as in the whole set.
  package var numbers: [Int]?
  /// Who wrote each image, counted from 0; nil where that is not known.
  package var writers: [Int]?
  /// What the set is called in tables and captions: "test", "train.csv".
  public var name: String
  /// Where it came from: a path, an address, or how it was made.
  package var source: String

  /// A set of `pixels.count / shape.size` images.
  ///
  /// - Precondition: `pixels` holds whole images, and `labels`, if given, one for each.
  public init(shape: Shape, pixels: [UInt8], labels: [Int]? = nil, name: String, source: String) {
    precondition(shape.height > 0 && shape.width > 0, "an image has at least one pixel")
    precondition(shape.channels == 1 || shape.channels == 3, "an image has 1 or 3 channels")
    precondition(pixels.count % shape.size == 0, "\(pixels.count) bytes are no whole number of \(shape) images")
    precondition(labels.map { $0.count == pixels.count / shape.size } ?? true, "one label an image is wanted")
    self.shape = shape
    self.pixels = pixels
    self.labels = labels
    self.name = name
    self.source = source
    hasPaper = shape.channels == 1
  }

  /// Images of more than 8 bits a sample: `values` lie in 0…1, and the pixels are the nearest bytes.
  ///
  /// - Precondition: as of the other initializer.
  package init(shape: Shape, values: [Float], labels: [Int]? = nil, name: String, source: String) {
    self.init(shape: shape, pixels: PixelScaling.bytes(values), labels: labels, name: name, source: source)
    self.values = values
  }

  /// N, the number of images.
  public var count: Int { pixels.count / shape.size }

  /// The images at `indices`, in that order, with their labels.
  public func selecting(_ indices: some Collection<Int>) -> ImageSet {
    func chosen<Value>(_ all: [Value]) -> [Value] {
      var chosen: [Value] = []
      chosen.reserveCapacity(indices.count * shape.size)
      for index in indices { chosen += all[index * shape.size..<(index + 1) * shape.size] }
      return chosen
    }
    var set = ImageSet(
      shape: shape, pixels: chosen(pixels), labels: labels.map { labels in indices.map { labels[$0] } }, name: name,
      source: source)
    set.values = values.map(chosen)
    set.numbers = numbers.map { numbers in indices.map { numbers[$0] } }
    set.writers = writers.map { writers in indices.map { writers[$0] } }
    set.copyNature(of: self)
    return set
  }

  /// The same images' labels and names with other pixels of the same shape, such as a distorted or restored copy.
  package func replacingPixels(_ pixels: [UInt8], name: String? = nil) -> ImageSet {
    var set = ImageSet(shape: shape, pixels: pixels, labels: labels, name: name ?? self.name, source: source)
    (set.numbers, set.writers) = (numbers, writers)
    set.copyNature(of: self)
    return set
  }

  /// The same with numbers of more than 8 bits a sample in the place of the pixels.
  package func replacingValues(_ values: [Float], name: String? = nil) -> ImageSet {
    var set = replacingPixels(PixelScaling.bytes(values), name: name)
    set.values = values
    return set
  }

  /// The same images with `values`, whatever they came from: what is made of them is then not rounded to bytes.
  package var withValues: ImageSet {
    if values != nil { return self }
    var set = self
    set.values = PixelScaling.numbers(pixels)
    return set
  }

  /// Names of labels and whether there is paper, as of another set.
  mutating func copyNature(of other: ImageSet) { (labelNames, hasPaper) = (other.labelNames, other.hasPaper) }

  /// Over the pixels: tells sets apart, guards against nothing worse than a mix-up.
  package var checksum: UInt64 { pixels.withUnsafeBytes(Checksum.of) }

  /// The first `count` images, or all when there are fewer.
  package func prefix(_ count: Int) -> ImageSet { selecting(0..<min(count, self.count)) }
}
