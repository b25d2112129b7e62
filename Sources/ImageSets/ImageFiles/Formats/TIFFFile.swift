import CTIFF
import Glibc
import Support

/// A TIFF file in memory, through libtiff.
final class TIFFFile {
  /// What libtiff reads from and writes to, and what it complains of.
  final class Memory {
    var bytes: [UInt8]
    var position = 0
    var complaint: String?

    init(_ bytes: [UInt8]) { self.bytes = bytes }
  }

  let handle: OpaquePointer
  let memory: Memory
  private let kept: Unmanaged<Memory>

  /// - Parameter mode: "r" or "w", and libtiff's other letters.
  /// - Throws: `DataError` where there is no TIFF file.
  init(_ bytes: [UInt8], mode: String, file: String) throws(DataError) {
    memory = Memory(bytes)
    kept = Unmanaged.passRetained(memory)
    let options = TIFFOpenOptionsAlloc()
    defer { TIFFOpenOptionsFree(options) }
    TIFFOpenOptionsSetErrorHandlerExtR(options, Self.complain, kept.toOpaque())
    TIFFOpenOptionsSetWarningHandlerExtR(options, { _, _, _, _, _ in 1 }, nil)
    TIFFOpenOptionsSetMaxSingleMemAlloc(options, 1 << 29)
    let opened = TIFFClientOpenExt(
      file, mode, kept.toOpaque(), Self.read, Self.write, Self.seek, { _ in 0 }, Self.size, { _, _, _ in 0 },
      { _, _, _ in }, options)
    guard let opened else {
      kept.release()
      throw .damaged("TIFF", file: file, reason: memory.complaint ?? "it cannot be opened")
    }
    handle = opened
  }

  private var isOpen = true

  /// Writes what is left to be written.
  func close() {
    if isOpen { TIFFClose(handle) }
    isOpen = false
  }

  deinit {
    close()
    kept.release()
  }

  private static func memory(_ data: UnsafeMutableRawPointer?) -> Memory {
    Unmanaged<Memory>.fromOpaque(data!).takeUnretainedValue()
  }

  private static let complain: TIFFErrorHandlerExtR = { _, data, _, format, arguments in
    guard let format, let arguments else { return 1 }
    var text = [UInt8](repeating: 0, count: 200)
    text.withUnsafeMutableBytes {
      _ = vsnprintf($0.bindMemory(to: CChar.self).baseAddress, $0.count, format, arguments)
    }
    let memory = memory(data)
    if memory.complaint == nil { memory.complaint = String(decoding: text.prefix { $0 != 0 }, as: UTF8.self) }
    return 1
  }

  private static let read: TIFFReadWriteProc = { data, target, count in
    let memory = memory(data)
    let length = max(0, min(Int(count), memory.bytes.count - memory.position))
    if length > 0 {
      memory.bytes.withUnsafeBytes { target?.copyMemory(from: $0.baseAddress! + memory.position, byteCount: length) }
    }
    memory.position += length
    return tmsize_t(length)
  }

  private static let write: TIFFReadWriteProc = { data, source, count in
    let memory = memory(data)
    guard count > 0, let source else { return 0 }
    let missing = memory.position + Int(count) - memory.bytes.count
    if missing > 0 { memory.bytes += [UInt8](repeating: 0, count: missing) }
    memory.bytes.withUnsafeMutableBytes {
      ($0.baseAddress! + memory.position).copyMemory(from: source, byteCount: Int(count))
    }
    memory.position += Int(count)
    return count
  }

  private static let seek: TIFFSeekProc = { data, offset, origin in
    let memory = memory(data)
    let from = origin == SEEK_CUR ? memory.position : origin == SEEK_END ? memory.bytes.count : 0
    // Offsets are read from the file: one that cannot be is the end.
    let (sum, overflows) = from.addingReportingOverflow(Int(clamping: Int64(bitPattern: offset)))
    memory.position = overflows || sum < 0 || sum > 1 << 40 ? memory.bytes.count : sum
    return toff_t(memory.position)
  }

  private static let size: TIFFSizeProc = { data in toff_t(memory(data).bytes.count) }
}

extension TIFFFile {
  func short(_ tag: Int32) -> Int {
    var value: UInt16 = 0
    return tiff_get_16(handle, UInt32(tag), &value) == 1 ? Int(value) : 0
  }

  func long(_ tag: Int32) -> Int {
    var value: UInt32 = 0
    return tiff_get_32(handle, UInt32(tag), &value) == 1 ? Int(value) : 0
  }

  func float(_ tag: Int32) -> Double {
    var value: Float = 0
    return tiff_get_float(handle, UInt32(tag), &value) == 1 && value.isFinite ? Double(value) : 0
  }
}
