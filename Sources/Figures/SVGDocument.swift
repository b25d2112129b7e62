/// What Cairo leaves out of an SVG.
enum SVGDocument {
  /// The document with a title and all its words as text, for readers who search or listen, and with a rule that keeps
  /// enlarged images' pixels square.
  static func describing(_ document: [UInt8], title: String, texts: [String]) -> [UInt8] {
    let text = String(decoding: document, as: UTF8.self)
    guard let root = text.firstRange(of: "<svg"), let end = text[root.upperBound...].firstIndex(of: ">") else {
      return document
    }
    let head = """

      <title>\(escape(title))</title>
      <desc>\(escape(texts.joined(separator: "\n")))</desc>
      <style>image { image-rendering: crisp-edges; image-rendering: pixelated }</style>
      """
    return Array((text[...end] + head + text[text.index(after: end)...]).utf8)
  }

  private static func escape(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }
}
