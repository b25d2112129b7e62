import CKernels
import OneDNN

/// The sum of its inputs, all of one shape. Each input's gradient is the output's.
public struct Add: Layer {
  public static let type = "add"
  public init() {}

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    guard inputs.count >= 2 else { throw LayerError("adds at least two inputs, not \(inputs.count)") }
    guard Set(inputs).count == 1 else { throw LayerError("adds inputs of one shape, not \(inputs)") }
    return inputs[0]
  }

  public func compile(_ site: CompilationSite) throws -> CompiledLayer {
    let layout = site.input.layout
    let inputs = try site.inputs.map { try site.builder.converted($0, to: layout) }
    return CompiledAdd(inputs, output: try site.output(site.input.shape, layout: layout))
  }
}

private final class CompiledAdd: CompiledLayer {
  let output: Tensor
  private let inputs: [Tensor]

  init(_ inputs: [Tensor], output: Tensor) { (self.inputs, self.output) = (inputs, output) }

  func forward() {
    _ = output.values.update(fromContentsOf: inputs[0].values)
    for input in inputs.dropFirst() { kernels_add(output.start, input.start, output.values.count) }
  }

  func backward() {
    guard let gradients = output.gradients else { return }
    for input in inputs { _ = input.gradients?.update(fromContentsOf: gradients) }
  }
}

/// Its inputs side by side along the last axis: the channels of images, or features. All other extents are the same.
public struct Concatenate: Layer {
  public static let type = "concatenate"
  public init() {}

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    guard inputs.count >= 2 else { throw LayerError("joins at least two inputs, not \(inputs.count)") }
    guard Set(inputs.map { $0.dropLast() }).count == 1 else {
      throw LayerError("joins inputs that differ in their last extent alone, not \(inputs)")
    }
    return inputs[0].dropLast() + [inputs.compactMap(\.last).reduce(0, +)]
  }

  public func compile(_ site: CompilationSite) throws -> CompiledLayer {
    let shape = try outputShape(for: site.inputs.map(\.shape))
    let block = site.input.layout.channelBlock
    // Whole blocks of channels lie one behind the other in each image; others have padding in between.
    if let block, site.inputs.allSatisfy({ ($0.shape.last ?? 0) % block == 0 }) {
      let inputs = try site.inputs.map { try site.builder.converted($0, to: Self.blocked($0, block)) }
      let layout = try TensorLayout.blockedImages(
        batch: site.batch, height: shape[0], width: shape[1], channels: shape[2], block: block)
      return CompiledConcatenate(inputs, output: try site.output(shape, layout: layout), rows: site.batch)
    }
    let inputs = try site.inputs.map { try site.plain($0) }
    return CompiledConcatenate(
      inputs, output: try site.output(shape), rows: site.batch * shape.dropLast().reduce(1, *))
  }

  private static func blocked(_ tensor: Tensor, _ block: Int) throws -> TensorLayout {
    try .blockedImages(
      batch: tensor.batch, height: tensor.shape[0], width: tensor.shape[1], channels: tensor.shape[2], block: block)
  }
}

private final class CompiledConcatenate: CompiledLayer {
  let output: Tensor
  private let inputs: [Tensor]
  private let rows: Int

  init(_ inputs: [Tensor], output: Tensor, rows: Int) {
    (self.inputs, self.output, self.rows) = (inputs, output, rows)
  }

  func forward() {
    let all = output.values.count / rows
    var place = 0
    for input in inputs {
      let width = input.values.count / rows
      kernels_copy_columns(output.start + place, all, input.start, width, width, rows)
      place += width
    }
  }

  func backward() {
    guard let gradients = output.gradients?.baseAddress else { return }
    let all = output.values.count / rows
    var place = 0
    for input in inputs {
      let width = input.values.count / rows
      if let into = input.gradients?.baseAddress {
        kernels_copy_columns(into, width, gradients + place, all, width, rows)
      }
      place += width
    }
  }
}
