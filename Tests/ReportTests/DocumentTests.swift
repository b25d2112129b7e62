import Report
import Testing

@Suite struct DocumentTests {
  private static let evil = "a < b & \"c\" 'd' | e_f*g* <script>"

  private static func document(_ blocks: [Document.Block]) -> Document {
    Document(
      title: evil, lead: [], sections: [Document.Section(evil, id: "one", blocks)],
      footer: "\(strong: evil) and \(code: evil), \(evil, to: "one")")
  }

  private static let blocks: [Document.Block] = [
    .paragraph("\(evil)"), .list(["\(evil)"]), .note("\(evil)"), .code(title: evil, text: "```\n\(evil)"),
    .image(Document.Image(name: "figure-1", label: evil, caption: evil)),
    .table(
      Document.Table(
        label: evil, caption: evil, columns: [.init(evil, .left), .init("n")],
        rows: [.heading(evil), .cells([evil, "1"]), .marked([evil, "2"])])),
  ]

  /// Nothing of a text becomes a tag, an attribute or an entity.
  @Test func htmlEscapes() {
    let html = Self.document(Self.blocks).html { _ in Array("<svg/>".utf8) }
    #expect(!html.contains("<script") && !html.contains("& ") && !html.contains("\"c\"") && !html.contains("'d'"))
    let escaped = "a &lt; b &amp; &quot;c&quot; &#39;d&#39; | e_f*g* &lt;script&gt;"
    // In every block, and twice in most: a caption is also an alternative text.
    #expect(html.components(separatedBy: escaped).count - 1 == 21)
    #expect(html.contains("src=\"data:image/svg+xml;base64,PHN2Zy8+\""))
  }

  /// A page of nothing but itself: no address but that of its own sections and figures.
  @Test func htmlIsSelfContained() {
    let html = Self.document(Self.blocks).html { _ in [] }
    for outside in ["http:", "https:", "<link", "@import", "url("] { #expect(!html.contains(outside), "\(outside)") }
    for piece in html.components(separatedBy: "href=\"").dropFirst() { #expect(piece.hasPrefix("#one\"")) }
  }

  @Test func markdownEscapes() {
    let markdown = Self.document(Self.blocks).markdown
    let escaped = #"a &lt; b &amp; "c" 'd' \| e\_f\*g\* &lt;script&gt;"#
    #expect(markdown.contains("# \(escaped)\n"))
    #expect(markdown.contains("| \(escaped) | 1 |\n| **\(escaped)** | **2** |"))
    #expect(markdown.contains("| *\(escaped)* | |"))
    #expect(markdown.contains("](figures/figure-1.png)"))
    // A fence longer than the one within.
    #expect(markdown.contains("````\n```\n\(Self.evil)\n````"))
    let rows = markdown.split(separator: "\n").filter { $0.hasPrefix("|") }
    #expect(rows.count == 5)
    for row in rows { #expect(row.replacing("\\|", with: "").count { $0 == "|" } == 3, "\(row)") }
  }

  @Test func wordsKeepTheirRuns() {
    let words: RichText = "restores \(strong: "76 %") of \(10), see \(code: "x") and \("there", to: "one")"
    #expect(words.text == "restores 76 % of 10, see x and there")
    #expect(words.runs.contains(.strong("76 %")) && words.runs.contains(.link("there", section: "one")))
  }

  @Test func barsStayWithinTheirTrack() {
    let group = Document.Bars.Group(title: "t", bars: [.init(label: "l", share: 1.5, value: "150 %")])
    let html = Self.document([.bars(Document.Bars(groups: [group], caption: "c"))]).html { _ in [] }
    #expect(html.contains("calc(1000 * 0.1%)"))
  }
}
