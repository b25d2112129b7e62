/// A report as a value, told once and written as HTML or Markdown.
package struct Document: Equatable, Sendable {
  package var title: String
  /// Below the title, before the table of contents.
  package var lead: [Block]
  package var sections: [Section]
  /// The last line, such as what made it.
  package var footer: RichText

  package init(title: String, lead: [Block], sections: [Section], footer: RichText) {
    self.title = title
    self.lead = lead
    self.sections = sections
    self.footer = footer
  }

  package struct Section: Equatable, Sendable {
    /// What links to it call it: small letters and hyphens.
    package var id: String
    package var title: String
    package var blocks: [Block]

    package init(_ title: String, id: String, _ blocks: [Block]) {
      self.id = id
      self.title = title
      self.blocks = blocks
    }
  }

  package enum Block: Equatable, Sendable {
    case paragraph(RichText)
    case list([RichText])
    /// Something to know when reading what stands above.
    case note(RichText)
    case table(Table)
    case image(Image)
    case bars(Bars)
    /// Lines as they are; folded where pages can fold.
    case code(title: String, text: String)
  }

  /// A figure, by the name of its file without an ending.
  package struct Image: Equatable, Sendable {
    package var name: String
    /// "Figure 2"
    package var label: String
    package var caption: String

    package init(name: String, label: String, caption: String) {
      self.name = name
      self.label = label
      self.caption = caption
    }
  }

  /// Shares from 0 to 1, side by side in groups.
  package struct Bars: Equatable, Sendable {
    package struct Bar: Equatable, Sendable {
      package var label: String
      package var share: Double
      /// What is written beside it.
      package var value: String

      package init(label: String, share: Double, value: String) {
        self.label = label
        self.share = share
        self.value = value
      }
    }

    package struct Group: Equatable, Sendable {
      package var title: String
      package var bars: [Bar]

      package init(title: String, bars: [Bar]) {
        self.title = title
        self.bars = bars
      }
    }

    package var groups: [Group]
    package var caption: String

    package init(groups: [Group], caption: String) {
      self.groups = groups
      self.caption = caption
    }
  }
}

extension Document {
  package struct Table: Equatable, Sendable {
    package enum Alignment: Sendable { case left, right }

    package struct Column: Equatable, Sendable {
      package var title: String
      package var alignment: Alignment
      /// For comparison only: set in a fainter colour.
      package var isFaint: Bool

      package init(_ title: String, _ alignment: Alignment = .right, isFaint: Bool = false) {
        self.title = title
        self.alignment = alignment
        self.isFaint = isFaint
      }
    }

    package enum Row: Equatable, Sendable {
      case cells([String])
      /// Its figures are doubtful, or it is the one to look at: set off from the others.
      case marked([String])
      /// A heading over the rows that follow.
      case heading(String)
    }

    /// "Table 1"; nil for one that is not referred to.
    package var label: String?
    package var caption: String
    package var columns: [Column]
    package var rows: [Row]

    /// - Precondition: as many cells in each row as there are columns.
    package init(label: String? = nil, caption: String, columns: [Column], rows: [Row]) {
      for row in rows {
        if case .cells(let cells) = row { precondition(cells.count == columns.count, "one cell a column is wanted") }
        if case .marked(let cells) = row { precondition(cells.count == columns.count, "one cell a column is wanted") }
      }
      self.label = label
      self.caption = caption
      self.columns = columns
      self.rows = rows
    }
  }
}
