/// Counter-based random numbers: Philox 4×32 with ten rounds (Salmon, Moraes, Dror and Shaw, "Parallel random
/// numbers: as easy as 1, 2, 3", SC 2011).
///
/// A stream is named by (seed, epoch, index, purpose), so that the numbers for any image of any epoch can be made
/// alone, in any order, on any thread or rank. Each stream holds 2³⁴ words of 32 bits.
public struct Philox: RandomNumberGenerator, Sendable {
  /// What the numbers are for; streams of different purposes never overlap.
  package enum Purpose: UInt8, Sendable {
    case general = 0
    case distortion = 1
    case shuffle = 2
    case weights = 3
    case writer = 4
    case writing = 5
    case split = 6
    case dropout = 7
    case noise = 8
    case search = 9
    case subset = 10
    case crop = 11
  }

  /// What one encryption gives: four words.
  package typealias Block = SIMD4<UInt32>

  /// (seed low, seed high)
  package let key: SIMD2<UInt32>
  /// The first word counts blocks; the other three name the stream: index, epoch, purpose with the index's high bits.
  package private(set) var counter: Block
  private var block = Block()
  private var used = 4

  /// The stream from its beginning. `epoch` counts with its low 32 bits, `index` with its low 56.
  package init(seed: UInt64, epoch: Int = 0, index: Int = 0, purpose: Purpose = .general) {
    key = SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    let high = UInt32(truncatingIfNeeded: index >> 32) << 8
    counter = Block(
      0, UInt32(truncatingIfNeeded: index), UInt32(truncatingIfNeeded: epoch), high | UInt32(purpose.rawValue))
  }

  /// The ten rounds: a bijection of the counter for each key.
  package static func encrypt(_ counter: Block, key: SIMD2<UInt32>) -> Block {
    var c = counter
    var k = key
    for _ in 0..<10 {
      let a = UInt64(c.x) &* 0xD251_1F53
      let b = UInt64(c.z) &* 0xCD9E_8D57
      c = Block(
        UInt32(truncatingIfNeeded: b >> 32) ^ c.y ^ k.x, UInt32(truncatingIfNeeded: b),
        UInt32(truncatingIfNeeded: a >> 32) ^ c.w ^ k.y, UInt32(truncatingIfNeeded: a))
      k = k &+ SIMD2(0x9E37_79B9, 0xBB67_AE85)
    }
    return c
  }

  /// The next 32 bits.
  package mutating func nextWord() -> UInt32 {
    if used == 4 {
      block = Self.encrypt(counter, key: key)
      counter.x &+= 1
      used = 0
    }
    defer { used += 1 }
    return block[used]
  }

  /// The next 64 bits, the low word first.
  public mutating func next() -> UInt64 {
    let low = UInt64(nextWord())
    return low | UInt64(nextWord()) << 32
  }

  /// Uniform in [0, 1), in steps of 2⁻²⁴.
  public mutating func uniform() -> Float {
    Float(nextWord() >> 8) * 0x1p-24
  }

  /// Uniform in [range.lowerBound, range.upperBound].
  public mutating func uniform(in range: ClosedRange<Float>) -> Float {
    range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
  }

  /// Uniform among 0 ..< bound; `bound` between 1 and 2³². The bias is below bound / 2³².
  public mutating func integer(below bound: Int) -> Int {
    precondition(bound > 0 && bound <= 1 << 32, "a bound from 1 to 2^32 is wanted")
    return Int((UInt64(nextWord()) &* UInt64(bound)) >> 32)
  }

  /// True with the given probability.
  package mutating func chance(_ probability: Float) -> Bool {
    uniform() < probability
  }

  /// A uniformly random order of 0 ..< count (Fisher and Yates).
  package mutating func permutation(of count: Int) -> [Int] {
    var order = Array(0..<count)
    var last = count - 1
    while last > 0 {
      order.swapAt(last, integer(below: last + 1))
      last -= 1
    }
    return order
  }
}
