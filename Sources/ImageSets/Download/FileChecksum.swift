import CCrypto

/// What tells a published file from any other: a checksum of its content, of the kind that its publisher names.
package enum FileChecksum: Sendable, Hashable, CustomStringConvertible {
  /// 40 hexadecimal digits: the SHA-1 of `blob <length>`, a zero byte, and the bytes. The name that git gives to a file's
  /// content.
  case gitBlob(String)
  /// 32 hexadecimal digits.
  case md5(String)

  package static func gitBlob(of bytes: [UInt8]) -> FileChecksum {
    .gitBlob(digest(Array("blob \(bytes.count)\0".utf8), bytes, EVP_sha1()))
  }

  package static func md5(of bytes: [UInt8]) -> FileChecksum { .md5(digest([], bytes, EVP_md5())) }

  /// The checksum of the same kind of other bytes.
  func same(of bytes: [UInt8]) -> FileChecksum {
    switch self {
    case .gitBlob: .gitBlob(of: bytes)
    case .md5: .md5(of: bytes)
    }
  }

  package var description: String {
    switch self {
    case .gitBlob(let digits): "git blob \(digits)"
    case .md5(let digits): "MD5 \(digits)"
    }
  }

  private static func digest(_ header: [UInt8], _ bytes: [UInt8], _ kind: OpaquePointer?) -> String {
    let context = EVP_MD_CTX_new()
    defer { EVP_MD_CTX_free(context) }
    var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    var length: UInt32 = 0
    let done =
      EVP_DigestInit_ex(context, kind, nil) == 1
      && EVP_DigestUpdate(context, header, header.count) == 1
      && EVP_DigestUpdate(context, bytes, bytes.count) == 1
      && EVP_DigestFinal_ex(context, &digest, &length) == 1
    precondition(done, "libcrypto computes SHA-1 and MD5")
    let digits = Array("0123456789abcdef")
    return String(digest.prefix(Int(length)).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }
}
