/// The name that takes the fewest letters inserted, removed or replaced to become `word` (Levenshtein's distance):
/// what a mistyped key or command probably meant. Nil when there are no names.
package func nearest(to word: String, among names: [String]) -> String? {
  names.min { distance(Array($0), Array(word)) < distance(Array($1), Array(word)) }
}

private func distance(_ a: [Character], _ b: [Character]) -> Int {
  var row = Array(0...b.count)
  for (i, letter) in a.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for (j, other) in b.enumerated() {
      let replaced = diagonal + (letter == other ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(replaced, row[j] + 1, row[j + 1] + 1)
    }
  }
  return row[b.count]
}
