/// The kinds of numbers that are read, named as in the format; all become `Float`. F32 and F16 are written.
package enum ElementType: String, CaseIterable {
  case float64 = "F64"
  case float32 = "F32"
  case float16 = "F16"
  case bfloat16 = "BF16"
  case int64 = "I64"
  case int32 = "I32"
  case uint8 = "U8"

  /// Bytes of one number.
  var size: Int {
    switch self {
    case .float64, .int64: 8
    case .float32, .int32: 4
    case .float16, .bfloat16: 2
    case .uint8: 1
    }
  }

  /// The numbers in `bytes`, or nil when one of them is an integer that `Float` cannot hold exactly.
  func values(in bytes: UnsafeRawBufferPointer) -> [Float]? {
    switch self {
    case .float64: map(bytes) { Float(Double(bitPattern: UInt64(littleEndian: $0))) }
    case .float32: map(bytes) { Float(bitPattern: UInt32(littleEndian: $0)) }
    case .float16: map(bytes) { Self.half(UInt16(littleEndian: $0)) }
    case .bfloat16: map(bytes) { Float(bitPattern: UInt32(UInt16(littleEndian: $0)) << 16) }
    case .uint8: map(bytes) { (byte: UInt8) in Float(byte) }
    case .int64: exact(bytes, Int64.self)
    case .int32: exact(bytes, Int32.self)
    }
  }

  /// Half precision by its bits: the processor's own conversion loses the smallest numbers on threads that flush
  /// denormals.
  private static func half(_ bits: UInt16) -> Float {
    let (sign, exponent, fraction) = (UInt32(bits >> 15) << 31, UInt32(bits >> 10 & 31), UInt32(bits & 1023))
    switch exponent {
    case 0: return (sign == 0 ? 1 : -1) * Float(fraction) * 0x1p-24
    case 31: return Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
    default: return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
    }
  }

  private func map<Raw: FixedWidthInteger>(_ bytes: UnsafeRawBufferPointer, _ value: (Raw) -> Float) -> [Float] {
    let count = bytes.count / size
    return [Float](unsafeUninitializedCapacity: count) { values, initialized in
      for index in 0..<count {
        // A header of any length leaves the data at any address, so the loads cannot count on alignment.
        let raw = bytes.loadUnaligned(fromByteOffset: index * MemoryLayout<Raw>.size, as: Raw.self)
        values.initializeElement(at: index, to: value(raw))
      }
      initialized = count
    }
  }

  private func exact<Raw: FixedWidthInteger>(_ bytes: UnsafeRawBufferPointer, _: Raw.Type) -> [Float]? {
    var isExact = true
    let values = map(bytes) { (raw: Raw) in
      let integer = Raw(littleEndian: raw)
      isExact = isExact && Float(exactly: integer) != nil
      return Float(integer)
    }
    return isExact ? values : nil
  }
}
