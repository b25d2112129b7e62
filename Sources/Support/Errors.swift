/// Input that cannot be used as it is: says the file, the place in it, what was expected, what came, and what to do.
///
/// The command-line tool ends with exit status 65 (`EX_DATAERR`) on this error.
public struct DataError: Error, Equatable, Codable, Sendable, CustomStringConvertible {
  /// The file, or what the data are called.
  public var file: String
  /// Where in the file, as its reader would look for it: "row 3, column pixel12", "byte 16". Nil for the whole file.
  public var place: String?
  /// What should be there.
  public var expected: String
  /// What is there.
  public var found: String
  /// What to do about it.
  public var remedy: String

  package init(file: String, place: String? = nil, expected: String, found: String, remedy: String) {
    self.file = file
    self.place = place
    self.expected = expected
    self.found = found
    self.remedy = remedy
  }

  public var description: String {
    let place = place.map { ", \($0)" } ?? ""
    return "\(file)\(place): expected \(expected), found \(found)\n\(remedy)".legible
  }
}

/// What is wrong, and on the next line what to do.
package protocol ProblemError: Error, CustomStringConvertible {
  var problem: String { get }
  var remedy: String { get }
}

extension ProblemError {
  package var description: String { "\(problem)\n\(remedy)".legible }
}

/// Settings or arguments that contradict each other or name something that does not exist; exit status 64 (`EX_USAGE`).
public struct UsageError: ProblemError, Equatable, Codable, Sendable {
  /// What contradicts what, or names nothing.
  public var problem: String
  /// What to do about it.
  public var remedy: String

  public var description: String { "\(problem)\n\(remedy)".legible }

  package init(_ problem: String, remedy: String) {
    self.problem = problem
    self.remedy = remedy
  }
}

/// The system refused an operation on a file or an address (missing, unwritable, disk full); exit status 74 (`EX_IOERR`).
public struct SystemError: Error, Equatable, Codable, Sendable, CustomStringConvertible {
  /// An infinitive with its object: "write", "read", "create the folder".
  package var operation: String
  package var path: String
  package var reason: String
  package var remedy: String

  package init(operation: String, path: String, reason: String, remedy: String) {
    self.operation = operation
    self.path = path
    self.reason = reason
    self.remedy = remedy
  }

  public var description: String { "cannot \(operation) \(path): \(reason)\n\(remedy)".legible }
}

/// The machine has too little of something, mostly memory; exit status 71 (`EX_OSERR`).
public struct ResourceError: ProblemError, Equatable, Codable, Sendable {
  package var problem: String
  package var remedy: String

  public var description: String { "\(problem)\n\(remedy)".legible }

  package init(_ problem: String, remedy: String) {
    self.problem = problem
    self.remedy = remedy
  }

  /// What to do where a network does not fit.
  package static let lessMemory =
    "Choose a smaller --batch-size or fewer --threads or --workers, end other programs, or raise the limit (ulimit -v)."
}

/// What a library that computes refuses to do; exit status 70 (`EX_SOFTWARE`). Its description has a line on what was
/// tried and one on what to do.
package protocol ComputationError: Error, CustomStringConvertible {}
