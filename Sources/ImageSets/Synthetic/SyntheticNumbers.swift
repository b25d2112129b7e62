import Support

/// Numbers of one or two of the synthetic writer's digits, in grey or in colours, of any size and with any number of
/// classes: data to try what takes other images than 28×28 digits on.
///
/// Image i shows the number i mod `classes`; it is a function of (seed, writer, sample) alone.
package struct SyntheticNumbers: Sendable {
  /// Of every image. Grey ones are ink on paper; coloured ones have a ground and an ink of some colour, and no paper.
  package let shape: ImageSet.Shape
  /// From 2 to 100; their labels are the numbers from 0.
  package let classes: Int
  package let seed: UInt64

  /// - Precondition: there are 2 to 100 classes, and images of at least 8×8 pixels.
  package init(shape: ImageSet.Shape, classes: Int, seed: UInt64 = 1) {
    precondition((2...100).contains(classes), "from 2 to 100 numbers")
    precondition(min(shape.height, shape.width) >= 8, "a digit wants at least 8×8 pixels")
    (self.shape, self.classes, self.seed) = (shape, classes, seed)
  }

  /// `count` images by one writer after the other, who each write all numbers in turn.
  package func imageSet(firstWriter: Int, count: Int, style: SyntheticDigits.Style = .neat, name: String) throws
    -> ImageSet
  {
    let writers = firstWriter..<firstWriter + (count + classes - 1) / classes
    // Each writes its ten digits as often as its numbers need.
    let rounds = (2 * classes + 9) / 10
    let digits = SyntheticDigits(seed: seed).imageSet(
      writers: writers, perWriter: 10 * rounds, style: style, name: name)
    var pixels: [UInt8] = []
    pixels.reserveCapacity(count * shape.size)
    for image in 0..<count {
      let (writer, number) = image.quotientAndRemainder(dividingBy: classes)
      let figures = number < 10 ? [number] : [number / 10, number % 10]
      let places = figures.enumerated().map { place, figure in
        (writer * rounds + (2 * number + place) / 10 % rounds) * 10 + figure
      }
      pixels += try draw(places.map { digits.selecting([$0]) }, index: image)
    }
    return ImageSet(
      shape: shape, pixels: pixels, labels: (0..<count).map { $0 % classes }, name: name,
      source: "synthetic numbers of \(shape), \(classes) classes, seed \(seed), writers \(writers)")
  }

  /// The figures side by side, as large as the image allows, in its middle; (H, W, C).
  private func draw(_ figures: [ImageSet], index: Int) throws -> [UInt8] {
    let side = SyntheticDigits.shape.height
    let width = side * figures.count
    let scale = min(Double(shape.height) / Double(side), Double(shape.width) / Double(width))
    let size = ImageSize(
      height: max(1, Int(Double(side) * scale)), width: max(1, Int(Double(side) * scale)))
    let (top, left) = ((shape.height - size.height) / 2, (shape.width - size.width * figures.count) / 2)
    var ink = [UInt8](repeating: 0, count: shape.height * shape.width)
    for (place, figure) in figures.enumerated() {
      let drawn = try figure.resized(to: size).pixels
      for row in 0..<size.height {
        let start = (top + row) * shape.width + left + place * size.width
        for column in 0..<size.width { ink[start + column] = drawn[row * size.width + column] }
      }
    }
    guard shape.channels == 3 else { return ink }
    var generator = Philox(seed: seed, index: index, purpose: .writing)
    // A dark ground and a light ink, or the other way round.
    let dark = (0..<3).map { _ in Int(generator.uniform() * 100) }
    let light = (0..<3).map { _ in 155 + Int(generator.uniform() * 100) }
    let (ground, color) = generator.chance(0.5) ? (dark, light) : (light, dark)
    return ink.flatMap { value -> [UInt8] in
      let share = Int(value)
      return zip(ground, color).map { below, above -> UInt8 in
        let mixed: Int = below * (255 - share) + above * share
        return UInt8((mixed + 127) / 255)
      }
    }
  }
}
