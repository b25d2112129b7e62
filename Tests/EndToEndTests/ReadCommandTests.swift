import Foundation
import ImageSets
import Support
import TestSupport
import Testing

/// Photographs, scans and sheets from the terminal.
@Suite(.enabled(if: Tiddu.isBuilt)) struct ReadCommandTests {
  private func write(_ page: DrawnPage, to path: String) throws {
    try StoredImages(images: page.image, names: ["page"], paper: Paper.none).write(to: path)
  }

  private func lines(_ text: String) -> [[String]] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
  }

  @Test func sheetsAsTablesNumbersAndPictures() throws {
    try withTemporaryFolder { folder in
      try write(.sheet(rows: 10, columns: 8), to: "\(folder)/sheet.png")
      let table = try lines(Tiddu.succeed("read", "\(folder)/sheet.png", "--csv")).dropLast()
      #expect(table.count == 81 && table[0][..<5] == ["file", "page", "table", "row", "column"])
      #expect(table.dropFirst().allSatisfy { $0.count == table[0].count && $0[2] == "1" })
      let right = table.dropFirst().count { Int($0[3]).map { $0 - 1 } == Int($0[9]) }
      #expect(right >= 76, "\(right) of 80 are read right")

      let grid = try lines(Tiddu.succeed("read", "\(folder)/sheet.png", "--csv", "--grid"))
      #expect(grid.count { $0.count == 8 } == 10)
      let found =
        try JSONSerialization.jsonObject(
          with: Data(Tiddu.succeed("read", "\(folder)/sheet.png", "--json").utf8)) as? [[String: Any]]
      #expect((found?.first?["digits"] as? [Any])?.count == 80)

      try Tiddu.succeed(
        "read", "\(folder)/sheet.png", "--show", "\(folder)/shown.png", "--crops", "\(folder)/crops", "--only-if-sure",
        "1")
      #expect(try ImageSet.read("\(folder)/shown.png").count == 1)
      for part in ["before", "after"] {
        #expect(try ImageFolder.names(in: "\(folder)/crops/\(part)").count == 80)
      }
      #expect(FileManager.default.fileExists(atPath: "\(folder)/crops/before/page001-table1-row003-column008.png"))
    }
  }

  @Test func numbersInBothDigits() throws {
    try withTemporaryFolder { folder in
      let digits = SyntheticDigits().imageSet(.test, first: 10)
      var page = DrawnPage(width: 500, height: 220)
      try page.write(4, of: digits, side: 100, left: 60, top: 50)
      try page.write(5, of: digits, side: 100, left: 150, top: 50)
      try write(page, to: "\(folder)/a.png")
      #expect(try Tiddu.succeed("read", "\(folder)/a.png", "--numbers").contains("೪೫ 45"))
      let doubtful = try Tiddu.succeed("read", "\(folder)/a.png", "--numbers", "--csv", "--only-if-sure", "1")
      #expect(lines(doubtful)[1][9].contains("?"))
    }
  }

  @Test func pagesOfManyFiles() throws {
    try withTemporaryFolder { folder in
      let digits = SyntheticDigits().imageSet(.test, first: 10)
      var pages: [ImageSet] = []
      for digit in 0..<4 {
        var page = DrawnPage(width: 300, height: 260)
        if digit != 2 { try page.write(digit, of: digits, side: 120, left: 90, top: 60) }
        pages.append(page.image)
      }
      let set = try ImageSet(joining: pages, name: "pages", source: "pages")
      try StoredImages(images: set, names: (0..<4).map { "\($0)" }, paper: Paper.none).write(to: "\(folder)/pages.tif")
      let result = try Tiddu.run("read", "\(folder)/pages.tif", "--csv")
      #expect(result.status == 0 && result.errors.contains("page 3: nothing found"))
      #expect(lines(result.output).dropFirst().dropLast().map { $0[1] } == ["1", "2", "4"])
      // Each page goes into a file of its own, and none is lost.
      try Tiddu.succeed("restore", "\(folder)/pages.tif", "--keep-place", "--into", "\(folder)/kept")
      #expect(
        try Set(ImageFolder.names(in: "\(folder)/kept"))
          == ["pages.tif", "pages-page2.tif", "pages-page3.tif", "pages-page4.tif"])
      let one = try Tiddu.run("restore", "\(folder)/pages.tif", "--keep-place", "--into", "\(folder)/one.tif")
      #expect(one.status == 64 && one.errors.contains("several pictures"))
      let piped = try Tiddu.shell("tiddu read - --csv < pages.tif", in: folder)
      #expect(lines(piped.output).count == 5 && piped.output.contains("standard input"))
    }
  }

  @Test func nothingAndNoPictures() throws {
    try withTemporaryFolder { folder in
      try write(DrawnPage(width: 200, height: 100), to: "\(folder)/blank.png")
      let blank = try Tiddu.run("read", "\(folder)/blank.png", "--csv")
      #expect(blank.status == 0 && blank.errors.contains("nothing found") && lines(blank.output).count == 2)
      #expect(try Tiddu.succeed("read", "\(folder)/blank.png").isEmpty)
      try Data("no picture at all".utf8).write(to: URL(fileURLWithPath: "\(folder)/text.png"))
      try Tiddu.fail(65, ["read", "\(folder)/text.png"], saying: ["text.png"])
      try Tiddu.fail(74, ["read", "\(folder)/absent.png"], saying: ["absent.png"])
      try Tiddu.fail(64, ["read", "\(folder)/blank.png", "--grid"], saying: ["--csv"])
      try Tiddu.fail(64, ["read", "\(folder)/blank.png", "--only-if-sure", "2"], saying: ["probability"])
      try Tiddu.succeed("data", "synthesize", "--count", "3", "--into", "\(folder)/a.npz")
      try Tiddu.fail(64, ["read", "\(folder)/a.npz"], saying: ["pictures of pages"])
      try Tiddu.fail(64, ["read", "\(folder)/blank.png", "--show", "\(folder)/blank.png"], saying: ["over the input"])
      let mixed = try Tiddu.run("read", folder, "--csv", "--skip-unreadable")
      #expect(mixed.status == 65 || mixed.status == 0)
    }
  }
}

/// A digit on a photograph, restored and classified without being cut out by hand.
@Suite(.enabled(if: Tiddu.isBuilt)) struct PhotographTests {
  private func photograph(_ numbers: [Int]) throws -> DrawnPage {
    let digits = SyntheticDigits().imageSet(.test, first: 10)
    var page = DrawnPage(width: 700, height: 500, paper: 210)
    for (place, number) in numbers.enumerated() {
      try page.write(number, of: digits, side: 150, left: 80 + 200 * place, top: 160)
    }
    page.shade(to: 0.5)
    page.addNoise(4)
    return page
  }

  @Test func aDigitIsFoundAndRestored() throws {
    try withTemporaryFolder { folder in
      try StoredImages(images: photograph([3]).image, names: ["a"], paper: Paper.none).write(to: "\(folder)/a.png")
      let classes = try Tiddu.succeed("classify", "\(folder)/a.png").split(separator: "\n")
      #expect(classes.count == 2 && classes[1].split(separator: ",")[1] == "3")
      try Tiddu.succeed("restore", "\(folder)/a.png", "--into", "\(folder)/b.png")
      #expect(try ImageSet.read("\(folder)/b.png").shape == .init(height: 28, width: 28, channels: 1))
      // Whole, as before: the digit is too small then to be much.
      try Tiddu.succeed("restore", "\(folder)/a.png", "--resize", "--into", "\(folder)/whole.png")
      #expect(try ImageSet.read("\(folder)/whole.png") != ImageSet.read("\(folder)/b.png"))
    }
  }

  @Test func severalDigitsAreRestoredInTheirPlace() throws {
    try withTemporaryFolder { folder in
      let page = try photograph([3, 6, 8])
      try StoredImages(images: page.image, names: ["a"], paper: Paper.none).write(to: "\(folder)/a.png")
      try Tiddu.fail(
        65, ["restore", "\(folder)/a.png", "--into", "\(folder)/b.png"],
        saying: ["one digit", "3 of them", "--keep-place"])
      try Tiddu.succeed("restore", "\(folder)/a.png", "--keep-place", "--into", "\(folder)/b.png")
      let restored = try ImageSet.read("\(folder)/b.png")
      #expect(restored.shape.imageSize == page.image.shape.imageSize)
      try Tiddu.fail(
        64, ["restore", "\(folder)/a.png", "--keep-place", "--json", "--into", "\(folder)/b.png"],
        saying: ["--keep-place"])
    }
  }
}

/// A set of one's own from forms.
@Suite(.enabled(if: Tiddu.isBuilt)) struct DataSheetTests {
  @Test func formsBecomeASetWhoseWritersStayApart() throws {
    try withTemporaryFolder { folder in
      try Tiddu.succeed("data", "sheet", "--print", "\(folder)/form.png", "--rows", "10", "--columns", "8")
      let blank = try ImageFile.read("\(folder)/form.png", options: .init(paper: Paper.none, channels: 1)).images
      let (left, top, right, bottom) = (62.0, 84.0, 34.0, 58.0)
      let (width, height) = ((595 - left - right) / 8, (842 - top - bottom) / 10)
      for writer in 0..<2 {
        var page = DrawnPage(width: blank.shape.width, height: blank.shape.height)
        page.pixels = blank.pixels
        let digits = SyntheticDigits().imageSet(writers: 620 + writer..<621 + writer, perWriter: 80, name: "digits")
        for row in 0..<10 {
          for column in 0..<8 {
            try page.write(
              column * 10 + row, of: digits, side: 84, left: Int(2 * (left + (Double(column) + 0.5) * width)) - 42,
              top: Int(2 * (top + (Double(row) + 0.5) * height)) - 42)
          }
        }
        try StoredImages(images: page.image, names: ["a"], paper: Paper.none).write(to: "\(folder)/writer\(writer).png")
      }
      try Tiddu.succeed("data", "sheet", "\(folder)/writer0.png", "\(folder)/writer1.png", "--into", "\(folder)/set")
      let set = try StoredImages.read("\(folder)/set").images
      #expect(set.count == 160 && (0..<10).allSatisfy { label in set.labels?.count { $0 == label } == 16 })
      #expect(set.writers.map { Set($0) } == [0, 1])
      try Tiddu.succeed(
        "train", "--data", "\(folder)/set", "--preset", "report-final", "--epochs", "1", "--validation", "writers",
        "--into",
        "\(folder)/run")
      try Tiddu.succeed("data", "sheet", "\(folder)/writer0.png", "--into", "\(folder)/one")
      try Tiddu.fail(
        64,
        [
          "train", "--data", "\(folder)/one", "--preset", "report-final", "--epochs", "1", "--validation", "writers",
          "--into",
          "\(folder)/run1",
        ], saying: ["validation by writers"])
      // Where one is no form, nothing is written.
      try StoredImages(images: DrawnPage(width: 500, height: 700).image, names: ["a"], paper: Paper.none)
        .write(to: "\(folder)/no.png")
      let result = try Tiddu.run(
        "data", "sheet", "\(folder)/writer0.png", "\(folder)/no.png", "--into", "\(folder)/none")
      #expect(result.status == 65 && result.errors.contains("corners"))
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/none"))
    }
  }
}
