/// A report as a value, told once and written as HTML or Markdown.
public struct Document: Equatable, Sendable {
  public var title: String
  /// Below the title, before the table of contents.
  public var lead: [Block]
  public var sections: [Section]
  /// The last line, such as what made it.
  public var footer: RichText

  public init(title: String, lead: [Block], sections: [Section], footer: RichText) {
    self.title = title
    self.lead = lead
    self.sections = sections
    self.footer = footer
  }

  public struct Section: Equatable, Sendable {
    /// What links to it call it: small letters and hyphens.
    public var id: String
    public var title: String
    public var blocks: [Block]

    public init(_ title: String, id: String, _ blocks: [Block]) {
      self.id = id
      self.title = title
      self.blocks = blocks
    }
  }

  public enum Block: Equatable, Sendable {
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
  public struct Image: Equatable, Sendable {
    public var name: String
    /// "Figure 2"
    public var label: String
    public var caption: String

    public init(name: String, label: String, caption: String) {
      self.name = name
      self.label = label
      self.caption = caption
    }
  }

  /// Shares from 0 to 1, side by side in groups.
  public struct Bars: Equatable, Sendable {
    public struct Bar: Equatable, Sendable {
      public var label: String
      public var share: Double
      /// What is written beside it.
      public var value: String

      public init(label: String, share: Double, value: String) {
        self.label = label
        self.share = share
        self.value = value
      }
    }

    public struct Group: Equatable, Sendable {
      public var title: String
      public var bars: [Bar]

      public init(title: String, bars: [Bar]) {
        self.title = title
        self.bars = bars
      }
    }

    public var groups: [Group]
    public var caption: String

    public init(groups: [Group], caption: String) {
      self.groups = groups
      self.caption = caption
    }
  }
}

extension Document {
  public struct Table: Equatable, Sendable {
    public enum Alignment: Sendable { case left, right }

    public struct Column: Equatable, Sendable {
      public var title: String
      public var alignment: Alignment
      /// For comparison only: set in a fainter colour.
      public var isFaint: Bool

      public init(_ title: String, _ alignment: Alignment = .right, isFaint: Bool = false) {
        self.title = title
        self.alignment = alignment
        self.isFaint = isFaint
      }
    }

    public enum Row: Equatable, Sendable {
      case cells([String])
      /// Its figures are doubtful, or it is the one to look at: set off from the others.
      case marked([String])
      /// A heading over the rows that follow.
      case heading(String)
    }

    /// "Table 1"; nil for one that is not referred to.
    public var label: String?
    public var caption: String
    public var columns: [Column]
    public var rows: [Row]

    /// - Precondition: as many cells in each row as there are columns.
    public init(label: String? = nil, caption: String, columns: [Column], rows: [Row]) {
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
