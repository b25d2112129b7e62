/// Files of kinds that are not read here, told by their first bytes, so that errors can name them.
package struct ForeignFile: Sendable, Equatable {
  package enum Kind: Sendable { case image, table, archive, weights, other }

  /// With its article: "a HEIC image".
  package var name: String
  package var kind: Kind
  /// How to bring it into a form that is read.
  package var remedy: String

  package init(name: String, kind: Kind, remedy: String) {
    (self.name, self.kind, self.remedy) = (name, kind, remedy)
  }

  /// Nil for files that none of these signatures begins.
  package init?(recognizing head: [UInt8]) {
    let found = Self.known.first { $0.isAt(head) }
    guard let found else { return nil }
    (name, kind, remedy) = (found.name, found.kind, found.remedy)
  }

  private struct Signature {
    var place = 0
    var bytes: [UInt8]
    var name: String
    var kind: Kind
    var remedy: String

    func isAt(_ head: [UInt8]) -> Bool { head.count >= place + bytes.count && head[place...].starts(with: bytes) }
  }

  private static let asPNG = "Save it as PNG with another program."
  private static let unpack = "Unpack it first, and give what is in it."
  private static let keras =
    "Bring it over: tiddu import (Documentation/Interchange.md); weights of Keras 3 end in .weights.h5 or .keras."
  private static let weights =
    "Save its weights as safetensors in Python, safetensors.torch.save_file(model.state_dict(), \"model.safetensors\"), and "
    + "bring these over: tiddu import (Documentation/Interchange.md)."

  private static let known: [Signature] =
    ["heic", "heix", "heim", "heis", "hevc", "mif1", "msf1"].map {
      text(
        "ftyp\($0)", at: 4, "a HEIC image", .image,
        "Convert it: heif-convert FILE.heic FILE.png (Debian: libheif-examples).")
    } + [
      text("ftypavif", at: 4, "an AVIF image", .image, asPNG), text("GIF8", "a GIF image", .image, asPNG),
      Signature(bytes: [0, 0, 0, 0x0C, 0x6A, 0x50], name: "a JPEG 2000 image", kind: .image, remedy: asPNG),
      Signature(bytes: [0, 0, 0, 0x0C, 0x4A, 0x58], name: "a JPEG XL image", kind: .image, remedy: asPNG),
      Signature(bytes: [0xFF, 0x0A], name: "a JPEG XL image", kind: .image, remedy: asPNG),
      text("8BPS", "a Photoshop image", .image, asPNG), text("<svg", "an SVG drawing", .image, asPNG),
      text("%PDF", "a PDF document", .image, "Convert its pages: pdftoppm -png FILE.pdf page (Debian: poppler-utils)."),
      Signature(
        bytes: [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A], name: "an HDF5 file, such as Keras' weights", kind: .weights,
        remedy: keras),
      Signature(
        bytes: [0x80, 2, 0x63], name: "a Python pickle, such as PyTorch's weights", kind: .weights, remedy: weights),
      Signature(
        bytes: [0x80, 2, 0x8A], name: "a Python pickle, such as PyTorch's weights", kind: .weights, remedy: weights),
      Signature(bytes: [0x80, 4, 0x95], name: "a Python pickle", kind: .weights, remedy: weights),
      Signature(bytes: [0x80, 3, 0x7D], name: "a Python pickle", kind: .weights, remedy: weights),
      text("GGUF", "a GGUF file of weights", .weights, weights),
      text("TFL3", at: 4, "a TensorFlow Lite model", .weights, weights),
      text("PAR1", "a Parquet table", .table, "Save it as CSV or NPZ with pandas or numpy."),
      text("MATLAB 5.0", "a MATLAB file", .table, "Save its arrays with numpy: scipy.io.loadmat, then numpy.savez."),
      text("SQLite format 3", "an SQLite database", .other, "Give a file of images."),
      text("ustar", at: 257, "a tar archive", .archive, unpack), text("Rar!", "a RAR archive", .archive, unpack),
      Signature(bytes: [0x37, 0x7A, 0xBC, 0xAF], name: "a 7z archive", kind: .archive, remedy: unpack),
      Signature(bytes: [0xFD, 0x37, 0x7A, 0x58, 0x5A], name: "an xz file", kind: .archive, remedy: unpack),
      Signature(bytes: [0x28, 0xB5, 0x2F, 0xFD], name: "a zstd file", kind: .archive, remedy: unpack),
      text("BZh", "a bzip2 file", .archive, unpack),
      text("<!DOCTYPE html", "a web page", .other, "Fetch the file itself; this may be a page about it."),
      text("<html", "a web page", .other, "Fetch the file itself; this may be a page about it."),
      text("version https://git-lfs", "a Git LFS pointer", .other, "Fetch the file itself: git lfs pull."),
    ]

  private static func text(
    _ text: String, at place: Int = 0, _ name: String, _ kind: Kind, _ remedy: String
  ) -> Signature {
    Signature(place: place, bytes: Array(text.utf8), name: name, kind: kind, remedy: remedy)
  }

  /// What a zip archive is, by the names in it; nil where these say nothing of it.
  package init?(archive names: [String]) {
    func has(_ ending: String) -> Bool { names.contains { $0.hasSuffix(ending) } }
    if has("data.pkl") {
      (name, kind, remedy) = ("PyTorch's weights (a pickle in a zip archive)", .weights, Self.weights)
    } else if has("model.weights.h5") {
      (name, kind, remedy) = ("a Keras model (HDF5 in a zip archive)", .weights, Self.keras)
    } else if has("xl/workbook.xml") {
      (name, kind, remedy) = ("an Excel workbook", .table, "Save it as \"CSV UTF-8\".")
    } else {
      return nil
    }
  }
}
