import Support

/// A person who writes: what stays the same from digit to digit. Lengths are in pixels of the 28×28 cell, or in heights
/// of a tall digit.
struct Writer: Sendable {
  /// Width of the digits against the forms', with the squeeze of the sheet.
  let aspect: Float
  /// Height of a tall digit, in pixels.
  let size: Float
  /// How far the top leans to the right, in heights.
  let slant: Float
  /// How much lines that should be level rise to the right.
  let rise: Float
  /// How far the middle of a digit lies right of and below the form's.
  let waist: SIMD2<Float>
  /// Where in the cell this person writes, in pixels from its middle: often so low that the cell's edge cuts feet off.
  let seat: SIMD2<Float>
  /// Half the width of the line, in pixels.
  let penRadius: Float
  /// How unevenly the pen is pressed, as a share of its width.
  let unevenness: Float
  /// How unevenly the ink flows, as a share of full black.
  let fading: Float
  /// How unsteady the hand is along a line, in heights.
  let tremor: Float
  /// How far the points of a form stray from one sample to the next, in heights.
  let variation: Float
  /// 0.5 leads a round curve through a form's points; less is angular, more has bulges.
  let roundness: Float
  /// How often sharp turns are rounded off.
  let haste: Float
  /// The preferred form of each digit.
  let forms: [Int]

  private let seed: UInt64
  private let index: Int
  /// How far the points of a form stray from it in all of this person's samples, in heights.
  private let habit: Float

  init(seed: UInt64, index: Int, style: SyntheticDigits.Style) {
    var generator = Philox(seed: seed, index: index, purpose: .writer)
    self.seed = seed
    self.index = index
    aspect = style.squeeze * generator.factor(0.15)
    size = 17.7 * generator.factor(0.13)
    slant = 0.04 + 0.11 * style.roughness * generator.bell()
    rise = 0.05 * generator.bell()
    waist = 0.12 * generator.bells()
    seat = SIMD2(0, 1.3) + SIMD2(1.5, 2.5) * generator.bells()
    penRadius = style.penRadius * generator.factor(0.13 * style.roughness)
    unevenness = generator.uniform(in: 0.05...0.2) * style.roughness
    fading = generator.uniform(in: 0.1...0.4)
    tremor = generator.uniform(in: 0.004...0.014) * style.roughness
    variation = generator.uniform(in: 0.015...0.035) * style.roughness
    roundness = generator.uniform(in: 0.3...0.6)
    haste = generator.uniform()
    habit = 0.07 * style.roughness
    forms = DigitForm.all.map { generator.pick(from: $0) }
  }

  /// How far this person always strays from each point of a form's strokes, in heights.
  func habits(digit: Int, form: Int) -> [[SIMD2<Float>]] {
    var generator = Philox(seed: seed, epoch: 1 + digit << 8 + form, index: index, purpose: .writer)
    return DigitForm.all[digit][form].strokes.map { generator.drift(count: $0.count, memory: 0.6).map { habit * $0 } }
  }
}

extension SyntheticDigits.Style {
  /// Width of the scanned sheet against its true width.
  var squeeze: Float { self == .neat ? 0.6 : 1 }
  /// Half the width of the usual pen's line, in pixels.
  var penRadius: Float { self == .neat ? 0.85 : 1.05 }
  var roughness: Float { self == .neat ? 1 : 1.4 }
  /// How often some of a cell's printed border shows.
  var borders: Float { self == .neat ? 0.02 : 0.06 }
}

extension Philox {
  /// Bell-shaped with mean 0 and variance 1, never beyond ±3.5: a sum of four uniform numbers, so that no mathematics
  /// library has a say in the digits.
  mutating func bell() -> Float {
    let sum = uniform() + uniform() + uniform() + uniform()
    return (sum - 2) * 1.732_050_8
  }

  mutating func bells() -> SIMD2<Float> { SIMD2(bell(), bell()) }

  /// A number around 1, as often f times more as f times less.
  mutating func factor(_ spread: Float) -> Float {
    let deviation = bell() * spread
    return deviation >= 0 ? 1 + deviation : 1 / (1 - deviation)
  }

  /// `count` deviations of variance 1, each of which keeps the share `memory` of the one before.
  mutating func drift(count: Int, memory: Float) -> [SIMD2<Float>] {
    let fresh = (1 - memory * memory).squareRoot()
    var value = bells()
    return (0..<count).map { index in
      if index > 0 { value = memory * value + fresh * bells() }
      return value
    }
  }

  /// The index of a form, drawn by the forms' shares.
  mutating func pick(from forms: [DigitForm]) -> Int {
    var rest = uniform() * forms.reduce(0) { $0 + $1.share }
    for (index, form) in forms.enumerated() {
      rest -= form.share
      if rest < 0 { return index }
    }
    return forms.count - 1
  }
}
