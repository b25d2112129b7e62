import CCairo

/// Cairo, as it is found when the program runs.
package enum FigureLibrary {
  package static var version: String { String(cString: cairo_version_string()) }
}
