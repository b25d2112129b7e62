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
      metrics.end(.init(route: "unreadable", method: request.method, status: 400), seconds: 0)
      throw error
    } catch {
      let fault = context.endpointPath == Self.notFound ? Fault(.notFound, "There is nothing here.") : Fault(error)
      if fault.isOurs {
        context.logger.error("failed", metadata: ["request": "\(id)", "error": "\(String(reflecting: error))"])
      }
      response = fault.response(to: request)
    }
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    let route = context.endpointPath ?? Self.unknown
    metrics.end(
      .init(route: route == Self.notFound ? Self.unknown : route, method: request.method, status: response.status.code),
      seconds: seconds)
    context.logger.info(
      "answered",
      metadata: [
        "request": "\(id)", "method": "\(request.method.rawValue)", "route": "\(route)",
        "status": "\(response.status.code)", "milliseconds": "\((seconds * 1e5).rounded() / 100)",
      ])
    response.headers.append(HTTPField(name: .requestID, value: id))
    let type = response.headers[.contentType] ?? ""
    response.headers.append(contentsOf: type.hasPrefix("text/html") ? AnswerHeaders.page : AnswerHeaders.all)
    return response
  }

  /// What Hummingbird calls what it finds no route for, and what we do.
  private static var notFound: String { "NotFound" }
  private static var unknown: String { "unknown" }

  /// What the client calls it, where that is fit to be repeated.
  private static func id(of request: Request) -> String? {
    guard let id = request.headers[.requestID], (1...64).contains(id.utf8.count),
      id.utf8.allSatisfy({
        (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2D
          || $0 == 0x5F
      })
    else { return nil }
    return id
  }
}

extension HTTPField.Name {
  static let requestID = HTTPField.Name("X-Request-ID")!
}

enum AnswerHeaders {
  /// Other pages can neither take an answer for something else nor look into it.
  static let all = [
    HTTPField(name: .xContentTypeOptions, value: "nosniff"),
    HTTPField(name: HTTPField.Name("Cross-Origin-Resource-Policy")!, value: "same-origin"),
    HTTPField(name: .contentSecurityPolicy, value: "default-src 'none'; frame-ancestors 'none'"),
  ]

  /// Nothing but the page's own files may be loaded, and no other page may show it.
  static let page = [
    HTTPField(name: .xContentTypeOptions, value: "nosniff"),
    HTTPField(
      name: .contentSecurityPolicy,
      value: "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
    HTTPField(name: HTTPField.Name("Referrer-Policy")!, value: "no-referrer"),
    HTTPField(name: HTTPField.Name("Cross-Origin-Resource-Policy")!, value: "same-origin"),
    HTTPField(name: HTTPField.Name("Cross-Origin-Opener-Policy")!, value: "same-origin"),
    HTTPField(name: HTTPField.Name("Permissions-Policy")!, value: "camera=(), microphone=(), geolocation=()"),
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
