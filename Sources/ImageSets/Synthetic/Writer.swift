import Groundwork

/// A person who writes: the traits that stay the same from digit to digit.
struct Writer: Sendable {
  /// How wide this person's digits come out against the forms, the sheet's own squeeze included.
  let aspect: Float
  /// Height of a tall digit in pixels of the 28×28 cell.
  let size: Float
  /// How far the top leans to the right, in heights.
  let slant: Float
  /// How much lines that should be level rise to the right, in widths.
  let rise: Float
  /// Where the waist of a digit sits: above (negative) or below the form's.
  let waist: SIMD2<Float>
  /// Half the width of the line, in pixels.
  let penRadius: Float
  /// How unevenly the pen is pressed, as a share of its width.
  let unevenness: Float
  /// How unevenly the ink flows, as a share of full black.
  let fading: Float
  /// How unsteady the hand is from point to point, in heights.
  let tremor: Float
  /// How much the shape changes from one sample to the next, in heights.
  let variation: Float
  /// Straightness of the curves between points: 0.5 is round, 0.2 angular.
  let roundness: Float
  /// How often sharp turns are rounded off, as fast writers do.
  let haste: Float
  /// How often the sheet's printed lines show in the cell.
  let carelessness: Float
  /// Where in the cell this person likes to write, in pixels from its middle.
  let seat: SIMD2<Float>
  /// The preferred form of each digit.
  let forms: [Int]

  private let seed: UInt64
  private let index: Int
  private let habitSize: Float

  init(seed: UInt64, index: Int, style: SyntheticDigits.Style) {
    var generator = Philox(seed: seed, index: index, purpose: .writer)
    let rough: Float = style == .rough ? 1.4 : 1
    self.seed = seed
    self.index = index
    aspect = (style == .rough ? 1 : 0.62) * generator.factor(0.18)
    size = 18.5 * generator.factor(0.1)
    slant = 0.08 + 0.14 * generator.bell()
    rise = 0.05 * generator.bell()
    waist = SIMD2(generator.bell(), generator.bell()) * 0.12
    penRadius = (style == .rough ? 1.05 : 0.86) * generator.factor(0.13 * rough)
    unevenness = generator.uniform(in: 0.05...0.2) * rough
    fading = generator.uniform(in: 0.1...0.4)
    tremor = generator.uniform(in: 0.004...0.014) * rough
    variation = generator.uniform(in: 0.015...0.035) * rough
    roundness = generator.uniform(in: 0.3...0.6)
    haste = generator.uniform()
    seat = SIMD2(1.5, 2) * SIMD2(generator.bell(), generator.bell())
    carelessness = style == .rough ? 0.06 : 0.03
    habitSize = 0.045 * rough
    forms = DigitForm.all.map { generator.pick($0) }
  }

  /// This person's constant deviation from each point of a form, in heights, stroke after stroke.
  func habit(digit: Int, form: Int, strokes: [[DigitForm.Point]]) -> [[SIMD2<Float>]] {
    var generator = Philox(seed: seed, epoch: 1 + digit * 64 + form, index: index, purpose: .writer)
    return strokes.map { generator.drift(count: $0.count, size: habitSize, memory: 0.6) }
  }
}

extension Philox {
  /// Bell-shaped with mean 0, variance 1 and no value beyond ±3.5: four uniform numbers added up, so that no
  /// mathematics library has a say in the digits.
  mutating func bell() -> Float {
    let sum = uniform() + uniform() + (uniform() + uniform())
    return (sum - 2) * 1.732_050_8
  }

  /// Around 1, as often f times more as f times less.
  mutating func factor(_ spread: Float) -> Float {
    let x = bell() * spread
    return x >= 0 ? 1 + x : 1 / (1 - x)
  }

  /// `count` deviations of the given size, each of which remembers a share of the one before.
  mutating func drift(count: Int, size: Float, memory: Float) -> [SIMD2<Float>] {
    let fresh = (1 - memory * memory).squareRoot()
    var value = SIMD2(bell(), bell())
    return (0..<count).map { index in
      if index > 0 { value = memory * value + fresh * SIMD2(bell(), bell()) }
      return value * size
    }
  }

  /// A form's number, drawn by the forms' shares.
  mutating func pick(_ forms: [DigitForm]) -> Int {
    var rest = uniform() * forms.reduce(0) { $0 + $1.share }
    for (index, form) in forms.enumerated() {
      rest -= form.share
      if rest < 0 { return index }
    }
    return forms.count - 1
  }
}
