/// Places by squares of a page, so that those near another one are found without looking at all.
struct Buckets: Sendable {
  private let side: Float
  private var squares: [SIMD2<Int>: [Int]] = [:]

  /// - Parameters:
  ///   - numbers: of those places that are looked for.
  ///   - side: what is nearer than this along both axes is found.
  init(_ numbers: some Sequence<Int>, at place: (Int) -> SIMD2<Float>, side: Float) {
    self.side = side
    for number in numbers { squares[key(place(number)), default: []].append(number) }
  }

  private func key(_ place: SIMD2<Float>) -> SIMD2<Int> {
    let limit = Float(1 << 24)
    func whole(_ value: Float) -> Int { value.isNaN ? 0 : Int(min(max((value / side).rounded(.down), -limit), limit)) }
    return SIMD2(whole(place.x), whole(place.y))
  }

  /// Numbers of the places in the same square and those around it, square by square.
  func near(_ place: SIMD2<Float>) -> [Int] {
    let middle = key(place)
    return (-1...1).flatMap { y in (-1...1).flatMap { x in squares[middle &+ SIMD2(x, y)] ?? [] } }
  }
}
