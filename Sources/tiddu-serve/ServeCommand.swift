import ArgumentParser
import Foundation
import Logging
import Restoration
import Service
import Support

struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tiddu serve", abstract: "Serve a page to try correctors on, and an HTTP interface for programs.",
    discussion: """
      Listens on this machine alone unless --host says otherwise. Ends on SIGTERM or SIGINT, once it has answered what came. \
      Programs find what there is in /openapi.json; /v2 speaks the Open Inference Protocol.

      EXAMPLE: tiddu serve --port 8080
      """, version: programVersion)

  @Argument(
    help: ArgumentHelp(
      "Models to serve: files, runs' folders or names of those that come with tiddu (default: all of these).",
      valueName: "model"))
  var models: [String] = []

  @Option(
    help: ArgumentHelp("What reads images where a request names nothing (default: tiddu-reader).", valueName: "model"))
  var classifier: String?

  @Option(help: "The address to listen on; 0.0.0.0 for every network that the machine is in.")
  var host = "127.0.0.1"

  @Option(help: "The port to listen on; 0 takes any that is free.")
  var port = 8080

  @Option(
    help: ArgumentHelp("Let in only who sends the token in this file (Authorization: Bearer …).", valueName: "file"))
  var tokenFile: String?

  @Option(help: ArgumentHelp("Speak TLS with this certificate chain (PEM).", valueName: "file.pem"))
  var tlsCertificate: String?

  @Option(help: ArgumentHelp("The certificate's private key (PEM).", valueName: "file.pem"))
  var tlsKey: String?

  @Option(help: "Threads that correct and read (default: one a core).")
  var threads: Int?

  @Option(help: "Images that go through a network together, at most.")
  var batch = 64

  @Option(help: ArgumentHelp("How long a request waits for others to go with it.", valueName: "milliseconds"))
  var batchDelay = 0.0

  @Option(help: "Requests that may wait for their turn; the next is answered with 429.")
  var queue = 512

  @Option(help: ArgumentHelp("The largest body of a request.", valueName: "megabytes"))
  var maxBody = 32

  @Option(help: ArgumentHelp("The largest image.", valueName: "megapixels"))
  var maxPixels = 40

  @Option(help: ArgumentHelp("How long a request may take to arrive, and to wait for its turn.", valueName: "seconds"))
  var timeout = 30

  @Option(help: "What is logged to standard error: debug, info (each request), notice, warning, error.")
  var logLevel = "notice"

  func validate() throws {
    func check(_ option: String, _ value: Int, _ range: ClosedRange<Int>) throws {
      guard range.contains(value) else {
        throw ValidationError("--\(option) \(value): choose from \(range.lowerBound) to \(range.upperBound).")
      }
    }
    try check("port", port, 0...65_535)
    try check("threads", threads ?? 1, 1...256)
    try check("batch", batch, 1...1024)
    try check("queue", queue, 1...100_000)
    try check("max-body", maxBody, 1...1024)
    try check("max-pixels", maxPixels, 1...268)
    try check("timeout", timeout, 1...3600)
    guard batchDelay >= 0, batchDelay <= 1000 else {
      throw ValidationError("--batch-delay \(batchDelay): choose from 0 to 1000 milliseconds.")
    }
    guard Logger.Level(rawValue: logLevel) != nil else {
      throw ValidationError("--log-level \(logLevel): choose one of debug, info, notice, warning, error.")
    }
    guard (tlsCertificate == nil) == (tlsKey == nil) else {
      throw ValidationError("--tls-certificate and --tls-key go together.")
    }
  }

  func run() async throws {
    do { try await serve() } catch { ServeFailure.exit(with: error) }
  }

  private func serve() async throws {
    OpenFiles.allowAll()
    var logger = Logger(label: "tiddu") { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = Logger.Level(rawValue: logLevel) ?? .notice
    var settings = Server.Settings()
    (settings.host, settings.port, settings.token) = (host, port, try token())
    (settings.certificate, settings.key) = (tlsCertificate, tlsKey)
    if let threads { settings.threads = threads }
    (settings.limits.batch, settings.limits.batchMilliseconds) = (batch, batchDelay)
    (settings.limits.queue, settings.limits.seconds) = (queue, timeout)
    (settings.limits.bodyBytes, settings.limits.pixels) = (maxBody << 20, maxPixels * 1_000_000)
    settings.limits.connections = min(settings.limits.connections, max(64, OpenFiles.most - 64))
    if settings.token == nil, !["127.0.0.1", "::1", "localhost"].contains(host) {
      Console.note("\(host) may be reached by others: --token-file lets in only who has the token")
    }
    let server = Server(try ServedModels(models, classifier: classifier), settings: settings, logger: logger)
    try await server.run { address in
      print(address)
      try? Console.flush()
    }
  }

  private func token() throws -> String? {
    guard let tokenFile else { return nil }
    let text = String(decoding: try Folder.read(tokenFile), as: UTF8.self).trimmingCharacters(
      in: .whitespacesAndNewlines)
    guard text.count >= 16, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw DataError(
        file: tokenFile, expected: "a token of at least 16 printable characters", found: "\(text.count)",
        remedy: "Make one: openssl rand -hex 24")
    }
    return text
  }
}

/// How errors leave the program: as those of `tiddu`.
enum ServeFailure {
  static func exit(with error: any Error) -> Never {
    let status: Int32 =
      switch error {
      case is UsageError: EX_USAGE
      case is DataError: EX_DATAERR
      case is SystemError: EX_IOERR
      case is ResourceError: EX_OSERR
      default: EX_SOFTWARE
      }
    Console.note("tiddu: \(error)")
    Foundation.exit(status)
  }
}

/// How many files and connections the process may have open.
enum OpenFiles {
  static var most: Int {
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    return Int(clamping: limit.rlim_cur)
  }

  /// The usual limit, 1,024, is meant for programs that serve nobody.
  static func allowAll() {
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    limit.rlim_cur = min(limit.rlim_max, 65_536)
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }
}
