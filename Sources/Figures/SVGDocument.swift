/// What Cairo leaves out of an SVG.
enum SVGDocument {
  /// The document with a title and all its words as text, for readers who search or listen.
  static func describing(_ document: [UInt8], title: String, texts: [String]) -> [UInt8] {
    let text = String(decoding: document, as: UTF8.self)
    guard let root = text.firstRange(of: "<svg"), let end = text[root.upperBound...].firstIndex(of: ">") else {
      return document
    }
    let words = "\n<title>\(escape(title))</title>\n<desc>\(escape(texts.joined(separator: "\n")))</desc>"
    return Array((text[...end] + words + text[text.index(after: end)...]).utf8)
  }

  private static func escape(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }
}
