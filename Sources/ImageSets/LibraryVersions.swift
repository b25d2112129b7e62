import CCrypto
import CSPNG
import CTIFF
import CWebP
import CZip
import CZlib

/// The libraries that files are read and written with, as they are found when the program runs.
package enum LibraryVersions {
  package static var all: [(name: String, version: String)] {
    let webp = WebPGetDecoderVersion()
    return [
      ("zlib", String(cString: zlibVersion())), ("libzip", String(cString: zip_libzip_version())),
      ("libspng", String(cString: spng_version_string())),
      ("libtiff", version(in: String(cString: TIFFGetVersion()))),
      ("libwebp", "\(webp >> 16).\(webp >> 8 & 255).\(webp & 255)"),
      ("OpenSSL", version(in: String(cString: OpenSSL_version(OPENSSL_VERSION)))),
    ]
  }

  /// The first word that begins with a digit: "LIBTIFF, Version 4.5.0\nCopyright …".
  private static func version(in text: String) -> String {
    text.split(whereSeparator: \.isWhitespace).first { $0.first?.isNumber == true }.map(String.init) ?? text
  }
}
