// Sends an image to a running `tiddu serve` and writes what comes back: call-service IMAGE [http://localhost:8080]

import Foundation

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

let arguments = Array(CommandLine.arguments.dropFirst())
guard let file = arguments.first, let image = FileManager.default.contents(atPath: file) else {
  print("usage: call-service IMAGE [URL of the service]")
  exit(64)
}
let service = arguments.count > 1 ? arguments[1] : "http://localhost:8080"

func post(_ path: String, accepting type: String) async throws -> Data {
  guard let url = URL(string: service + path) else { throw URLError(.badURL) }
  var request = URLRequest(url: url)
  request.httpMethod = "POST"
  request.setValue("image/png", forHTTPHeaderField: "Content-Type")
  request.setValue(type, forHTTPHeaderField: "Accept")
  let (data, response) = try await URLSession.shared.upload(for: request, from: image)
  guard (response as? HTTPURLResponse)?.statusCode == 200 else {
    throw CocoaError(.fileReadUnknown, userInfo: [NSLocalizedDescriptionKey: String(decoding: data, as: UTF8.self)])
  }
  return data
}

try await post("/restore", accepting: "image/png").write(to: URL(fileURLWithPath: "restored.png"))
print("restored.png")
print(String(decoding: try await post("/classify", accepting: "application/json"), as: UTF8.self))
