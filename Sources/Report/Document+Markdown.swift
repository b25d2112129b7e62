import Foundation

extension Document {
  /// The document as GitHub's Markdown; figures are looked for in `figures/`, as PNG.
  package var markdown: String {
    var parts = ["# \(Markdown.escape(title))"]
    parts += lead.map(Markdown.block)
    parts.append(sections.map { "- [\(Markdown.escape($0.title))](#\($0.id))" }.joined(separator: "\n"))
    for section in sections {
      parts.append("<a id=\"\(section.id)\"></a>\n\n## \(Markdown.escape(section.title))")
      parts += section.blocks.map(Markdown.block)
    }
    parts.append("---\n\n\(Markdown.words(footer))")
    return parts.joined(separator: "\n\n") + "\n"
  }
}

private enum Markdown {
  /// Text that no reader of Markdown takes for anything else, also within a table.
  static func escape(_ text: String) -> String {
    text.reduce(into: "") { result, character in
      switch character {
      case "\\", "`", "*", "_", "[", "]", "|", "#", "~": result += "\\\(character)"
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\n", "\r", "\r\n": result += " "
      default: result.append(character)
      }
    }
  }

  static func words(_ words: RichText) -> String {
    words.runs.map { run in
      switch run {
      case .plain(let text): escape(text)
      case .strong(let text): "**\(escape(text))**"
      case .code(let text): "<code>\(escape(text))</code>"
      case .link(let text, let section): "[\(escape(text))](#\(section))"
      }
    }.joined()
  }

  static func block(_ block: Document.Block) -> String {
    switch block {
    case .paragraph(let text): words(text)
    case .list(let items): items.map { "- \(words($0))" }.joined(separator: "\n")
    case .note(let text): "> \(words(text))"
    case .table(let table): self.table(table)
    case .image(let image):
      "![\(escape(image.caption))](figures/\(image.name).png)\n\n"
        + "*\(escape(image.label)). \(escape(image.caption))*"
    case .bars(let bars): table(of: bars)
    case .code(let title, let text): "\(escape(title)):\n\n\(fenced(text))"
    }
  }

  private static func table(_ table: Document.Table) -> String {
    let caption = [table.label.map { "\($0). " }, table.caption].compactMap { $0 }.joined()
    var lines = ["*\(escape(caption))*", ""]
    lines.append(line(table.columns.map(\.title)))
    lines.append("|" + table.columns.map { $0.alignment == .left ? " --- |" : " ---: |" }.joined())
    for row in table.rows {
      switch row {
      case .cells(let cells): lines.append(line(cells))
      case .marked(let cells): lines.append(line(cells, emphasis: "**"))
      case .heading(let text):
        lines.append(line([text], emphasis: "*") + String(repeating: " |", count: table.columns.count - 1))
      }
    }
    return lines.joined(separator: "\n")
  }

  private static func line(_ cells: [String], emphasis: String = "") -> String {
    "| " + cells.map { $0.isEmpty ? "" : emphasis + escape($0) + emphasis }.joined(separator: " | ") + " |"
  }

  private static func table(of bars: Document.Bars) -> String {
    table(
      Document.Table(
        caption: bars.caption, columns: [.init("", .left), .init("share")],
        rows: bars.groups.flatMap { group in
          [.heading(group.title)] + group.bars.map { .cells([$0.label, $0.value]) }
        }))
  }

  /// Within a fence that is longer than any in the text.
  private static func fenced(_ text: String) -> String {
    let longest = text.split { $0 != "`" }.map(\.count).max() ?? 0
    let fence = String(repeating: "`", count: max(3, longest + 1))
    return "\(fence)\n\(text.hasSuffix("\n") ? text : text + "\n")\(fence)"
  }
}
