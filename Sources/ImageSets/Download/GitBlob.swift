import CCrypto

/// The name that git gives to a file's content, by which a published file is recognised.
public enum GitBlob {
  /// 40 hexadecimal digits: the SHA-1 of `blob <length>`, a zero byte, and the bytes.
  public static func id(of bytes: [UInt8]) -> String {
    let context = EVP_MD_CTX_new()
    defer { EVP_MD_CTX_free(context) }
    let header = Array("blob \(bytes.count)\0".utf8)
    var digest = [UInt8](repeating: 0, count: 20)
    let done =
      EVP_DigestInit_ex(context, EVP_sha1(), nil) == 1
      && EVP_DigestUpdate(context, header, header.count) == 1
      && EVP_DigestUpdate(context, bytes, bytes.count) == 1
      && EVP_DigestFinal_ex(context, &digest, nil) == 1
    precondition(done, "libcrypto computes SHA-1")
    let digits = Array("0123456789abcdef")
    return String(digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }
}
