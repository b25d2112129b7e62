/// What files and `tiddu --version` say.
package let programVersion = "0.1.0"

/// What to do about a file of a format's other version, where this program knows those up to `newest`.
///
/// - Parameter otherwise: follows the advice to use the program that made it, where that is no newer one: "or train it again".
package func remedy(forVersion found: Int?, newest: Int, otherwise: String) -> String {
  if let found, found > newest { return "It was made by a newer tiddu than this one, \(programVersion); use that one." }
  return "Use the tiddu that made it, \(otherwise)."
}
