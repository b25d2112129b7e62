/// A way of writing a digit, as strokes of a few points each.
///
/// A form is one line of text: strokes parted by "/", each a row of points "x,y" that the pen passes in a smooth curve;
/// a point with "!" is a sharp turn. Units are hundredths of the height of a tall digit, x to the right, y down. All were
/// drawn by eye, after looking at how many people write.
struct DigitForm: Sendable {
  struct Point: Sendable {
    /// In heights of a tall digit.
    var place: SIMD2<Float>
    var isCorner: Bool
  }

  /// How often people choose this form, relative to the digit's other forms.
  let share: Float
  let strokes: [[Point]]

  init(_ share: Float, _ text: String) {
    self.share = share
    strokes = text.split(separator: "/").map { $0.split(separator: " ").map(Self.point) }
  }

  private static func point(_ text: Substring) -> Point {
    let numbers = text.filter { $0 != "!" }.split(separator: ",").compactMap { Float($0) }
    precondition(numbers.count == 2, "\(text) is no point")
    return Point(place: SIMD2(numbers[0], numbers[1]) / 100, isCorner: text.hasSuffix("!"))
  }

  /// The forms of each digit, 0 to 9.
  static let all: [[DigitForm]] = [zero, one, two, three, four, five, six, seven, eight, nine]

  // A ring, often with the pen's start or end left inside.
  private static let zero = [
    DigitForm(4, "48,1 18,8 2,34 3,62 22,84 48,88 74,78 88,52 84,24 68,5 46,1 36,4"),
    DigitForm(2, "52,22 40,6 18,12 3,38 6,66 26,86 52,88 78,72 88,42 78,14 56,1 46,12"),
    DigitForm(1, "40,4 14,18 2,46 10,76 38,90 66,82 86,56 84,24 64,4 50,8 44,22"),
    DigitForm(1, "56,2 30,14 8,44 4,72 24,90 50,82 74,52 80,20 64,2 50,6"),
  ]

  // An arch, its left foot now and then turned in.
  private static let one = [
    DigitForm(4, "8,86 1,64 2,34 18,8 44,0 68,10 80,36 82,70 82,96"),
    DigitForm(2, "24,72 18,86 6,78 0,54 8,22 40,0 70,12 80,44 82,96"),
    DigitForm(2, "2,94 10,52 26,18 46,0! 62,24 72,60 78,98"),
    DigitForm(1, "22,66 10,80 2,66 8,32 34,2 56,2 66,24 66,66 68,98! 84,90"),
    DigitForm(1, "6,6 5,50 6,94! 8,46 24,8 52,0 72,22 76,60 76,98"),
    DigitForm(1, "4,90 4,40 8,6! 40,2 76,6! 80,40 80,98"),
    DigitForm(1, "22,92 4,70 0,34 22,6 48,0 74,8 92,36 88,70 76,94"),
  ]

  // A head to the right, and a long tail back to the left.
  private static let two = [
    DigitForm(3, "79,53 72,35 79,13 98,3 118,12 122,30 113,48 91,56 53,58 0,56"),
    DigitForm(3, "86,32 70,28 70,13 91,3 115,10 125,30 115,50 84,61 43,65 0,65"),
    DigitForm(2, "79,68 74,42 77,15 98,2 118,8 122,33 110,51! 60,55 0,56"),
    DigitForm(2, "106,27 86,27 79,12 96,0 115,8 120,32 110,55 79,68 36,70 0,70"),
    DigitForm(1, "77,35 96,27 115,5! 122,22 106,43 72,55 0,58"),
    DigitForm(1, "86,46 77,25 91,3 113,7 115,30 94,48 53,61 0,75"),
    DigitForm(2, "82,60 79,28 91,2 113,2 118,28 118,58 101,73 48,75 0,73"),
    DigitForm(1, "103,30 84,33 72,20 89,5 118,12 125,37 101,61 53,70 10,51"),
  ]

  // A hook above, a loop below, and a short tail to the right.
  private static let three = [
    DigitForm(4, "12,18 24,4 48,0 70,10 76,28 68,52 54,76 30,90 8,84 10,68 32,62 58,76 90,100"),
    DigitForm(2, "42,26 20,26 20,8 44,0 68,10 72,32 62,58 44,82 20,94 4,84 12,66 34,64 58,80 86,96"),
    DigitForm(2, "62,26 44,38 26,26 34,4 54,0 68,16 66,42 56,70 36,92 14,94 6,78 22,64 46,72 64,92 84,96"),
    DigitForm(2, "6,10 30,0 62,4 74,20 68,50 48,80 20,96 2,88 8,72 34,66 66,80 100,90"),
    DigitForm(1, "16,12 40,0 64,8 68,34 66,62! 30,64 6,80 12,98 40,96 64,74! 76,88 98,98"),
    DigitForm(1, "24,2 20,20! 50,8 72,16 70,40 52,72 26,92 8,80 22,66 48,74 76,100"),
    DigitForm(1, "14,18 28,2 54,2 68,18 62,46 44,74 22,92 8,84 22,78 50,86 88,98"),
  ]

  // A closed loop below and two arms above, the left one curled.
  private static let four = [
    DigitForm(4, "36,24 42,8 26,0 8,12 12,36 44,58 68,78 56,98 36,94 38,76 54,56 74,34 94,4"),
    DigitForm(4, "14,32 36,28 40,8 22,0 6,14 14,40 46,60 68,80 54,99 36,92 40,74 56,54 92,6"),
    DigitForm(2, "10,4 18,28 46,58 66,80 52,99 34,90 42,68 62,44 82,6"),
    DigitForm(2, "30,22 38,6 20,0 6,18 18,42 50,62 66,82 50,100 32,86 46,62 76,44 84,18 74,2"),
    DigitForm(1, "2,18 18,8 36,28 64,66 72,88 48,100 24,88 34,64 66,32 98,8"),
    DigitForm(1, "26,30 38,14 22,2 6,16 20,44 56,68 64,98! / 36,96 44,72 64,50 90,10"),
    DigitForm(1, "36,22 36,4 14,2 6,20 16,40 42,60! / 94,4 68,40 50,64 42,100"),
  ]

  // A hook with a loop below it, a bar across, and a tall loop or stem at the right.
  private static let five = [
    DigitForm(4, "8,28 12,8 32,0 52,12 56,40 46,76 22,92 4,80 20,62 52,58 80,54 102,24 96,4 84,14 84,58 90,100"),
    DigitForm(2, "8,24 14,6 34,0 52,14 54,44 44,78 20,94 4,82 22,64 56,60 92,58! / 88,2 90,50 92,100"),
    DigitForm(2, "42,26 18,30 10,12 30,0 52,12 54,42 44,78 20,94 4,80 22,62 54,60 80,52 98,20 92,2 82,18 82,60 86,100"),
    DigitForm(2, "4,14 28,4 46,18 50,50 36,82 12,92 4,76 26,62 64,58 92,10! 92,54 98,100"),
    DigitForm(1, "8,24 16,4 38,2 52,22 46,62 24,92 4,84 16,64 48,62 76,50 94,14 82,2 74,24 92,58 98,86 80,98"),
    DigitForm(1, "2,6 14,28! 44,26 50,10! 46,60 36,94 12,88 18,68 56,62 84,48 98,14 88,4 82,40 90,100"),
    DigitForm(0.5, "6,8 22,6 36,30 30,70 10,92 2,74 40,50 92,4! / 66,38 80,70 98,100"),
  ]

  // Two bows open to the right, and a long foot.
  private static let six = [
    DigitForm(4, "60,12 44,0 20,8 10,26 22,42 46,46! 20,56 4,78 16,96 50,98 92,94 128,86"),
    DigitForm(2, "56,8 34,2 14,20 20,40 42,50 48,40 32,44 8,68 12,94 44,98 90,92 124,82"),
    DigitForm(2, "46,0 12,26! 42,44! 10,66 4,92! 60,96 130,94"),
    DigitForm(2, "48,6 30,0 14,16 18,36 34,46! 16,58 8,94! 64,98 132,98"),
    DigitForm(1, "34,0 28,28 32,48 48,46 46,32 26,42 4,66 12,92 48,98 90,94 122,84"),
    DigitForm(1, "62,4 36,8 18,24! 50,44! 18,80 10,98! 60,80 124,62"),
    DigitForm(1, "22,0 24,30 40,48 54,36 40,28 14,48 4,76 20,97 70,97 118,84"),
    DigitForm(1, "4,4 10,26 34,34 52,18! 26,38 6,64 12,92 60,98 120,86"),
  ]

  // Like a western 2: a hook, a slope down to the left, and a foot to the right.
  private static let seven = [
    DigitForm(4, "10,24 20,4 46,0 66,14 62,40 42,68 14,94! 60,95 112,90"),
    DigitForm(2, "34,28 16,30 8,14 26,0 52,4 62,24 52,54 18,92! 62,92 112,84"),
    DigitForm(2, "52,24 38,38 18,32 14,12 34,0 54,8 54,36 34,72 18,92! 60,94 102,84"),
    DigitForm(2, "16,26 24,6 48,0 64,14 58,40 32,68 18,86 32,97 70,96 104,86"),
    DigitForm(1, "6,12 40,2 60,8! 40,52 6,95! 112,95"),
    DigitForm(1, "14,14 22,2 36,6 38,40 30,90! 62,94 112,88"),
    DigitForm(1, "8,22 28,2 56,4 68,24 52,50 22,74 14,92 38,95 74,86 110,90"),
    DigitForm(1, "14,16 28,2 50,4 50,26 30,54 4,90! 64,88 130,74"),
  ]

  // A bowl with a curl at the left, and a bar that leaves its right rim.
  private static let eight = [
    DigitForm(4, "10,34 30,28 32,10 16,4 4,22 4,52 20,80 44,87 66,70 74,40 76,18! 104,14 132,10"),
    DigitForm(2, "28,24 26,8 12,8 2,30 6,62 26,86 52,84 70,58 76,22! 132,14"),
    DigitForm(2, "10,32 28,28 30,10 16,2 4,20 6,54 22,84 46,88 66,70 72,38 80,14 102,4 128,6"),
    DigitForm(1, "14,6 4,26 6,58 26,84 52,82 72,52 78,18! 132,14"),
    DigitForm(2, "10,36 32,30 34,12 18,4 4,22 6,54 24,82 50,86 72,66 78,40 72,24! / 62,24 98,20 132,14"),
    DigitForm(1, "12,32 30,26 28,8 12,10 4,36 16,72 34,88! 58,64 76,24 96,12 128,4"),
    DigitForm(1, "14,30 32,24 32,6 14,2 2,24 4,60 24,86 50,86 66,70 70,50! 100,46 128,42"),
    DigitForm(1, "20,22 22,8 8,8 2,34 10,72 34,88 56,72 64,40 62,22! 86,6"),
    DigitForm(1, "12,12 2,36 8,72 34,90 62,80 76,50 72,26 60,20! 90,12 128,8"),
  ]

  // A long roof, and two bows open to the right.
  private static let nine = [
    DigitForm(4, "128,2 84,5 40,8 14,24 20,44 48,52! 22,60 8,78 22,97 50,95 64,86"),
    DigitForm(2, "126,4 70,7 18,10! 10,30 20,44 46,50! 14,68 14,92 38,99 62,94"),
    DigitForm(2, "122,2 78,4 38,12 14,32 30,50 50,50 24,64 12,84 30,100 50,86 44,64"),
    DigitForm(1, "0,12 60,10 118,6! / 22,12 12,30 22,46 46,50! 20,66 12,88 36,98 54,96"),
    DigitForm(1, "124,0 80,10 40,24 24,44 46,58! 20,74 14,94 40,100 58,90"),
    DigitForm(1, "120,2 74,12 44,36 38,64 52,78 40,98 24,92 34,78"),
  ]
}
