import ArgumentParser
import Foundation
import Restoration
import Search
import Support

/// The processes that work on one command together, as the program that was started among them gives them.
package protocol ProcessGroup {
  var collective: any Collective { get }
  /// The same processes, writing to each other.
  var channel: any MessageChannel { get }
  /// For each process, unless `--threads` says otherwise.
  var threads: Int { get }
  /// Is written to standard error where this process is ended because another has ended.
  func prepareAbortMessage(_ text: String)
  /// Ends this process, as the others do.
  func leave(status: Int32) -> Never
  /// Ends all processes, of which the others may know nothing.
  func abort(status: Int32) -> Never
}

/// A command that several processes can work on; all others refuse them.
protocol ParallelCommand {
  func run(on processes: (any ProcessGroup)?) throws
}

extension ProcessGroup {
  /// Runs the command on every process, and ends them all.
  func finish(_ command: any ParsableCommand) -> Never {
    do {
      try run(command)
      try Console.flush()
      leave(status: EXIT_SUCCESS)
    } catch {
      Failure.exit(with: error, on: self)
    }
  }

  private func run(_ command: any ParsableCommand) throws {
    if let command = command as? any ParallelCommand { return try command.run(on: self) }
    // The parser's own command for --help has no other public name; commands with subcommands only print theirs.
    let type = Swift.type(of: command)
    let isHelp = !type.configuration.subcommands.isEmpty || String(describing: type) == "HelpCommand"
    try collective.together {
      guard collective.size == 1 || isHelp else {
        throw UsageError(
          "only tiddu-mpi train and search work in several processes, and \(collective.size) were started",
          remedy: "Start this command without mpirun.")
      }
    }
    var command = command
    try command.run()
  }
}

/// What mpirun tells a process of ours that knows nothing of it.
enum Launcher {
  private static func number(_ name: String) -> Int? { ProcessInfo.processInfo.environment[name].flatMap(Int.init) }

  /// Ends a process that mpirun started beside others: each would do the same work, and write over the others' files.
  static func refuseSeveral() {
    guard let size = number("OMPI_COMM_WORLD_SIZE"), size > 1 else { return }
    let error = UsageError(
      "mpirun started \(size) of this program, which knows nothing of its like",
      remedy: "Train or search in several processes by mpirun -n \(size) tiddu-mpi; start tiddu alone.")
    if number("OMPI_COMM_WORLD_RANK") == 0 { Failure.exit(with: error) }
    exit(EX_USAGE)
  }
}
