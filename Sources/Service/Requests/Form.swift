import Foundation
import Hummingbird

extension Request {
  /// The file in this request's body: all of it, or the first file of a form.
  ///
  /// - Throws: `Fault` where there is none.
  func file(in body: [UInt8]) throws -> [UInt8] {
    let type = headers[.contentType] ?? ""
    let file = type.lowercased().hasPrefix("multipart/form-data") ? Array(try Form(body, type: type).file) : body
    guard !file.isEmpty else {
      throw Fault(
        .unsupportedMediaType,
        "There is no image: send its file as the body, or as a field of a form (multipart/form-data).")
    }
    return file
  }
}

/// A form that was sent with a file (multipart/form-data, RFC 7578).
package struct Form {
  /// The first part that has a file's name, or else the first one.
  package let file: ArraySlice<UInt8>

  private static let mostParts = 16

  /// - Throws: `Fault` where it is no such form.
  package init(_ bytes: [UInt8], type: String) throws {
    let fault = Fault(.badRequest, "The form is not as multipart/form-data is written.")
    guard let boundary = Self.boundary(in: type) else { throw fault }
    let delimiter = Array("\r\n--\(boundary)".utf8)
    // The first delimiter may stand at the very beginning, without a line's end before it.
    var place: Int
    if bytes.starts(with: delimiter.dropFirst(2)) {
      place = delimiter.count - 2
    } else {
      guard let first = bytes.place(of: delimiter, from: 0) else { throw fault }
      place = first + delimiter.count
    }
    var parts: [(head: String, body: ArraySlice<UInt8>)] = []
    while !bytes[place...].starts(with: "--".utf8) {
      guard parts.count < Self.mostParts, bytes[place...].starts(with: "\r\n".utf8),
        let end = bytes.place(of: delimiter, from: place), end >= place + 2,
        let gap = bytes.place(of: Array("\r\n\r\n".utf8), from: place), gap + 4 <= end, gap - place < Self.longestHead
      else { throw fault }
      parts.append((String(decoding: bytes[place..<gap], as: UTF8.self).lowercased(), bytes[(gap + 4)..<end]))
      place = end + delimiter.count
    }
    guard let chosen = parts.first(where: { $0.head.contains("filename") }) ?? parts.first else { throw fault }
    file = chosen.body
  }

  private static let longestHead = 8192

  private static func boundary(in type: String) -> String? {
    for parameter in type.split(separator: ";").dropFirst().map(\.trimmed) {
      guard parameter.lowercased().hasPrefix("boundary=") else { continue }
      let text = parameter.dropFirst("boundary=".count)
      let bare = text.hasPrefix("\"") ? text.dropFirst().prefix { $0 != "\"" } : text
      return (1...70).contains(bare.utf8.count) ? String(bare) : nil
    }
    return nil
  }
}

extension [UInt8] {
  /// Where these bytes stand next.
  fileprivate func place(of wanted: [UInt8], from start: Int) -> Int? {
    withUnsafeBytes { bytes -> Int? in
      guard let base = bytes.baseAddress else { return nil }
      var place = start
      while place + wanted.count <= count {
        guard let next = memchr(base + place, Int32(wanted[0]), count - wanted.count + 1 - place) else { return nil }
        place = UnsafeRawPointer(next) - base
        if memcmp(next, wanted, wanted.count) == 0 { return place }
        place += 1
      }
      return nil
    }
  }
}
