/// A decoding error in one line: where, and what is wrong there.
package func explain(_ error: any Error) -> String {
  guard let error = error as? DecodingError else { return firstLine("\(error)") }
  let context: DecodingError.Context =
    switch error {
    case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context),
      .dataCorrupted(let context):
      context
    @unknown default: .init(codingPath: [], debugDescription: "\(error)")
    }
  let problem = context.underlyingError.map { firstLine("\($0)") } ?? firstLine(context.debugDescription)
  let place = context.codingPath.map(\.stringValue).joined(separator: ".")
  return place.isEmpty ? problem : "\(place): \(problem)"
}

private func firstLine(_ text: String) -> String { String(text.prefix { $0 != "\n" }) }
