import ImageSets
import TestSupport
import Testing

/// What the images look like, in figures.
@Suite struct SyntheticLooksTests {
  private static let set = SyntheticDigits(seed: 3).imageSet(writers: 0..<100, perWriter: 50, name: "looks")
  private static let rough = SyntheticDigits(seed: 3)
    .imageSet(writers: 0..<50, perWriter: 20, style: .rough, name: "rough")

  /// The real training images: mean 20.98, 0.8953 of the pixels exactly 0 or 255. Dig-MNIST: 28.73, 0.8848.
  @Test func inkAsInTheRealImages() {
    for (set, ink, pure) in [(Self.set, 20.0...22.0, 0.885...0.91), (Self.rough, 25.0...33.0, 0.875...0.905)] {
      let mean = Double(set.pixels.reduce(0) { $0 + Int($1) }) / Double(set.pixels.count)
      #expect(ink.contains(mean), "mean \(mean)")
      let share = Double(set.pixels.filter { $0 == 0 || $0 == 255 }.count) / Double(set.pixels.count)
      #expect(pure.contains(share), "pure \(share)")
    }
  }

  /// A digit's mean ink and the mean number of columns with ink, in the real training images.
  @Test(arguments: [
    (0, 22.4, 11.25), (1, 18.3, 11.1), (2, 24.9, 19.35), (3, 18.2, 11.03), (4, 17.6, 10.45),
    (5, 24.4, 13.35), (6, 19.7, 15.95), (7, 19.6, 14.48), (8, 24.9, 17.81), (9, 19.8, 15.66),
  ])
  func digitsAsInTheRealImages(digit: Int, ink: Double, width: Double) {
    let own = zip(images(Self.set), Self.set.labels ?? []).filter { $0.1 == digit }.map(\.0)
    let mean = Double(own.joined().reduce(0) { $0 + Int($1) }) / Double(own.count * Self.set.shape.size)
    #expect(abs(mean - ink) < 2, "ink \(mean)")
    let columns = own.map { image in (0..<28).filter { x in (0..<28).contains { image[$0 * 28 + x] > 0 } }.count }
    let meanColumns = Double(columns.reduce(0, +)) / Double(own.count)
    #expect(abs(meanColumns - width) < 1.2, "width \(meanColumns)")
  }

  /// Prepared like the real ones: 20 pixels high or wide, never more; the centre of mass in the middle.
  @Test func prepared() {
    for set in [Self.set, Self.rough] {
      var centred = 0
      var full = 0
      var largest = 0
      for image in images(set) {
        let ink = image.indices.filter { image[$0] > 0 }
        let (rows, columns) = (ink.map { $0 / 28 }, ink.map { $0 % 28 })
        let height = (rows.max() ?? 0) - (rows.min() ?? 0) + 1
        let width = (columns.max() ?? 0) - (columns.min() ?? 0) + 1
        largest = max(largest, height, width)
        if max(height, width) == 20 { full += 1 }
        let mass = ink.reduce(0.0) { $0 + Double(image[$1]) }
        let x = ink.reduce(0.0) { $0 + Double($1 % 28) * Double(image[$1]) } / mass
        let y = ink.reduce(0.0) { $0 + Double($1 / 28) * Double(image[$1]) } / mass
        if abs(x - 14) <= 0.51 && abs(y - 14) <= 0.51 { centred += 1 }
      }
      #expect(largest == 20)
      #expect(full > set.count * 98 / 100)
      #expect(centred > set.count * 98 / 100)
    }
  }

  @Test func noTwoAreEqual() {
    #expect(Set(images(Self.set)).count == Self.set.count)
  }

  /// Images of a digit by one writer are nearer to each other than to another writer's.
  @Test(arguments: 0..<10)
  func writersHaveAHandOfTheirOwn(digit: Int) {
    let all = images(Self.set)
    func distance(_ a: Int, _ b: Int) -> Int {
      zip(all[a], all[b]).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
    }
    var (own, other) = (0, 0)
    for writer in 0..<99 {
      let first = writer * 50 + digit
      own += distance(first, first + 20) + distance(first + 10, first + 30)
      other += distance(first, first + 50) + distance(first + 10, first + 60)
    }
    #expect(Double(own) < 0.9 * Double(other), "\(own) against \(other)")
  }

  /// The mean images of the digits lie apart, and new writers' digits lie nearest to the mean of their own.
  @Test func digitsCanBeToldApart() {
    let means = classMeans(Self.set)
    for a in 0..<10 {
      for b in 0..<a { #expect(distance(means[a], means[b]) > 100, "\(a) and \(b)") }
    }
    let held = SyntheticDigits(seed: 3).imageSet(writers: 100..<150, perWriter: 20, name: "held out")
    let right = zip(images(held), held.labels ?? []).filter { image, label in
      nearest(to: image.map(Float.init), among: means) == label
    }
    #expect(right.count > held.count * 7 / 10, "\(right.count) of \(held.count)")
  }

  /// Each real digit's mean image is nearest to the synthetic mean of the same digit.
  @Test(.enabled(if: RealData.isThere))
  func meansAsInTheRealImages() throws {
    let real = try Dataset.open(RealData.root).load(.test)
    let means = classMeans(Self.set)
    for (digit, mean) in classMeans(real).enumerated() {
      #expect(nearest(to: mean, among: means) == digit)
    }
  }

  /// (10, 784)
  private func classMeans(_ set: ImageSet) -> [[Float]] {
    var sums = [[Float]](repeating: [Float](repeating: 0, count: set.shape.size), count: 10)
    var counts = [Float](repeating: 0, count: 10)
    for (image, label) in zip(images(set), set.labels ?? []) {
      counts[label] += 1
      for index in image.indices { sums[label][index] += Float(image[index]) }
    }
    return zip(sums, counts).map { sum, count in sum.map { $0 / count } }
  }

  private func distance(_ a: [Float], _ b: [Float]) -> Float {
    zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
  }

  private func nearest(to image: [Float], among means: [[Float]]) -> Int? {
    means.indices.min { distance(means[$0], image) < distance(means[$1], image) }
  }
}
