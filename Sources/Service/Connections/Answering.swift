import HTTPTypes
import Hummingbird
import Logging
import NIOHTTP1

/// Around every request: counts it, gives it an ID, tells errors in the protocol's form, and sets the headers that each answer has.
struct Answering<Context: RequestContext>: RouterMiddleware {
  let metrics: Metrics

  func handle(
    _ request: Request, context: Context, next: (Request, Context) async throws -> Response
  ) async throws -> Response {
    let start = ContinuousClock.now
    metrics.begin()
    let id = Self.id(of: request) ?? context.id
    var response: Response
    do { response = try await next(request, context) } catch let error as HTTPParserError {
      metrics.end(route: "unreadable", method: "", status: 400, seconds: 0)
      throw error
    } catch {
      let fault = context.endpointPath == "NotFound" ? Fault(.notFound, "There is nothing here.") : Fault(error)
      if fault.isOurs {
        context.logger.error("failed", metadata: ["request": "\(id)", "error": "\(String(reflecting: error))"])
      }
      response = fault.response(to: request)
    }
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    let route = context.endpointPath == "NotFound" ? "unknown" : context.endpointPath ?? "unknown"
    let method = Self.methods.contains(request.method) ? request.method.rawValue : "other"
    metrics.end(route: route, method: method, status: response.status.code, seconds: seconds)
    context.logger.info(
      "answered",
      metadata: [
        "request": "\(id)", "method": "\(method)", "route": "\(route)", "status": "\(response.status.code)",
        "milliseconds": "\((seconds * 1e5).rounded() / 100)",
      ])
    response.headers[Self.requestID] = id
    for (name, value) in Self.headers { response.headers[name] = value }
    return response
  }

  private static var methods: Set<HTTPRequest.Method> { [.get, .head, .post, .put, .delete, .patch, .options, .trace] }
  private static var requestID: HTTPField.Name { HTTPField.Name("X-Request-ID")! }

  /// What the client calls it, where that is fit to be repeated.
  private static func id(of request: Request) -> String? {
    guard let id = request.headers[requestID], (1...64).contains(id.utf8.count),
      id.utf8.allSatisfy({
        (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2D
          || $0 == 0x5F
      })
    else { return nil }
    return id
  }

  private static var headers: [(HTTPField.Name, String)] { AnswerHeaders.all }
}

enum AnswerHeaders {
  /// Nothing but the page's own files may be loaded, and no other page may show it or look into its answers.
  static let all: [(HTTPField.Name, String)] = [
    (
      .contentSecurityPolicy,
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    (HTTPField.Name("X-Content-Type-Options")!, "nosniff"),
    (HTTPField.Name("Referrer-Policy")!, "no-referrer"),
    (HTTPField.Name("Cross-Origin-Resource-Policy")!, "same-origin"),
    (HTTPField.Name("Cross-Origin-Opener-Policy")!, "same-origin"),
    (HTTPField.Name("Permissions-Policy")!, "camera=(), microphone=(), geolocation=()"),
  ]
}

/// Lets nobody in without the token, where there is one.
struct TokenCheck<Context: RequestContext>: RouterMiddleware {
  let token: [UInt8]?

  func handle(
    _ request: Request, context: Context, next: (Request, Context) async throws -> Response
  ) async throws -> Response {
    if let token {
      let parts = (request.headers[.authorization] ?? "").split(separator: " ", maxSplits: 1)
      guard parts.count == 2, parts[0].lowercased() == "bearer", Self.areEqual(token, Array(parts[1].utf8)) else {
        throw Fault(
          .unauthorized, "A token is wanted: Authorization: Bearer …", headers: [.wwwAuthenticate: "Bearer"])
      }
    }
    return try await next(request, context)
  }

  /// In a time that does not tell how much of it was right.
  private static func areEqual(_ token: [UInt8], _ other: [UInt8]) -> Bool {
    guard token.count == other.count else { return false }
    return zip(token, other).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }
}
