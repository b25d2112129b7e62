import Support

/// Arguments with nothing in them: mostly a script's variable that was never set. As the name of a folder one would
/// mean the root folder, so none gets as far as a command.
enum EmptyArguments {
  /// Options whose value may be empty.
  private static let texts = ["--caption"]

  /// - Parameter arguments: without the program's name.
  /// - Throws: `UsageError` that names the option, or the arguments before.
  static func check(_ arguments: [String]) throws(UsageError) {
    for (index, argument) in arguments.enumerated() {
      if argument == "--" { return try checkValues(arguments[index...]) }
      let isOption = argument.hasPrefix("--")
      if isOption, argument.hasSuffix("="), !texts.contains(String(argument.dropLast())) {
        throw empty(String(argument.dropLast()))
      }
      guard argument.allSatisfy(\.isWhitespace) else { continue }
      let before = index > 0 ? arguments[index - 1] : nil
      if let before, texts.contains(before) { continue }
      throw empty(before.map { $0.hasPrefix("--") ? $0 : "the argument after \($0)" } ?? "the first argument")
    }
  }

  private static func checkValues(_ arguments: ArraySlice<String>) throws(UsageError) {
    if arguments.contains(where: { $0.allSatisfy(\.isWhitespace) }) { throw empty("an argument after --") }
  }

  private static func empty(_ name: String) -> UsageError {
    UsageError("\(name) is empty", remedy: "Give it a value or leave it out; perhaps a script's variable is not set.")
  }
}
