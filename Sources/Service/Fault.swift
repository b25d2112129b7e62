import HTTPTypes
import Hummingbird
import ImageSets
import Support

/// Why a request is not answered as asked.
struct Fault: Error {
  var status: HTTPResponse.Status
  /// What is wrong and what to do, in a sentence or two; nothing of this machine.
  var detail: String
  var headers: HTTPFields = [:]

  init(_ status: HTTPResponse.Status, _ detail: String, headers: HTTPFields = [:]) {
    (self.status, self.detail, self.headers) = (status, detail, headers)
  }

  static func overloaded(after seconds: Int = 1) -> Fault {
    Fault(
      .tooManyRequests, "Too many requests are waiting. Send this one again in a moment.",
      headers: [.retryAfter: "\(seconds)"])
  }

  static let tooLate = Fault(
    .serviceUnavailable, "The request waited too long for its turn. Send it again in a moment.",
    headers: [.retryAfter: "2"])

  static func tooLarge(_ bytes: Int) -> Fault {
    Fault(
      .contentTooLarge, "The body is larger than \(bytes) bytes, the most that is taken.",
      headers: [.connection: "close"])
  }

  /// Of whatever was thrown while a request was answered: what the client did wrong is told, what went wrong here is not.
  init(_ error: any Error) {
    switch error {
    case let fault as Fault: self = fault
    case let error as HTTPError:
      self.init(error.status, error.body ?? error.status.reasonPhrase, headers: error.headers)
    case let error as DataError:
      self.init(.unprocessableContent, "\(error)".replacing("\n", with: ". "))
    case let error as UsageError: self.init(.badRequest, error.problem)
    case is ResourceError:
      self.init(
        .serviceUnavailable, "There is too little memory for this request just now.", headers: [.retryAfter: "5"])
    default: self.init(.internalServerError, "Something went wrong here; the log tells what, under the request's ID.")
    }
  }

  /// Whether it is nobody's fault but the service's.
  var isOurs: Bool { status.code == 500 }

  private struct Problem: Encodable {
    var title: String
    var status: Int
    var detail: String
  }

  private struct InferenceProblem: Encodable {
    var error: String
  }

  /// In the form of the protocol that was spoken: Open Inference Protocol below /v2, RFC 9457 elsewhere.
  func response(to request: Request) -> Response {
    let isInference = request.uri.path.hasPrefix("/v2")
    var headers = headers
    headers[.contentType] = isInference ? MediaTypes.json : MediaTypes.problem
    headers[.cacheControl] = "no-store"
    let body =
      isInference
      ? JSONText.bytes(InferenceProblem(error: detail))
      : JSONText.bytes(Problem(title: status.reasonPhrase, status: status.code, detail: detail))
    return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: body)))
  }
}

enum MediaTypes {
  static let json = "application/json"
  static let problem = "application/problem+json"
  static let png = "image/png"
  static let binary = "application/octet-stream"
}
