import Figures
import Support
import TestSupport
import Testing

@Suite struct NumberTableTests {
  static func parse(_ text: String) throws -> NumberTable { try NumberTable(parsing: text, file: "history.csv") }

  @Test func columnsByName() throws {
    let table = try Self.parse("\u{FEFF}epoch, loss ,val_loss,note\r\n1,0.5,,first\r\n\r\n2,1e-3,nan,\r\n")
    #expect(table.columns == ["epoch", "loss", "val_loss", "note"] && table.rowCount == 2)
    #expect(try table.values(of: "epoch") == [1, 2])
    #expect(try table.values(of: "loss") == [0.5, 0.001])
    let validation = try table.values(of: "val_loss")
    #expect(validation[0] == nil && validation[1]?.isNaN == true)
    let error = #expect(throws: DataError.self) { try table.values(of: "note") }
    #expect(error?.place == "row 2, column note" && error?.found == "\"first\"")
  }

  @Test func headerAlone() throws {
    #expect(try Self.parse("epoch,loss\n").rowCount == 0)
  }

  @Test(arguments: [
    ("", nil), ("\n\n", nil), ("epoch,loss\n1,2\n3\n", "row 3"), ("epoch,loss\n\n1,2,3\n", "row 3"),
    ("epoch,epoch\n1,2\n", "row 1"),
  ])
  func badFiles(text: String, place: String?) {
    let error = #expect(throws: DataError.self) { try Self.parse(text) }
    #expect(error?.place == place && error?.file == "history.csv")
  }

  @Test func missingColumnAndFile() throws {
    let error = #expect(throws: DataError.self) { try Self.parse("a,b\n1,2\n").values(of: "loss") }
    #expect(error?.expected == "a column named loss" && error?.found == "a, b")
    #expect(throws: SystemError.self) { try NumberTable.read("/nowhere/history.csv") }
  }
}
