import ImageSets
import Support
import TestSupport
import Testing

/// What is promised of every image: where it comes from, and that it comes out the same again.
@Suite struct SyntheticDigitsTests {
  private let digits = SyntheticDigits(seed: 7)

  /// The bytes themselves, on any machine: models trained on them are compared from version to version.
  @Test(arguments: [
    (SyntheticDigits.Style.neat, 0..<20, UInt64(15_375_229_517_939_185_321)),
    (.neat, 640..<650, 15_943_264_248_107_234_889),
    (.rough, 700..<710, 9_086_112_749_571_386_050),
  ])
  func pinnedBytes(style: SyntheticDigits.Style, writers: Range<Int>, sum: UInt64) {
    #expect(checksum(digits.imageSet(writers: writers, perWriter: 20, style: style, name: "pinned")) == sum)
  }

  @Test func sameOnAnyNumberOfThreads() {
    let usual = Threads.count
    defer { Threads.use(usual) }
    let sets = [1, 2, 3, 5].map { threads in
      Threads.use(threads)
      return digits.imageSet(writers: 2..<9, perWriter: 13, name: "threads")
    }
    #expect(sets.map { $0 == sets[0] } == [true, true, true, true])
  }

  @Test func aImageIsTheSameWhateverIsMadeBesideIt() {
    let many = digits.imageSet(writers: 0..<8, perWriter: 50, name: "many")
    let few = digits.imageSet(writers: 3..<6, perWriter: 31, name: "few")
    let same = many.selecting((3..<6).flatMap { writer in (0..<31).map { writer * 50 + $0 } })
    #expect(zip(images(few), images(same)).filter { $0 != $1 }.count == 0)
    #expect(few.labels == same.labels)
  }

  @Test func labelsTakeTurns() {
    let set = digits.imageSet(writers: 5..<7, perWriter: 12, name: "turns")
    #expect(set.labels == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1])
    #expect(set.shape == .init(height: 28, width: 28, channels: 1))
    #expect(set.name == "turns")
  }

  @Test func emptyRanges() {
    #expect(digits.imageSet(writers: 4..<4, perWriter: 10, name: "nobody").count == 0)
    #expect(digits.imageSet(writers: 4..<9, perWriter: 0, name: "nothing").count == 0)
  }

  @Test func seedsAndStylesDiffer() {
    let set = digits.imageSet(writers: 0..<2, perWriter: 20, name: "set")
    let otherSeed = SyntheticDigits(seed: 7 + 1 << 32).imageSet(writers: 0..<2, perWriter: 20, name: "set")
    let otherStyle = digits.imageSet(writers: 0..<2, perWriter: 20, style: .rough, name: "set")
    #expect(Set([set, otherSeed, otherStyle].flatMap(images)).count == 120)
  }

  /// The parts have Kannada-MNIST's sizes, and nobody writes in two of them.
  @Test func parts() {
    #expect(
      Dataset.Part.allCases.map { $0.syntheticWriters.count * $0.syntheticPerWriter }
        == [60_000, 10_000, 10_000, 10_240])
    let writers = Dataset.Part.allCases.flatMap(\.syntheticWriters)
    #expect(Set(writers).count == writers.count)
    let test = digits.imageSet(.test)
    #expect(test.count == 10_000)
    #expect(test.name == "test")
    let first = digits.imageSet(writers: 600..<602, perWriter: 100, name: "first")
    #expect(zip(images(test), images(first)).filter { $0 != $1 }.count == 0)
  }

  /// FNV-1a over all pixels.
  private func checksum(_ set: ImageSet) -> UInt64 {
    set.pixels.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }
}

func images(_ set: ImageSet) -> [[UInt8]] {
  (0..<set.count).map { Array(set.pixels[$0 * set.shape.size..<($0 + 1) * set.shape.size]) }
}
