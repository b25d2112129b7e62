import Distortions
import Hummingbird
import ImageSets
import Restoration
import Support

/// `/v2`: Open Inference Protocol, version 2.
struct InferenceRoutes: Sendable {
  let engine: Engine
  let limits: Limits

  private struct Server: Encodable {
    var name = "tiddu"
    var version = programVersion
    var extensions = ["binary_tensor_data"]
  }

  private struct Live: Encodable { var live = true }
  private struct Ready: Encodable {
    var name: String?
    var ready = true
  }

  func server() -> Response { JSONText.response(Server()) }
  func live() -> Response { JSONText.response(Live()) }
  func ready() -> Response { JSONText.response(Ready()) }

  func model(_ context: some RequestContext) throws -> Response {
    JSONText.response(InferenceMetadata(try entry(context)))
  }

  func isReady(_ context: some RequestContext) throws -> Response {
    JSONText.response(Ready(name: try entry(context).name))
  }

  func infer(_ request: Request, _ context: some RequestContext, _ body: [UInt8]) async throws -> Response {
    let entry = try entry(context)
    let (order, rest) = try InferenceRequest.read(body, headers: request.headers)
    let images = try order.images(rest, for: entry, most: limits.images)
    let isFloat = order.inputs[0].datatype == TensorType.float.rawValue
    let work: Order.Work =
      entry.isClassifier
      ? .classify(model: entry.name)
      : .restore(model: entry.name, expecting: Recipe.expected.name, onlyIfSure: 0)
    return try await engine.order(work, count: images.count, images: images) { outcome in
      try InferenceAnswer(of: order, model: entry.name, tensors: outcome.tensors(asFloats: isFloat)).response
    }
  }

  /// - Throws: `Fault` for a model or a version that there is not.
  private func entry(_ context: some RequestContext) throws -> ServedModels.Entry {
    if let version = context.parameters.get("version"), version != InferenceMetadata.version {
      throw Fault(.notFound, "There is version \(InferenceMetadata.version) alone.")
    }
    return try engine.models.entry(named: context.parameters.get("model") ?? "")
  }
}

extension Outcome {
  /// - Parameter asFloats: whether images are told as numbers 0…1 and not as bytes.
  fileprivate func tensors(asFloats: Bool) -> [OutputTensor] {
    switch self {
    case .classified(let found):
      return [
        OutputTensor(
          name: "probabilities", shape: [found.count, found.first?.probabilities.count ?? 0],
          values: .floats(found.flatMap(\.probabilities))),
        OutputTensor(name: "label", shape: [found.count], values: .longs(found.map { Int64($0.label) })),
      ]
    case .restored(let set):
      let shape = set.images.shape
      let restored = OutputTensor(
        name: "restored", shape: [set.images.count, shape.height, shape.width, shape.channels],
        values: asFloats ? .floats(set.numbers) : .bytes(set.images.pixels))
      guard let findings = set.findings, let undone = set.undone else { return [restored] }
      return [
        restored,
        OutputTensor(name: "undone", shape: [findings.count], values: .texts(undone.map(\.rawValue))),
        OutputTensor(name: "probability", shape: [findings.count], values: .floats(findings.map(\.probability))),
      ]
    }
  }
}
