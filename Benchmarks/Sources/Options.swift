/// `--batch 32 --threads 2` and the like.
struct Options {
  private var values: [String: String] = [:]

  /// Nil when the words are no pairs of a name and a value.
  init?(_ words: some Sequence<String>) {
    var name: String?
    for word in words {
      if let known = name {
        values[known] = word
        name = nil
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
}
