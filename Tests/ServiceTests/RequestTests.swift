import Foundation
import Service
import Testing

@Suite struct RequestTests {
  private func form(_ text: String, type: String = "multipart/form-data; boundary=xyz") throws -> String {
    String(decoding: try Form(Array(text.utf8), type: type).file, as: UTF8.self)
  }

  @Test func findsTheFileOfAForm() throws {
    let part = "\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a.png\"\r\n\r\nbytes\r\n--xy\r\n--xyz"
    #expect(try form("--xyz\(part)--") == "bytes\r\n--xy")
    #expect(try form("preamble\r\n--xyz\(part)--\r\nepilogue") == "bytes\r\n--xy")
    let note = "\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nhello\r\n--xyz"
    #expect(try form("--xyz\(note)\(part)--") == "bytes\r\n--xy")
    #expect(try form("--xyz\(note)--") == "hello")
    #expect(try form("--xyz\(note)--", type: "Multipart/Form-Data; charset=x; boundary=\"xyz\"") == "hello")
  }

  @Test(arguments: [
    "", "--xyz", "--xyz--", "--xyz\r\n", "--xyz\r\n\r\n", "--xyz\r\nA: b\r\n--xyz--", "--xyz\r\nA: b\r\n\r\nno end",
    "--xy\r\n\r\nx\r\n--xy--", String(repeating: "--xyz\r\nA: b\r\n\r\nx\r\n", count: 40) + "--xyz--",
    "--xyz\r\nA: " + String(repeating: "b", count: 20_000) + "\r\n\r\nx\r\n--xyz--",
  ])
  func refusesForms(text: String) {
    #expect(throws: (any Error).self) { try form(text) }
  }

  @Test(arguments: [
    "multipart/form-data", "multipart/form-data; boundary=",
    "multipart/form-data; boundary=\(String(repeating: "x", count: 71))",
  ])
  func refusesBoundaries(type: String) {
    #expect(throws: (any Error).self) { try form("--xyz\r\nA: b\r\n\r\nx\r\n--xyz--", type: type) }
  }

  @Test func numbersComeFlatOrNested() throws {
    func numbers(_ json: String) throws -> [Double] {
      try JSONDecoder().decode(FlatNumbers.self, from: Data(json.utf8)).values
    }
    #expect(try numbers("[1, 2.5, -3]") == [1, 2.5, -3])
    #expect(try numbers("[[1, 2], [3, 4]]") == [1, 2, 3, 4])
    #expect(try numbers("[[[[1], [2]]], [[[3], [4]]]]") == [1, 2, 3, 4])
    #expect(try numbers("[]") == [])
    for bad in ["[[1, 2], 3]", "[1, [2]]", "[\"1\"]", "[null]", "[[[[[[1]]]]]]", "{}", "5"] {
      #expect(throws: (any Error).self) { try numbers(bad) }
    }
  }

  @Test func histogramsCountByBounds() {
    var histogram = Histogram([1, 2, 4])
    for value in [0.5, 1, 1.5, 4, 100] { histogram.record(value) }
    #expect(histogram.counts == [2, 1, 1, 1] && histogram.sum == 107)
  }
}
