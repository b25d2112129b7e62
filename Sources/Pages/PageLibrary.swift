import CLeptonica
import Foundation

/// Leptonica, as it is found when the program runs.
package enum PageLibrary {
  package static var version: String {
    guard let text = getLeptonicaVersion() else { return "unknown" }
    defer { free(text) }
    return String(cString: text).replacing("leptonica-", with: "")
  }
}
