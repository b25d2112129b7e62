import Foundation

/// `--batch 32 --threads 2 --wait` and the like.
struct Options {
  private var values: [String: String] = [:]

  /// Nil when the words are no pairs of a name and a value, with `--wait` as the only name alone.
  init?(_ words: some Sequence<String>) {
    var name: String?
    for word in words {
      if let known = name {
        values[known] = word
        name = nil
      } else if word == "--wait" {
        values["wait"] = ""
      } else if word.hasPrefix("--") {
        name = String(word.dropFirst(2))
      } else {
        return nil
      }
    }
    if name != nil { return nil }
  }

  func integer(_ name: String, default value: Int) -> Int { values[name].flatMap(Int.init) ?? value }
  subscript(name: String) -> String? { values[name] }

  /// With `--wait`, returns when a line comes on standard input: programs that are compared take turns.
  func waitForTurn() { if values["wait"] != nil { _ = readLine() } }
}

/// One JSON object on a line, at once.
func printLine(_ fields: KeyValuePairs<String, any CustomStringConvertible>) {
  let members = fields.map { name, value in
    value is String ? "\"\(name)\":\"\(value)\"" : "\"\(name)\":\(value)"
  }
  print("{\(members.joined(separator: ","))}")
  fflush(nil)
}
