import Distortions
import ImageSets
import Pages

/// What was read on one page, for programs.
package struct PageResult: Encodable {
  package var file: String
  /// From 1.
  package var page: Int
  package var width: Int
  package var height: Int
  package var tables: [Table]
  package var digits: [DigitResult]
  /// Nil unless asked for.
  package var numbers: [NumberResult]?

  package struct Table: Encodable {
    package var rows: Int
    package var columns: Int
    /// What was done to it, and was undone.
    package var orientation: Orientation
    package var orientationProbability: Float
  }

  /// - Parameters:
  ///   - least: digits that are less sure are told without saying what they are.
  ///   - joinsNumbers: whether digits next to each other are also told as numbers.
  package init(
    _ reading: PageReading, file: String, page: Int, onlyIfSure least: Float = 0, joinsNumbers: Bool = false
  ) {
    (self.file, self.page) = (file, page)
    (width, height) = (reading.page.size.width, reading.page.size.height)
    digits = reading.digits.map { DigitResult($0, file: file, page: page, onlyIfSure: least) }
    tables = reading.grids.enumerated().map { number, size in
      let vote = reading.digits.first { $0.place?.grid == number }?.orientation
      return Table(
        rows: size.rows, columns: size.columns, orientation: vote?.orientation ?? .upright,
        orientationProbability: vote?.probability ?? 1)
    }
    guard joinsNumbers else { return }
    let groups = Dictionary(grouping: reading.digits.indices) { reading.digits[$0].number }
    numbers = groups.sorted { $0.key < $1.key }.map { _, members in NumberResult(members.map { digits[$0] }) }
  }
}
