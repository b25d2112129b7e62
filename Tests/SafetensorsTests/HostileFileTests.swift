import Safetensors
import Support
import TestSupport
import Testing

/// Damaged and malicious files: an error that says what is wrong, never a crash.
@Suite struct HostileFileTests {
  /// A file of that header and so many bytes of data.
  static func bytes(_ header: String, data: Int, length: UInt64? = nil) -> [UInt8] {
    let length = length ?? UInt64(header.utf8.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + Array(header.utf8)
      + [UInt8](repeating: 0, count: data)
  }

  static func entry(_ name: String = "a", _ type: String = "F32", _ shape: String = "1", _ begin: Int, _ end: Int)
    -> String
  {
    #""\#(name)":{"dtype":"\#(type)","shape":[\#(shape)],"data_offsets":[\#(begin),\#(end)]}"#
  }

  struct Case: CustomTestStringConvertible {
    var name: String
    var bytes: [UInt8]
    /// A part of the error's text.
    var expected: String
    var testDescription: String { name }

    init(_ name: String, _ header: String, data: Int = 4, expected: String) {
      self.init(name, HostileFileTests.bytes(header, data: data), expected: expected)
    }
    init(_ name: String, _ bytes: [UInt8], expected: String) {
      (self.name, self.bytes, self.expected) = (name, bytes, expected)
    }
  }

  static let cases: [Case] = [
    Case("empty", [], expected: "found 0 bytes"),
    Case("seven bytes", [8, 0, 0, 0, 0, 0, 0], expected: "found 7 bytes"),
    Case("header past the end", bytes("{}", data: 0, length: 3), expected: "found 2 bytes"),
    Case("header of 101 MB", bytes("{}", data: 0, length: 101_000_000), expected: "at most 100000000"),
    Case("header of 2^64 - 1 bytes", bytes("{}", data: 0, length: .max), expected: "at most 100000000"),
    Case("no JSON", "hello", expected: "header, byte 8: expected {, found hello"),
    Case("empty header", "", expected: "expected {"),
    Case("half an object", #"{"a""#, expected: "expected :"),
    Case("text after the object", "{} x", data: 0, expected: "expected the header's end, found x"),
    Case("text without an end", #"{"abc"#, expected: "quotation"),
    Case("backslash at the end", #"{"abc\"#, expected: "quotation"),
    Case("lone surrogate", #"{"\ud800":1}"#, expected: "quotation"),
    Case("not UTF-8", [6, 0, 0, 0, 0, 0, 0, 0, 0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x7D], expected: "UTF-8"),
    Case("deep nesting", #"{"a":"# + String(repeating: "[", count: 100_000), expected: "expected {"),
    Case("unknown dtype", "{\(entry("a", "F8", "1", 0, 4))}", expected: "found F8"),
    Case("unknown key", #"{"a":{"type":"F32"}}"#, expected: "found type"),
    Case("no offsets", #"{"a":{"dtype":"F32","shape":[1]}}"#, expected: "two data_offsets for a"),
    Case("one offset", #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}"#, expected: "two data_offsets"),
    Case("metadata with a number", #"{"__metadata__":{"a":1}}"#, expected: "expected \""),
    Case("name twice", "{\(entry("a", "F32", "1", 0, 4)),\(entry("a", "F32", "1", 0, 4))}", expected: "a again"),
    Case(
      "empty tensor twice", "{\(entry("a", "F32", "0", 0, 0)),\(entry("a", "F32", "0", 0, 0))}", expected: "a again"),
    Case("negative size", "{\(entry("a", "F32", "-1", 0, 4))}", expected: "found -1]"),
    Case("negative offset", "{\(entry("a", "F32", "1", -4, 0))}", expected: "found -4"),
    Case("fraction", "{\(entry("a", "F32", "1.0", 0, 4))}", expected: "expected ]"),
    Case("leading zero", "{\(entry("a", "F32", "01", 0, 4))}", expected: "found 01]"),
    Case("size over 2^63", "{\(entry("a", "F32", "9223372036854775808", 0, 4))}", expected: "an integer from 0"),
    Case("product over 2^63", "{\(entry("a", "F32", "4294967296,4294967296", 0, 4))}", expected: "2^63"),
    Case("bytes over 2^63", "{\(entry("a", "F64", "1152921504606846976", 0, 4))}", expected: "2^63"),
    Case("offsets over the data", "{\(entry("a", "F32", "2", 0, 8))}", expected: "within 4 bytes"),
    Case("huge offset", "{\(entry("a", "F32", "1", 0, .max))}", expected: "within 4 bytes"),
    Case("end before begin", "{\(entry("a", "F32", "0", 4, 0))}", expected: "begin at byte 0"),
    Case(
      "end before begin, later", "{\(entry("a", "F32", "1", 0, 4)),\(entry("b", "F32", "0", 4, 0))}", expected: "b to"),
    Case("shape and bytes differ", "{\(entry("a", "F32", "2", 0, 4))}", expected: "to have 8 bytes"),
    Case("overlap", "{\(entry("a", "F32", "1", 0, 4)),\(entry("b", "F32", "1", 0, 4))}", expected: "begin at byte 4"),
    Case("gap", "{\(entry("a", "F32", "1", 4, 8))}", data: 8, expected: "begin at byte 0"),
    Case("trailing bytes", "{\(entry("a", "F32", "1", 0, 4))}", data: 5, expected: "found 5"),
    Case("truncated data", "{\(entry("a", "F32", "1", 0, 4))}", data: 3, expected: "within 3 bytes"),
  ]

  @Test(arguments: cases) func isAnError(_ hostile: Case) throws {
    let error = try #require(throws: DataError.self) { try TensorFile(bytes: hostile.bytes, file: "hostile") }
    #expect(error.description.contains(hostile.expected), "\(error)")
    #expect(error.file == "hostile" && error.place != nil && !error.remedy.isEmpty)
  }

  @Test func integersThatFloatCannotHold() throws {
    var bytes = Self.bytes("{\(Self.entry("a", "I64", "1", 0, 8))}", data: 8)
    for (low, value) in [(UInt8(0), Float(16_777_216)), (1, nil)] {
      bytes.replaceSubrange(bytes.count - 8..<bytes.count, with: [low, 0, 0, 1, 0, 0, 0, 0])
      #expect((try? TensorFile(bytes: bytes, file: "big"))?.tensors["a"]?.values == value.map { [$0] })
    }
  }

  @Test func spaceAndOrderAreFree() throws {
    let header =
      #" { "b" : {"data_offsets":[ 4 , 8 ],"shape":[],"dtype":"I32"} ,"a":{"dtype":"BF16","# + "\n"
      + #""shape":[2,1], "data_offsets":[0,4]}  }  "#
    var bytes = Self.bytes(header, data: 8)
    bytes.replaceSubrange(bytes.count - 8..<bytes.count, with: [0x80, 0x3F, 0x20, 0xC0, 0xFE, 0xFF, 0xFF, 0xFF])
    let file = try TensorFile(bytes: bytes, file: "spaced")
    #expect(file.tensors["a"] == Tensor(shape: [2, 1], values: [1, -2.5]))
    #expect(file.tensors["b"] == Tensor(shape: [], values: [-2]))
  }

  /// Whatever bytes are changed, dropped or put in: a file or a `DataError`.
  @Test func mutations() throws {
    let original = try withTemporaryFolder { folder in
      try TensorFileTests.sample.write(to: "\(folder)/sample")
      return try Folder.read("\(folder)/sample")
    }
    let spice = Array(#"{}[]",:\0129-eu"#.utf8) + [0, 0xFF, 0x80]
    var generator = Philox(seed: 1)
    var readable = 0
    for _ in 0..<20_000 {
      var bytes = original
      for _ in 0...generator.integer(below: 3) {
        let place = generator.integer(below: bytes.count)
        let byte =
          generator.chance(0.5) ? spice[generator.integer(below: spice.count)] : UInt8(generator.integer(below: 256))
        switch generator.integer(below: 8) {
        case 0: bytes.remove(at: place)
        case 1: bytes.insert(byte, at: place)
        case 2: bytes.removeSubrange(place + 1..<bytes.count)
        default: bytes[place] = byte
        }
      }
      if (try? TensorFile(bytes: bytes, file: "mutated")) != nil { readable += 1 }
    }
    #expect(readable > 100 && readable < 19_900, "mutations of the data alone can be read, the others not")
  }
}
