/// A message in the wire format of protocol buffers, written field by field.
///
/// ONNX and TensorBoard want some thirty fields of a dozen messages. swift-protobuf's generated code for the two schemas is
/// twenty times as long as what writes them here, and a dependency for everybody who builds; nothing is read in this format.
/// Source: protobuf.dev, "Encoding".
struct ProtobufMessage {
  private(set) var bytes: [UInt8] = []

  init() {}
  init(_ build: (inout ProtobufMessage) -> Void) { build(&self) }

  private enum WireType: UInt64 {
    case varint = 0
    case fixed64 = 1
    case lengthDelimited = 2
    case fixed32 = 5
  }

  mutating func integer(_ field: Int, _ value: Int) {
    key(field, .varint)
    varint(UInt64(bitPattern: Int64(value)))
  }

  mutating func float(_ field: Int, _ value: Float) {
    key(field, .fixed32)
    append(value.bitPattern.littleEndian)
  }

  mutating func double(_ field: Int, _ value: Double) {
    key(field, .fixed64)
    append(value.bitPattern.littleEndian)
  }

  mutating func text(_ field: Int, _ value: String) { data(field, value.utf8) }

  mutating func data(_ field: Int, _ value: some Collection<UInt8>) {
    key(field, .lengthDelimited)
    varint(UInt64(value.count))
    bytes.append(contentsOf: value)
  }

  mutating func message(_ field: Int, _ value: ProtobufMessage) { data(field, value.bytes) }
  mutating func message(_ field: Int, _ build: (inout ProtobufMessage) -> Void) {
    message(field, ProtobufMessage(build))
  }

  private mutating func key(_ field: Int, _ type: WireType) { varint(UInt64(field) << 3 | type.rawValue) }

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  private mutating func append(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: value) { bytes.append(contentsOf: $0) }
  }
}
