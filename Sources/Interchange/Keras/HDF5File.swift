import CHDF5Files
import Foundation
import Safetensors
import Support
import Synchronization

/// Arrays of floating-point numbers in an HDF5 file, by their paths; other arrays are not read.
struct HDF5File: Equatable {
  /// "layers/dense/vars/0"
  var arrays: [String: Tensor] = [:]
  /// The attribute `name` of groups, by their paths: Keras says there what a layer is called.
  var names: [String: String] = [:]

  /// HDF5's library does not work for several threads at a time.
  private static let library = Mutex(())

  init(arrays: [String: Tensor] = [:], names: [String: String] = [:]) {
    (self.arrays, self.names) = (arrays, names)
  }

  /// - Parameter file: what errors call it.
  /// - Throws: `DataError` for what is no HDF5 file, damaged or larger than 2²⁷ numbers; `SystemError`.
  init(bytes: [UInt8], file: String) throws {
    var child = pid_t()
    let descriptor = bytes.withUnsafeBytes { bytes in
      Self.library.withLock { _ in hdf5_files_begin(bytes.baseAddress, bytes.count, &child) }
    }
    guard descriptor >= 0 else { throw SystemError.last(operation: "start a process to read", path: file) }
    let sent = Result { try Descriptor.readAll(descriptor, path: file) }
    close(descriptor)
    while waitpid(child, nil, 0) < 0 && errno == EINTR {}
    var reader = Reader(try sent.get())
    do { try read(from: &reader) } catch let problem as Problem {
      throw DataError(
        file: file, expected: "an HDF5 file of weights", found: problem.text,
        remedy: "Save it again: model.save_weights(\"model.weights.h5\") or model.save(\"model.keras\") in Keras 3.")
    }
  }

  private struct Problem: Error { var text: String }

  private mutating func read(from reader: inout Reader) throws {
    while let kind = reader.integer() {
      switch kind {
      case HDF5_FILES_ARRAY:
        guard let path = reader.text(), let tensor = reader.tensor() else { throw Problem(text: "a damaged file") }
        arrays[path] = tensor
      case HDF5_FILES_NAME:
        guard let path = reader.text(), let name = reader.text() else { throw Problem(text: "a damaged file") }
        names[path] = name
      case HDF5_FILES_PROBLEM: throw Problem(text: reader.text() ?? "a damaged file")
      case HDF5_FILES_END: return
      default: throw Problem(text: "a damaged file")
      }
    }
    throw Problem(text: "a damaged file, on which HDF5's library breaks down")
  }

  /// What the reading process sends.
  private struct Reader {
    private let data: [UInt8]
    private var position = 0

    init(_ data: [UInt8]) { self.data = data }

    private mutating func take(_ count: Int) -> Range<Int>? {
      guard count >= 0, count <= data.count - position else { return nil }
      defer { position += count }
      return position..<position + count
    }

    mutating func integer() -> Int? {
      take(8).map { range in
        data.withUnsafeBytes { Int($0.loadUnaligned(fromByteOffset: range.lowerBound, as: Int64.self)) }
      }
    }

    mutating func text() -> String? {
      integer().flatMap { take($0) }.map { String(decoding: data[$0], as: UTF8.self) }
    }

    mutating func tensor() -> Tensor? {
      guard let rank = integer(), (0...8).contains(rank) else { return nil }
      // A file that has the library overwrite its memory decides what the process sends.
      let shape = (0..<rank).compactMap { _ in integer() }
      guard shape.count == rank, shape.allSatisfy({ $0 >= 0 }), let size = byteCount(of: shape, elementSize: 4),
        let range = take(size)
      else { return nil }
      let values = [Float](unsafeUninitializedCapacity: range.count / 4) { buffer, count in
        count = range.count / 4
        data[range].withUnsafeBytes { UnsafeMutableRawBufferPointer(buffer).copyMemory(from: $0) }
      }
      return Tensor(shape: shape, values: values)
    }
  }

  /// The file's bytes, the same for the same content.
  ///
  /// - Throws: `ResourceError` where HDF5's library refuses.
  func bytes() throws -> [UInt8] {
    // The library copies nothing: all must stay where it is until the file is made.
    var kept: [UnsafeMutableRawPointer] = []
    defer { for pointer in kept { pointer.deallocate() } }
    func keep<Value>(_ values: [Value]) -> UnsafePointer<Value> {
      let room = UnsafeMutablePointer<Value>.allocate(capacity: max(1, values.count))
      room.initialize(from: values, count: values.count)
      kept.append(UnsafeMutableRawPointer(room))
      return UnsafePointer(room)
    }
    func text(_ text: String) -> UnsafePointer<CChar> { keep(Array(text.utf8CString)) }
    let groups = names.sorted { $0.key < $1.key }.map { path, name in
      hdf5_files_entry(path: text(path), name: text(name), rank: 0, extents: nil, values: nil)
    }
    let datasets = arrays.sorted { $0.key < $1.key }.map { path, tensor in
      hdf5_files_entry(
        path: text(path), name: nil, rank: tensor.shape.count, extents: keep(tensor.shape.map(UInt64.init)),
        values: keep(tensor.values))
    }
    let entries = groups + datasets
    var (made, size): (UnsafeMutableRawPointer?, Int) = (nil, 0)
    let status = Self.library.withLock { _ in hdf5_files_make(entries, entries.count, &made, &size) }
    guard status == 0, let made else {
      throw ResourceError("HDF5's library could not make a file", remedy: "Free memory and try again.")
    }
    defer { free(made) }
    return Array(UnsafeRawBufferPointer(start: made, count: size))
  }
}
