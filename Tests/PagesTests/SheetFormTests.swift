import Pages
import Support
import Testing

@Suite struct SheetFormTests {
  @Test func everyFormSaysWhatItIs() throws {
    var seen: Set<[Bool]> = []
    for rows in 1...SheetForm.mostRows {
      for columns in 1...SheetForm.mostColumns { seen.insert(try SheetForm(rows: rows, columns: columns).bits) }
    }
    #expect(seen.count == SheetForm.mostRows * SheetForm.mostColumns)
  }

  @Test func formsThatFitOnNoPage() {
    for (rows, columns) in [(0, 5), (5, 0), (41, 5), (5, 33), (-1, 2)] {
      #expect(throws: UsageError.self) { try SheetForm(rows: rows, columns: columns) }
    }
  }

  @Test func cellsLieWithinTheMarks() throws {
    let form = try SheetForm(rows: 20, columns: 15)
    let (first, end) = (form.corner(row: 0, column: 0), form.corner(row: 20, column: 15))
    #expect(first.y > SheetForm.marks[0].y && end.y < SheetForm.marks[3].y)
    #expect(first.x > SheetForm.marks[0].x && end.x <= SheetForm.marks[3].x)
  }
}
