import Support
import TestSupport
import Testing

@Suite struct PhiloxTests {
  /// Known answers of the generator's authors (Random123, kat_vectors, philox4x32 10).
  @Test func knownAnswers() {
    #expect(
      Philox.encrypt(.zero, key: .zero) == SIMD4(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
    #expect(
      Philox.encrypt(SIMD4(repeating: .max), key: SIMD2(repeating: .max))
        == SIMD4(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
    #expect(
      Philox.encrypt(SIMD4(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344), key: SIMD2(0xa409_3822, 0x299f_31d0))
        == SIMD4(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1))
  }

  /// The generator as ported to Python for the reference values: Tools/golden/ten-steps.py.
  @Test func agreesWithPython() throws {
    let expected = try Golden.load("ten-steps")["uniforms"]
    var generator = Philox(seed: 7, epoch: 0, index: 0, purpose: .weights)
    #expect(expected.map { _ in generator.uniform() } == expected)
  }

  @Test func streamsDiffer() {
    var words = Set<UInt32>()
    for index in 0..<10 {
      for epoch in 0..<10 {
        for purpose in [Philox.Purpose.distortion, .shuffle] {
          var generator = Philox(seed: 1, epoch: epoch, index: index, purpose: purpose)
          words.insert(generator.nextWord())
        }
      }
    }
    #expect(words.count == 200)
  }

  @Test func permutationHoldsEachOnce() {
    var generator = Philox(seed: 3)
    let order = generator.permutation(of: 1000)
    #expect(order.sorted() == Array(0..<1000))
    #expect(order != Array(0..<1000))
  }

  @Test func integersAreEven() {
    var generator = Philox(seed: 5)
    var counts = [0, 0, 0]
    for _ in 0..<30_000 { counts[generator.integer(below: 3)] += 1 }
    for count in counts { #expect(abs(count - 10_000) < 300) }
  }
}
