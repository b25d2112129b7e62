import Foundation

/// Our programs started by mpirun.
enum Ranks {
  private static let mpirun = ["/usr/bin/mpirun", "/usr/local/bin/mpirun"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  static var canRun: Bool { mpirun != nil && Tiddu.isBuilt }

  static func start(_ ranks: Int, program: String = "tiddu-mpi", _ arguments: [String]) throws -> Tiddu.Started {
    try start([(ranks, arguments)], program)
  }

  static func run(_ ranks: Int, program: String = "tiddu-mpi", _ arguments: [String]) throws -> Tiddu.Result {
    try Tiddu.result(of: start(ranks, program: program, arguments))
  }

  /// As many ranks of each part with its own arguments.
  static func run(parts: [(ranks: Int, arguments: [String])]) throws -> Tiddu.Result {
    try Tiddu.result(of: start(parts, "tiddu-mpi"))
  }

  private static func start(_ parts: [(ranks: Int, arguments: [String])], _ program: String) throws -> Tiddu.Started {
    let path = Tiddu.built(program)?.path ?? program
    // Containers forbid one process to read another's memory, and Open MPI would complain.
    let options = ["--allow-run-as-root", "--oversubscribe", "--mca", "btl_vader_single_copy_mechanism", "none"]
    let words = parts.map { ["-n", "\($0.ranks)", path] + $0.arguments }.joined(separator: [":"])
    return try Tiddu.start(URL(fileURLWithPath: mpirun ?? "mpirun"), options + words)
  }

  /// The processes that this one has started.
  static func children(of process: Int32) throws -> [Int32] {
    try String(contentsOfFile: "/proc/\(process)/task/\(process)/children", encoding: .utf8).split(separator: " ")
      .compactMap { Int32($0) }
  }
}
