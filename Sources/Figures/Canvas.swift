import CCairo
import ImageSets
import Support

/// White paper that Cairo draws on, for PNG, SVG and PDF alike. Units are pixels of a common screen, y grows downwards.
package final class Canvas {
  let context: OpaquePointer
  private let surface: OpaquePointer
  private let format: FigureFormat
  private let output = Output()
  /// All that was written, in its order; an SVG carries it, since its glyphs are outlines that no search finds.
  var texts: [String] = []

  /// Cairo's own limit on a side, and one on all pixels that keeps an image within 400 MB.
  private static let longestSide = 32_767.0
  private static let mostPixels = 1e8

  /// - Throws: `UsageError` for a size that is too large for an image, `SystemError` when there is no memory.
  package init(width: Double, height: Double, format: FigureFormat) throws {
    let scale = format == .png ? 2.0 : 1
    let (across, down) = ((width * scale).rounded(.up), (height * scale).rounded(.up))
    guard across >= 1, down >= 1, max(across, down) <= Self.longestSide, across * down <= Self.mostPixels else {
      throw UsageError(
        "no image can have \(width * scale) × \(height * scale) pixels",
        remedy: "Show fewer or smaller things in one figure.")
    }
    self.format = format
    switch format {
    case .png: surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(across), Int32(down))
    case .svg:
      let output = Unmanaged.passUnretained(output).toOpaque()
      surface = cairo_svg_surface_create_for_stream(Output.append, output, across, down)
      cairo_svg_surface_set_document_unit(surface, CAIRO_SVG_UNIT_PX)
    case .pdf:
      let output = Unmanaged.passUnretained(output).toOpaque()
      surface = cairo_pdf_surface_create_for_stream(Output.append, output, across, down)
    }
    context = cairo_create(surface)
    try check(cairo_status(context))
    cairo_scale(context, scale, scale)
    setFontOptions()
    rectangle(Rectangle(x: 0, y: 0, width: across, height: down), fill: Palette.paper)
  }

  deinit {
    cairo_destroy(context)
    cairo_surface_destroy(surface)
  }

  /// Ends the drawing: the file's bytes. Nothing may be drawn afterwards.
  func finish(title: String) throws -> [UInt8] {
    try check(cairo_status(context))
    switch format {
    case .png:
      let output = Unmanaged.passUnretained(output).toOpaque()
      try check(cairo_surface_write_to_png_stream(surface, Output.append, output))
      return self.output.bytes
    case .svg:
      cairo_surface_finish(surface)
      try check(cairo_surface_status(surface))
      return SVGDocument.describing(output.bytes, title: Self.printable(title), texts: texts)
    case .pdf:
      cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, Self.printable(title))
      cairo_surface_finish(surface)
      try check(cairo_surface_status(surface))
      return output.bytes
    }
  }

  private func check(_ status: cairo_status_t) throws {
    if status == CAIRO_STATUS_SUCCESS { return }
    throw SystemError(
      operation: "draw", path: "the figure", reason: String(cString: cairo_status_to_string(status)),
      remedy: "Show less in one figure, or free some memory.")
  }

  /// Fills, then outlines it; nil leaves that out.
  package func rectangle(_ box: Rectangle, fill: Color? = nil, stroke: Color? = nil) {
    cairo_rectangle(context, box.x, box.y, box.width, box.height)
    paint(fill: fill, stroke: stroke.map { LineStyle(color: $0, width: 1) })
  }

  /// A line from point to point.
  package func line(_ points: [Point], style: LineStyle) {
    for point in points { cairo_line_to(context, point.x, point.y) }
    paint(fill: nil, stroke: style)
  }

  /// A box that passes evenly from the first colour at its left to the last at its right.
  package func gradient(_ box: Rectangle, colors: [Color]) {
    guard let pattern = cairo_pattern_create_linear(box.x, 0, box.maxX, 0) else { return }
    defer { cairo_pattern_destroy(pattern) }
    for (index, color) in colors.enumerated() {
      let place = Double(index) / Double(max(1, colors.count - 1))
      cairo_pattern_add_color_stop_rgb(pattern, place, color.red, color.green, color.blue)
    }
    cairo_rectangle(context, box.x, box.y, box.width, box.height)
    cairo_set_source(context, pattern)
    cairo_fill(context)
  }

  /// A slice of a disk. Its edges are given as shares of a full turn, clockwise from the top.
  package func sector(from start: Double, to end: Double, center: Point, radius: Double, fill: Color) {
    let (first, last) = ((start - 0.25) * 2 * Double.pi, (end - 0.25) * 2 * Double.pi)
    cairo_move_to(context, center.x, center.y)
    cairo_arc(context, center.x, center.y, radius, first, last)
    cairo_close_path(context)
    paint(fill: fill, stroke: nil)
  }

  /// A line's mark, its middle at `center`.
  package func mark(_ mark: LineStyle.Mark, at center: Point, color: Color) {
    let outline = LineStyle(color: color, width: 1.4)
    switch mark {
    case .none: return
    case .disk, .ring:
      cairo_arc(context, center.x, center.y, 2.8, 0, 2 * Double.pi)
      paint(fill: mark == .disk ? color : Palette.paper, stroke: outline)
    case .square:
      cairo_rectangle(context, center.x - 2.5, center.y - 2.5, 5, 5)
      paint(fill: Palette.paper, stroke: outline)
    }
  }

  /// One image of a set, ink dark on light paper, its pixels as even squares.
  package func image(_ set: ImageSet, at index: Int, in box: Rectangle) {
    let (height, width, channels) = (set.shape.height, set.shape.width, set.shape.channels)
    let image = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(clamping: width), Int32(clamping: height))
    defer { cairo_surface_destroy(image) }
    cairo_surface_flush(image)
    guard let data = cairo_image_surface_get_data(image) else { return }
    let stride = Int(cairo_image_surface_get_stride(image))
    for row in 0..<height {
      let line = UnsafeMutableRawPointer(data + row * stride).assumingMemoryBound(to: UInt32.self)
      for column in 0..<width {
        let at = index * set.shape.size + (row * width + column) * channels
        let red = UInt32(set.pixels[at])
        let green = UInt32(set.pixels[at + channels / 2])
        let blue = UInt32(set.pixels[at + channels - 1])
        let pixel = red << 16 | green << 8 | blue
        line[column] = set.hasPaper ? 0xFFFFFF - pixel : pixel
      }
    }
    cairo_surface_mark_dirty(image)
    cairo_save(context)
    cairo_translate(context, box.x, box.y)
    cairo_scale(context, box.width / Double(width), box.height / Double(height))
    cairo_set_source_surface(context, image, 0, 0)
    cairo_pattern_set_filter(cairo_get_source(context), CAIRO_FILTER_NEAREST)
    cairo_paint(context)
    cairo_restore(context)
  }

  func setSource(_ color: Color) {
    cairo_set_source_rgb(context, color.red, color.green, color.blue)
  }

  private func paint(fill: Color?, stroke: LineStyle?) {
    if let fill {
      setSource(fill)
      cairo_fill_preserve(context)
    }
    if let stroke {
      setSource(stroke.color)
      cairo_set_line_width(context, stroke.width)
      cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
      cairo_set_dash(context, stroke.dashes, Int32(stroke.dashes.count), 0)
      cairo_stroke_preserve(context)
    }
    cairo_new_path(context)
  }
}

/// Where Cairo's streams write to: memory, so that the file appears whole or not at all.
private final class Output {
  var bytes: [UInt8] = []

  static let append: @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<UInt8>?, UInt32) -> cairo_status_t = {
    guard let output = $0 else { return CAIRO_STATUS_WRITE_ERROR }
    let chunk = UnsafeBufferPointer(start: $1, count: Int($2))
    Unmanaged<Output>.fromOpaque(output).takeUnretainedValue().bytes += chunk
    return CAIRO_STATUS_SUCCESS
  }
}
