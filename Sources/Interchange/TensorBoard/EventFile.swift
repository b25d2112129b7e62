import Foundation
import Support

/// A file of TensorBoard's events: records that are appended as they happen and can be read meanwhile.
///
/// Each record is its length, a checksum of that, its bytes and a checksum of these (TFRecord). Source: TensorFlow,
/// core/lib/io/record_writer.h and core/util/event.proto.
final class EventFile {
  let path: String
  private let descriptor: Int32

  /// A new file in the folder, which is made where it is not there.
  ///
  /// - Throws: `SystemError`.
  init(in folder: String) throws {
    try Folder.create(folder)
    let seconds = Int(Date().timeIntervalSince1970)
    let stem = "events.out.tfevents.\(seconds).\(ProcessInfo.processInfo.hostName).\(getpid())"
    // TensorBoard takes the files of a folder in the order of their names.
    var (number, opened) = (0, Int32(-1))
    repeat {
      opened = open("\(folder)/\(stem).\(number)", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      number += 1
    } while opened < 0 && errno == EEXIST
    (path, descriptor) = ("\(folder)/\(stem).\(number - 1)", opened)
    guard descriptor >= 0 else { throw SystemError.last(operation: "create", path: path) }
    try append { $0.text(3, "brain.Event:2") }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// - Throws: `SystemError`, such as for a full disk.
  func append(step: Int = 0, _ content: (inout ProtobufMessage) -> Void) throws {
    let event = ProtobufMessage {
      $0.double(1, Date().timeIntervalSince1970)
      $0.integer(2, step)
      content(&$0)
    }
    let length = withUnsafeBytes(of: UInt64(event.bytes.count).littleEndian) { Array($0) }
    let record = length + Self.checksum(length) + event.bytes + Self.checksum(event.bytes)
    try record.withUnsafeBytes { try Descriptor.writeAll($0, to: descriptor, path: path) }
  }

  /// CRC-32C, then turned and shifted so that the checksum of data with checksums in it is not special.
  private static func checksum(_ bytes: [UInt8]) -> [UInt8] {
    var crc = ~UInt32(0)
    for byte in bytes { crc = crc >> 8 ^ table[Int(UInt8(truncatingIfNeeded: crc) ^ byte)] }
    crc = ~crc
    return withUnsafeBytes(of: ((crc >> 15 | crc << 17) &+ 0xA282_EAD8).littleEndian) { Array($0) }
  }

  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { crc, _ in crc & 1 == 0 ? crc >> 1 : crc >> 1 ^ 0x82F6_3B78 }
  }
}
