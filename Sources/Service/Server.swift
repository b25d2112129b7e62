import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
public import Logging
import NIOCore
import NIOSSL
import ServiceLifecycle
import Support

/// The HTTP service: a page to try correctors on, and what programs call.
public struct Server: Sendable {
  public struct Settings: Sendable {
    public var host = "127.0.0.1"
    /// 0: any that is free.
    public var port = 8080
    /// That correct and read; each has networks of its own.
    public var threads = Threads.count
    public var limits = Limits()
    /// Without it nobody is let in.
    public var token: String?
    /// Files in PEM, the certificate with its chain.
    public var certificate: String?
    public var key: String?

    public init() {}
  }

  private let settings: Settings
  private let engine: Engine
  private let metrics = Metrics()
  private let logger: Logger

  public init(_ models: ServedModels, settings: Settings, logger: Logger) {
    (self.settings, self.logger) = (settings, logger)
    engine = Engine(models, limits: settings.limits, metrics: metrics, threads: settings.threads)
  }

  /// Answers requests until the process is told to stop (SIGTERM, SIGINT), and then those that have come.
  ///
  /// - Parameter started: called with the address once there is one.
  /// - Throws: `UsageError` for a certificate or a key that is none, `SystemError` where the address cannot be had.
  public func run(_ started: @escaping @Sendable (String) -> Void) async throws {
    let scheme = settings.certificate == nil ? "http" : "https"
    let host = settings.host
    let application = try Application(
      router: router(), server: builder(),
      configuration: .init(
        address: .hostname(settings.host, port: settings.port), backlog: 1024,
        availableConnectionsDelegate: .maximum(settings.limits.connections, logger: logger)),
      onServerRunning: { channel in
        let shown = host.contains(":") ? "[\(host)]" : host
        started("\(scheme)://\(shown):\(channel.localAddress?.port ?? 0)/")
      }, logger: logger)
    defer { engine.stop() }
    do { try await application.runService() } catch let error as IOError {
      throw SystemError(
        operation: "listen on", path: "\(settings.host), port \(settings.port)",
        reason: String(cString: strerror(error.errnoCode)), remedy: "Choose another --port or --host.")
    }
  }

  private func builder() throws -> HTTPServerBuilder {
    let times = ConnectionGuard.Times(body: .seconds(Int64(settings.limits.seconds)))
    var http = HTTP1Channel.Configuration(additionalChannelHandlers: [ConnectionGuard(times)])
    http.httpDecoder = .init(maxHeaderFieldSize: 16 << 10, maxHeaderListSize: 32 << 10, maxHeaderFieldCount: 100)
    let configured = http
    guard let certificate = settings.certificate, let key = settings.key else {
      return HTTPServerBuilder { OnEventLoop(base: HTTP1Channel(responder: $0, configuration: configured)) }
    }
    do {
      let chain = try NIOSSLCertificate.fromPEMFile(certificate).map { NIOSSLCertificateSource.certificate($0) }
      let key = try NIOSSLPrivateKey(file: key, format: .pem)
      let configuration = TLSConfiguration.makeServerConfiguration(
        certificateChain: chain, privateKey: .privateKey(key))
      _ = try NIOSSLContext(configuration: configuration)
      return HTTPServerBuilder {
        OnEventLoop(
          base: try TLSChannel(HTTP1Channel(responder: $0, configuration: configured), tlsConfiguration: configuration))
      }
    } catch is NIOSSLError {
      throw UsageError(
        "\(certificate) and \(settings.key ?? "") are no certificate and its key",
        remedy: "Give a certificate chain and a private key, each as PEM.")
    }
  }
}

// MARK: - Routes

extension Server {
  private typealias Context = BasicRequestContext
  private typealias Handler = @Sendable (Request, Context) async throws -> Response

  private func router() -> Router<Context> {
    let router = Router(context: Context.self)
    router.add(middleware: Answering(metrics: metrics))
    let pages = PageRoutes(engine.models)
    for path in pages.paths { add(path, get: { request, _ in try pages.respond(to: request) }, to: router) }
    let inference = InferenceRoutes(engine: engine, limits: settings.limits)
    add("/v2/health/live", get: { _, _ in inference.live() }, to: router)
    add("/v2/health/ready", get: { _, _ in inference.ready() }, to: router)
    let inside = router.group("").add(middleware: TokenCheck(token: settings.token.map { Array($0.utf8) }))
    let (engine, metrics, limits) = (engine, metrics, settings.limits)
    add("/metrics", get: { _, _ in Self.text(metrics.text(waiting: engine.waiting)) }, to: inside)
    add(
      "/restore", post: { request, _ in try await RestoreRoute(engine: engine, limits: limits).respond(to: request) },
      to: inside)
    add(
      "/classify", post: { request, _ in try await ClassifyRoute(engine: engine, limits: limits).respond(to: request) },
      to: inside)
    add(
      "/read", post: { request, _ in try await ReadRoute(engine: engine, limits: limits).respond(to: request) },
      to: inside)
    add(
      "/compare", post: { request, _ in try await CompareRoute(engine: engine, limits: limits).respond(to: request) },
      to: inside)
    add("/v2", get: { _, _ in inference.server() }, to: inside)
    for path in ["/v2/models/{model}", "/v2/models/{model}/versions/{version}"] {
      add(path, get: { _, context in try inference.model(context) }, to: inside)
      add("\(path)/ready", get: { _, context in try inference.isReady(context) }, to: inside)
      add("\(path)/infer", post: { try await inference.infer($0, $1) }, to: inside)
    }
    return router
  }

  /// One path with its methods: others are told which there are.
  private func add(
    _ path: String, get: Handler? = nil, post: Handler? = nil, to router: some RouterMethods<Context>
  ) {
    var known: [(HTTPRequest.Method, Handler)] = []
    if let get {
      known = [(.get, get), (.head, { try await get($0, $1).createHeadResponse() })]
    }
    if let post { known.append((.post, post)) }
    let allowed = known.map(\.0.rawValue).joined(separator: ", ")
    for (method, handler) in known { router.on(RouterPath(path), method: method, use: handler) }
    let others =
      [.get, .head, .post, .put, .delete, .patch, .options, .trace] + [HTTPRequest.Method("QUERY")].compactMap(\.self)
    for method in others where !known.contains(where: { $0.0 == method }) {
      router.on(RouterPath(path), method: method) { _, _ -> Response in
        throw Fault(.methodNotAllowed, "This takes \(allowed).", headers: [.allow: allowed])
      }
    }
  }

  private static func text(_ text: String) -> Response {
    Response(
      status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8", .cacheControl: "no-store"],
      body: .init(byteBuffer: ByteBuffer(string: text)))
  }
}
