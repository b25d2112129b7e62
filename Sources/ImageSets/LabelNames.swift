import Support

/// Names of labels in a file `labels.txt` beside a set: a line for each label, from 0; or, where every line begins with
/// a number, that label and behind a blank, a tab or a comma its name.
enum LabelNames {
  static let fileName = "labels.txt"

  /// Of the set in `folder`; nil where there is no such file.
  ///
  /// - Throws: `SystemError` where it cannot be read, `DataError` where it names no labels or one twice.
  static func read(in folder: String) throws -> [Int: String]? {
    let path = FilePath.join(folder, fileName)
    guard Folder.kind(of: path) == .file else { return nil }
    let lines = String(decoding: try Folder.read(path, most: 1 << 20), as: UTF8.self)
      .split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .map { $0.drop(while: \.isWhitespace) }
      .map { line in String(line.reversed().drop(while: \.isWhitespace).reversed()) }
    let filled = lines.last?.isEmpty == true ? Array(lines.dropLast()) : lines
    func fault(_ line: Int, expected: String, found: String) -> DataError {
      DataError(
        file: path, place: "line \(line + 1)", expected: expected, found: found,
        remedy: "Write one name a line, the first for label 0; or a number and a name.")
    }
    guard !filled.isEmpty else { throw fault(0, expected: "a label's name", found: "an empty file") }
    if let empty = filled.firstIndex(where: \.isEmpty) {
      throw fault(empty, expected: "a label's name", found: "nothing")
    }
    let numbered = filled.map(number)
    var names: [Int: String] = [:]
    for (line, text) in filled.enumerated() {
      let (label, name) = numbered.contains { $0 == nil } ? (line, text) : numbered[line] ?? (line, text)
      guard names[label] == nil, !names.values.contains(name) else {
        throw fault(line, expected: "another name or number than those above", found: text)
      }
      names[label] = name
    }
    return names
  }

  /// "7 seven"; nil for a line of another form.
  private static func number(_ line: String) -> (Int, String)? {
    let parts = line.split(maxSplits: 1) { " \t,;".contains($0) }.map(String.init)
    guard parts.count == 2, let label = Int(parts[0]) else { return nil }
    return (label, parts[1].trimmingPrefix(while: \.isWhitespace).description)
  }
}

extension ImageSet {
  /// The set with these names for its labels.
  ///
  /// - Throws: `DataError` where a label has none.
  func named(by names: [Int: String]?) throws(DataError) -> ImageSet {
    guard let names, let labels else { return self }
    if let image = labels.firstIndex(where: { names[$0] == nil }) {
      throw DataError(
        file: source, place: "image \(image)", expected: "a label that \(LabelNames.fileName) names",
        found: "\(labels[image])", remedy: "Add a line for it, or take \(LabelNames.fileName) away.")
    }
    var set = self
    set.labelNames = names
    return set
  }
}
