import ArgumentParser
import Foundation
import Support

/// `tiddu serve`: hands over to `tiddu-serve`, a program of its own, as the packages of an HTTP server take minutes to build.
struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "Serve a page to try correctors on, and an HTTP interface for programs.",
    discussion: "EXAMPLE: tiddu serve --port 8080")

  @Argument(parsing: .captureForPassthrough, help: "What tiddu-serve takes; --help tells.")
  var arguments: [String] = []

  func run() throws {
    let program = URL(fileURLWithPath: Self.ownPath).deletingLastPathComponent().appendingPathComponent("tiddu-serve")
      .path
    guard Folder.kind(of: program) == .file else {
      throw UsageError(
        "tiddu serve is a program of its own, tiddu-serve, and it is not beside tiddu",
        remedy: "Build it with make service, or build and start it with make serve.")
    }
    var words = ([program] + arguments).map { strdup($0) } + [nil]
    execv(program, &words)
    throw SystemError.last(operation: "start", path: program)
  }

  private static var ownPath: String {
    (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? SystemName.arguments[0]
  }
}
