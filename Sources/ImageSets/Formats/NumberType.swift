/// How numbers are stored in an array, by numpy's names.
package enum NumberType: String, Sendable, CaseIterable {
  case uint8, uint16, uint32, uint64, int16, int32, int64, float16, float32, float64

  package var isFloat: Bool { self == .float16 || self == .float32 || self == .float64 }

  /// As numpy's headers name it.
  var code: String {
    switch self {
    case .uint8: "|u1"
    case .uint16: "<u2"
    case .uint32: "<u4"
    case .uint64: "<u8"
    case .int16: "<i2"
    case .int32: "<i4"
    case .int64: "<i8"
    case .float16: "<f2"
    case .float32: "<f4"
    case .float64: "<f8"
    }
  }

  /// What full ink, or white, is stored as where nothing else is known.
  var full: Double {
    switch self {
    case .float16, .float32, .float64: 1
    case .uint16: 65535
    case .uint8, .uint32, .uint64, .int16, .int32, .int64: 255
    }
  }

  /// Appends numbers from 0 to 65,535 in this type, the lowest byte first.
  func append(_ values: some Sequence<Double>, to bytes: inout [UInt8]) {
    func store<Word>(_ words: [Word]) { words.withUnsafeBytes { bytes += $0 } }
    func whole<Word: FixedWidthInteger>(_ type: Word.Type) {
      store(values.map { Word(clamping: Int($0.rounded())).littleEndian })
    }
    switch self {
    case .uint8: whole(UInt8.self)
    case .uint16: whole(UInt16.self)
    case .uint32: whole(UInt32.self)
    case .uint64: whole(UInt64.self)
    case .int16: whole(Int16.self)
    case .int32: whole(Int32.self)
    case .int64: whole(Int64.self)
    case .float16: store(values.map { Float16($0).bitPattern.littleEndian })
    case .float32: store(values.map { Float($0).bitPattern.littleEndian })
    case .float64: store(values.map(\.bitPattern.littleEndian))
    }
  }
}

/// How an array's images were stored, so that others can be stored in their place.
package struct ArrayEncoding: Sendable, Equatable {
  /// In which order the axes stand.
  package enum Axes: Sendable {
    /// (N, H, W), or (N, H, W, 3) in colour
    case standard
    /// (N, H, W, 1)
    case oneChannelLast
    /// (N, C, H, W)
    case channelsFirst
    /// (N, H·W·C)
    case rows
    /// (H, W), or (H, W, 3) in colour
    case single
    /// (H, W, 1)
    case singleOneChannel
    /// (C, H, W)
    case singleChannelsFirst
  }

  package var type: NumberType
  /// What full ink, or white, is stored as: 1 or 255 for floats, 255 or 65,535 for whole numbers.
  package var full: Double
  package var axes: Axes

  /// Whether such numbers tell more than 256 brightnesses apart.
  package var isDeep: Bool { type.isFloat || full > 255 }

  package init(_ type: NumberType, full: Double? = nil, axes: Axes = .standard) {
    (self.type, self.full, self.axes) = (type, full ?? type.full, axes)
  }
}
