import HTTPTypes
import Hummingbird
import NIOCore

extension Server {
  typealias Context = BasicRequestContext
  private typealias Handler = @Sendable (Request, Context) async throws -> Response
  private typealias BodyHandler = @Sendable (Request, Context, [UInt8]) async throws -> Response

  func router() -> Router<Context> {
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
    let (restore, classify) = (
      RestoreRoute(engine: engine, limits: limits), ClassifyRoute(engine: engine, limits: limits)
    )
    let (read, compare) = (ReadRoute(engine: engine, limits: limits), CompareRoute(engine: engine))
    add("/restore", post: { request, _, body in try await restore.respond(to: request, body) }, to: inside)
    add("/classify", post: { request, _, body in try await classify.respond(to: request, body) }, to: inside)
    add("/read", post: { request, _, body in try await read.respond(to: request, body) }, to: inside)
    add(
      "/compare", post: { request, _, body in try await compare.respond(to: request, body) }, upTo: CompareRoute.most,
      to: inside)
    add("/v2", get: { _, _ in inference.server() }, to: inside)
    for path in ["/v2/models/{model}", "/v2/models/{model}/versions/{version}"] {
      add(path, get: { _, context in try inference.model(context) }, to: inside)
      add("\(path)/ready", get: { _, context in try inference.isReady(context) }, to: inside)
      add("\(path)/infer", post: { try await inference.infer($0, $1, $2) }, to: inside)
    }
    return router
  }

  /// One path with its methods: others are told which there are.
  ///
  /// - Parameter limit: bytes of a body, if not as many as the settings allow.
  private func add(
    _ path: String, get: Handler? = nil, post: BodyHandler? = nil, upTo limit: Int? = nil,
    to router: some RouterMethods<Context>
  ) {
    var known: [(HTTPRequest.Method, Handler)] = []
    if let get {
      known = [(.get, get), (.head, { try await get($0, $1).createHeadResponse() })]
    }
    if let post {
      let (bodies, limit) = (bodies, limit ?? settings.limits.bodyBytes)
      known.append(
        (
          .post,
          { request, context in
            try await bodies.withBody(of: request, upTo: limit) { try await post(request, context, $0) }
          }
        ))
    }
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
