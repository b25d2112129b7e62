// A layer of one's own: a scale that is learned, y = scale · x, one number for each channel.

import Distortions
import Foundation
import ImageSets
import NeuralNetworks
import Restoration

struct Scale: Layer {
  static let type = "scale"

  func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    guard inputs.count == 1 else { throw LayerError("scales one input, not \(inputs.count)") }
    return inputs[0]
  }

  func parameters(for inputs: [Shape]) -> [ParameterDescription] {
    [ParameterDescription(name: "scale", shape: [inputs[0].last ?? 1], initial: .ones)]
  }

  func compile(_ site: CompilationSite) throws -> CompiledLayer {
    CompiledScale(input: site.inputs[0], output: try site.output(site.inputs[0].shape), scale: site.parameter("scale"))
  }
}

final class CompiledScale: CompiledLayer {
  let output: Tensor
  private let input: Tensor
  private let scale: Parameter

  init(input: Tensor, output: Tensor, scale: Parameter) {
    (self.input, self.output, self.scale) = (input, output, scale)
  }

  func forward() {
    let (x, y, scale) = (input.values, output.values, scale.values)
    let channels = input.shape.last ?? 1
    for place in y.indices { y[place] = x[place] * scale[place % channels] }
  }

  /// dx = dy · scale; dscale = Σ dy · x
  func backward() {
    guard let dy = output.gradients else { return }
    let (x, values, dscale) = (input.values, scale.values, scale.gradients)
    let channels = input.shape.last ?? 1
    for channel in 0..<channels { dscale[channel] = 0 }
    for place in dy.indices { dscale[place % channels] += dy[place] * x[place] }
    guard let dx = input.gradients else { return }
    for place in dx.indices { dx[place] = dy[place] * values[place % channels] }
  }
}

LayerRegistry.register(Scale.self)
let network = """
  layers:
    - {type: conv2d, filters: 8, padding: same, activation: relu}
    - {type: scale}
    - {type: conv2d, filters: 1, padding: same, activation: sigmoid}
  """
try network.write(toFile: "scaled.yaml", atomically: true, encoding: .utf8)

let images = SyntheticDigits().imageSet(writers: 0..<20, perWriter: 10)
var plan = try TrainingPlan(Architecture(contentsOf: "scaled.yaml", for: images.shape), for: images)
(plan.epochs, plan.recipe) = (3, try Recipe.named("gaussian-noise"))
let folder = "runs/scaled-\(ProcessInfo.processInfo.processIdentifier)"
let trainer = try Trainer(plan, images: images, into: folder)
for try await case .epoch(let record, _, _) in trainer.events() { print("epoch \(record.epoch): loss \(record.loss)") }
let noisy = try plan.recipe.distort(images, seed: 9)
print("\(try Restorer(contentsOf: folder).restore(noisy).count) images denoised by a network with a layer of one's own")
