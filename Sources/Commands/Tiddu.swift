import ArgumentParser
import Support

/// The programs `tiddu` and `tiddu-mpi`: what their `main.swift` calls, and nothing else.
package enum CommandLineTool {
  /// Parses the process' arguments, does what they say, and ends it with a status from sysexits.h where that fails.
  package static func run() {
    Console.openAll()
    Memory.endQuietlyWithout()
    var command = parse()
    Launcher.refuseSeveral()
    StopSignal.handleAll()
    do {
      try command.run()
      try Console.flush()
    } catch {
      Failure.exit(with: error)
    }
  }

  /// The same as one of several processes.
  ///
  /// - Parameter join: meets the others.
  package static func run(joining join: () throws -> any ProcessGroup) -> Never {
    Console.openAll()
    Memory.endQuietlyWithout()
    do {
      let processes = try join()
      Threads.use(processes.threads)
      processes.finish(parse(on: processes))
    } catch {
      Failure.exit(with: error)
    }
  }

  private static func parse(on processes: (any ProcessGroup)? = nil) -> any ParsableCommand {
    do {
      let arguments = Array(SystemName.arguments.dropFirst())
      try EmptyArguments.check(arguments)
      return try Tiddu.parseAsRoot(arguments)
    } catch { Failure.exit(withUsage: error, on: processes) }
  }
}

struct Tiddu: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tiddu",
    abstract: "Turns distorted images back into clean ones.",
    discussion: """
      Train a model, then restore images with it; without data, handwritten-looking digits are made to train on.

      EXAMPLE: tiddu restore photo.png --into clean.png
      """,
    version: programVersion,
    subcommands: [
      DataCommand.self, DistortCommand.self, TrainCommand.self, RestoreCommand.self, EvaluateCommand.self,
      BenchmarkCommand.self, ClassifyCommand.self, ReadCommand.self, ShowCommand.self, ServeCommand.self,
      ExportCommand.self, ImportCommand.self, SearchCommand.self, SummaryCommand.self, BenchCommand.self,
      FigureCommand.self, ReproduceCommand.self, DoctorCommand.self,
    ])
}

/// `tiddu data …`
struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "Look at, fetch, make and convert sets of images.",
    discussion: "EXAMPLE: tiddu data info synthetic",
    subcommands: [
      DataInfoCommand.self, DataFetchCommand.self, DataSynthesizeCommand.self, DataConvertCommand.self,
      DataSheetCommand.self,
    ])
}
