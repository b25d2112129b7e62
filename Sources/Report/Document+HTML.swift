import Foundation

extension Document {
  /// The document as one page that needs nothing else: styles and figures stand in it, and there is no script.
  ///
  /// - Parameter svg: the bytes of a figure's SVG, by its name.
  package func html(figures svg: (String) throws -> [UInt8]) rethrows -> String {
    let writer = HTML()
    var lines = [
      "<!DOCTYPE html>", "<html lang=\"en\">", "<head>", "<meta charset=\"utf-8\">",
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">",
      "<title>\(HTML.escape(title))</title>", "<style>\n\(PageStyle.css)</style>", "</head>", "<body>", "<main>",
      "<header>", "<h1>\(HTML.escape(title))</h1>",
    ]
    lines += try lead.map { try writer.block($0, svg) }
    lines.append("</header>")
    lines.append("<nav aria-label=\"Contents\">\n<h2>Contents</h2>\n<ol>")
    lines += sections.map { "<li><a href=\"#\(HTML.escape($0.id))\">\(HTML.escape($0.title))</a></li>" }
    lines.append("</ol>\n</nav>")
    for section in sections {
      lines.append("<section id=\"\(HTML.escape(section.id))\">\n<h2>\(HTML.escape(section.title))</h2>")
      lines += try section.blocks.map { try writer.block($0, svg) }
      lines.append("</section>")
    }
    lines.append("<footer>\(HTML.words(footer))</footer>")
    lines.append("</main>\n</body>\n</html>")
    return lines.joined(separator: "\n") + "\n"
  }
}

private struct HTML {
  /// Text for between tags and within quoted attributes.
  static func escape(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;").replacing("'", with: "&#39;")
  }

  static func words(_ words: RichText) -> String {
    words.runs.map { run in
      switch run {
      case .plain(let text): escape(text)
      case .strong(let text): "<strong>\(escape(text))</strong>"
      case .code(let text): "<code>\(escape(text))</code>"
      case .link(let text, let section): "<a href=\"#\(escape(section))\">\(escape(text))</a>"
      }
    }.joined()
  }

  func block(_ block: Document.Block, _ svg: (String) throws -> [UInt8]) rethrows -> String {
    switch block {
    case .paragraph(let text): return "<p>\(Self.words(text))</p>"
    case .list(let items):
      return "<ul>\n" + items.map { "<li>\(Self.words($0))</li>\n" }.joined() + "</ul>"
    case .note(let text): return "<p class=\"note\">\(Self.words(text))</p>"
    case .table(let table): return self.table(table)
    case .image(let image): return try figure(image, svg)
    case .bars(let bars): return self.bars(bars)
    case .code(let title, let text):
      return
        "<details>\n<summary>\(Self.escape(title))</summary>\n<pre><code>\(Self.escape(text))</code></pre>\n</details>"
    }
  }

  /// As an image, so that the names inside one SVG never meet those inside another.
  private func figure(_ image: Document.Image, _ svg: (String) throws -> [UInt8]) rethrows -> String {
    let bytes = try svg(image.name)
    return """
      <figure id="\(Self.escape(image.name))">
      <div class="sheet"><img alt="\(Self.escape(image.caption))" \
      src="data:image/svg+xml;base64,\(Data(bytes).base64EncodedString())"></div>
      <figcaption><strong>\(Self.escape(image.label)).</strong> \(Self.escape(image.caption))</figcaption>
      </figure>
      """
  }

  private func bars(_ bars: Document.Bars) -> String {
    let groups = bars.groups.map { group in
      let rows = group.bars.map { bar in
        let width = String(Int((min(max(bar.share, 0), 1) * 1000).rounded()))
        return """
          <div class="bar"><span class="name">\(Self.escape(bar.label))</span>\
          <span class="track"><span style="width: calc(\(width) * 0.1%)"></span></span>\
          <span class="value">\(Self.escape(bar.value))</span></div>
          """
      }
      return "<div class=\"group\"><h3>\(Self.escape(group.title))</h3>\n\(rows.joined(separator: "\n"))\n</div>"
    }
    return """
      <figure class="bars">
      <div class="groups">\n\(groups.joined(separator: "\n"))\n</div>
      <figcaption>\(Self.escape(bars.caption))</figcaption>
      </figure>
      """
  }

  private func table(_ table: Document.Table) -> String {
    let label = table.label.map { "<strong>\(Self.escape($0)).</strong> " } ?? ""
    func cells(_ texts: [String], _ tag: String) -> String {
      zip(texts, table.columns).map { text, column in
        let classes = [column.alignment == .left ? "left" : nil, column.isFaint ? "faint" : nil].compactMap { $0 }
        let attribute = classes.isEmpty ? "" : " class=\"\(classes.joined(separator: " "))\""
        return "<\(tag)\(attribute)>\(Self.escape(text))</\(tag)>"
      }.joined()
    }
    let rows = table.rows.map { row in
      switch row {
      case .cells(let texts): "<tr>\(cells(texts, "td"))</tr>"
      case .marked(let texts): "<tr class=\"marked\">\(cells(texts, "td"))</tr>"
      case .heading(let text):
        "<tr><th class=\"rows\" colspan=\"\(table.columns.count)\">\(Self.escape(text))</th></tr>"
      }
    }
    return """
      <figure class="table">
      <figcaption>\(label)\(Self.escape(table.caption))</figcaption>
      <div class="scroll" tabindex="0"><table>
      <thead><tr>\(cells(table.columns.map(\.title), "th"))</tr></thead>
      <tbody>
      \(rows.joined(separator: "\n"))
      </tbody>
      </table></div>
      </figure>
      """
  }
}
