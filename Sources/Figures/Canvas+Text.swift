import CCairo

/// How text looks; `size` in the canvas' units.
package struct Font: Sendable, Hashable {
  package var size: Double
  package var isBold: Bool

  package init(size: Double, isBold: Bool = false) {
    self.size = size
    self.isBold = isBold
  }

  /// From one line's baseline to the next one's.
  package var lineHeight: Double { (size * 1.35).rounded() }
  /// From the top of a line down to its baseline.
  package var baseline: Double { size.rounded() }
}

/// Which end of a line of text its point is.
package enum Alignment: Sendable { case left, center, right }

extension Canvas {
  /// Writes one line, its baseline at `point`.
  package func text(
    _ text: String, at point: Point, font: Font, color: Color = Palette.ink, alignment: Alignment = .left
  ) {
    let text = Self.printable(text)
    texts.append(text)
    let shift =
      switch alignment {
      case .left: 0.0
      case .center: width(of: text, font: font) / 2
      case .right: width(of: text, font: font)
      }
    setSource(color)
    cairo_move_to(context, point.x - shift, point.y)
    for run in Self.runs(of: text) {
      select(run, font: font)
      cairo_show_text(context, run.text)  // leaves the pen behind the last glyph
    }
    cairo_new_path(context)
  }

  /// What `draw` draws from (0, 0) on goes upwards from `point`, as if the paper were turned for it.
  package func upwards(from point: Point, draw: () -> Void) {
    cairo_save(context)
    cairo_translate(context, point.x, point.y)
    cairo_rotate(context, -Double.pi / 2)
    draw()
    cairo_restore(context)
  }

  /// Of one line, in the canvas' units.
  package func width(of text: String, font: Font) -> Double {
    Self.runs(of: Self.printable(text)).reduce(0) { width, run in
      select(run, font: font)
      var extents = cairo_text_extents_t()
      cairo_text_extents(context, run.text, &extents)
      return width + extents.x_advance
    }
  }

  /// The text broken into lines of at most `width`, between words where that is possible.
  package func lines(of text: String, font: Font, width limit: Double) -> [String] {
    var lines: [String] = []
    var line = ""
    func fits(_ text: String) -> Bool { width(of: text, font: font) <= limit }
    func end() {
      if !line.isEmpty { lines.append(line) }
      line = ""
    }
    for word in Self.printable(text).split(separator: " ") {
      let longer = line.isEmpty ? String(word) : "\(line) \(word)"
      if fits(longer) {
        line = longer
        continue
      }
      end()
      for letter in word {
        if !line.isEmpty && !fits("\(line)\(letter)") { end() }
        line.append(letter)
      }
    }
    end()
    return lines
  }

  /// As many lines as `lines` makes, with their lengths as even as words allow.
  package func evenLines(of text: String, font: Font, width limit: Double) -> [String] {
    var best = lines(of: text, font: font, width: limit)
    for share in stride(from: 0.95, to: 0.5, by: -0.05) where best.count > 1 {
      let narrower = lines(of: text, font: font, width: limit * share)
      if narrower.count > best.count { break }
      best = narrower
    }
    return best
  }

  /// Glyphs have the same shapes and distances at any scale, so that what is measured here is what is drawn there.
  func setFontOptions() {
    let options = cairo_font_options_create()
    defer { cairo_font_options_destroy(options) }
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY)
    cairo_set_font_options(context, options)
  }

  /// A stretch of text for one typeface: Cairo takes no glyphs from another one where the chosen one lacks them.
  private struct Run {
    var text: String
    var isKannada: Bool
  }

  private static func runs(of text: String) -> [Run] {
    var runs: [Run] = []
    for character in text {
      let isKannada = character.unicodeScalars.allSatisfy { (0x0C80...0x0CFF).contains($0.value) }
      if runs.last?.isKannada == isKannada {
        runs[runs.count - 1].text.append(character)
      } else {
        runs.append(Run(text: String(character), isKannada: isKannada))
      }
    }
    return runs
  }

  private func select(_ run: Run, font: Font) {
    cairo_select_font_face(
      context, run.isKannada ? "Lohit Kannada" : "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL,
      font.isBold && !run.isKannada ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL)
    cairo_set_font_size(context, font.size)
  }

  /// Control characters have no glyphs, and most of them are forbidden in an SVG, as are the code points of no character.
  static func printable(_ text: String) -> String {
    let scalars = text.unicodeScalars.map { scalar -> UnicodeScalar in
      let properties = scalar.properties
      return properties.generalCategory == .control || properties.isNoncharacterCodePoint ? " " : scalar
    }
    return String(String.UnicodeScalarView(scalars))
  }
}
