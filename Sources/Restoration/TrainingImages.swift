import Distortions
import ImageSets
import Support

/// Clean images to train on or to validate with, and the damaged image of each where there are real pairs.
package struct TrainingImages: Sendable {
  /// One set of images of one size, or a set of one for each image where sizes differ.
  package private(set) var clean: [ImageSet]
  /// In the same order and of the same sizes; nil where a recipe distorts the clean ones.
  package private(set) var damaged: [ImageSet]?
  package var name: String
  /// Where they came from.
  package var source: String

  /// Images of one size, to be distorted.
  package init(_ set: ImageSet) {
    (clean, name, source) = ([set], set.name, set.source)
  }

  /// Images of several sizes, each a set of one.
  ///
  /// - Precondition: there is at least one, and a damaged one of the same shape for each.
  package init(clean: [ImageSet], damaged: [ImageSet]? = nil, name: String, source: String) {
    precondition(!clean.isEmpty && clean.allSatisfy { $0.count == 1 }, "at least one image, each a set of its own")
    precondition(damaged.map { $0.map(\.shape) == clean.map(\.shape) } ?? true, "pairs are of one shape")
    (self.clean, self.damaged, self.name, self.source) = (clean, damaged, name, source)
  }

  /// How many images.
  package var count: Int { clean.reduce(0) { $0 + $1.count } }
  /// Of the first image; of all where they are of one size.
  package var shape: ImageSet.Shape { clean[0].shape }

  /// The images in one set; throws `DataError` where their sizes differ.
  package func joined() throws(DataError) -> TrainingImages {
    guard clean.count > 1 || damaged != nil else { return self }
    var images = self
    images.clean = [try ImageSet(joining: clean, name: name, source: source)]
    if let damaged { images.damaged = [try ImageSet(joining: damaged, name: name, source: source)] }
    return images
  }

  /// The images at `indices`, in that order.
  package func selecting(_ indices: some Collection<Int>) -> TrainingImages {
    var images = self
    func select(_ sets: [ImageSet]) -> [ImageSet] {
      sets.count == 1 ? [sets[0].selecting(indices)] : indices.map { sets[$0] }
    }
    images.clean = select(clean)
    images.damaged = damaged.map(select)
    return images
  }

  /// The same with other clean sets, such as relabelled ones of the same images.
  func mapping(_ change: (ImageSet) throws -> ImageSet) rethrows -> TrainingImages {
    var images = self
    images.clean = try clean.map(change)
    return images
  }
}

/// Squares cut at random from images, turned and flipped: which one is a function of (seed, epoch, number) alone. In an
/// epoch an image gives as many as fit into its area side by side, at least one.
package struct Patches: Sendable {
  let side: Int
  let images: TrainingImages
  private let seed: UInt64
  private let table: OrientationTable
  /// The number of each image's first patch, and behind the last one's of all.
  private let starts: [Int]
  /// Each image's set, and its number there.
  private let places: [(set: Int, image: Int)]

  /// - Throws: `UsageError` naming the first image that is smaller than a patch.
  package init(of images: TrainingImages, side: Int, seed: UInt64) throws(UsageError) {
    (self.images, self.side, self.seed) = (images, side, seed)
    let shape = ImageSet.Shape(height: side, width: side, channels: images.shape.channels)
    table = OrientationTable(shape)
    places = images.clean.enumerated().flatMap { set, images in (0..<images.count).map { (set, $0) } }
    var starts = [0]
    for place in places {
      let set = images.clean[place.set]
      guard min(set.shape.height, set.shape.width) >= side else {
        throw UsageError(
          "\(set.name) has \(set.shape.imageSize) pixels, and patches of \(side)x\(side) are wanted",
          remedy: "Choose a smaller --crop, or take the image out.")
      }
      starts.append((starts.last ?? 0) + max(1, set.shape.height * set.shape.width / (side * side)))
    }
    self.starts = starts
  }

  package var count: Int { starts.last ?? 0 }
  var shape: ImageSet.Shape { table.shape }

  /// Cuts patch `number` of `epoch`, (side, side, C) bytes, out of the clean image and, into `damaged`, out of its damaged
  /// one. `scratch` holds as many bytes.
  package func cut(
    _ number: Int, epoch: Int, into clean: UnsafeMutablePointer<UInt8>, damaged: UnsafeMutablePointer<UInt8>?,
    scratch: UnsafeMutablePointer<UInt8>
  ) {
    var (low, high) = (0, starts.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= number { low = middle } else { high = middle }
    }
    let place = places[low]
    let whole = images.clean[place.set].shape
    var generator = Philox(seed: seed, epoch: epoch, index: number, purpose: .crop)
    let top = generator.integer(below: whole.height - side + 1)
    let left = generator.integer(below: whole.width - side + 1)
    let orientation = Orientation.allCases[generator.integer(below: Orientation.allCases.count)]
    func cut(_ set: ImageSet, into target: UnsafeMutablePointer<UInt8>) {
      let row = side * shape.channels
      set.pixels.withUnsafeBufferPointer { pixels in
        for y in 0..<side {
          let from = place.image * whole.size + ((top + y) * whole.width + left) * whole.channels
          (scratch + y * row).update(from: pixels.baseAddress! + from, count: row)
        }
      }
      table.apply(scratch, as: orientation, into: target)
    }
    cut(images.clean[place.set], into: clean)
    if let damaged, let sets = images.damaged { cut(sets[place.set], into: damaged) }
  }
}
