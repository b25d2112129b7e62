import CKernels

/// The sum of its inputs, all of one shape. Each input's gradient is the output's.
package struct Add: Layer {
  package static let type = "add"
  package init() {}

  package func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    guard inputs.count >= 2 else { throw LayerError("adds at least two inputs, not \(inputs.count)") }
    guard Set(inputs).count == 1 else { throw LayerError("adds inputs of one shape, not \(inputs)") }
    return inputs[0]
  }

  package func compile(_ site: CompilationSite) throws -> CompiledLayer {
    CompiledAdd(site.inputs, output: try site.output(site.input.shape))
  }
}

private final class CompiledAdd: CompiledLayer {
  let output: Tensor
  private let inputs: [Tensor]

  init(_ inputs: [Tensor], output: Tensor) { (self.inputs, self.output) = (inputs, output) }

  func forward() {
    kernels_sum(output.start, inputs[0].start, inputs[1].start, output.values.count)
    for input in inputs.dropFirst(2) { kernels_add(output.start, input.start, output.values.count) }
  }

  func backward() {
    guard let gradients = output.gradients else { return }
    for input in inputs {
      if let target = input.gradients { kernels_copy(target.baseAddress, gradients.baseAddress, gradients.count) }
    }
  }
}

/// Its inputs side by side along the last axis: the channels of images, or features. All other extents are the same.
package struct Concatenate: Layer {
  package static let type = "concatenate"
  package init() {}

  package func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    guard inputs.count >= 2 else { throw LayerError("joins at least two inputs, not \(inputs.count)") }
    guard Set(inputs.map { $0.dropLast() }).count == 1 else {
      throw LayerError("joins inputs that differ in their last extent alone, not \(inputs)")
    }
    return inputs[0].dropLast() + [inputs.compactMap(\.last).reduce(0, +)]
  }

  package func compile(_ site: CompilationSite) throws -> CompiledLayer {
    let shape = try outputShape(for: site.inputs.map(\.shape))
    return CompiledConcatenate(
      site.inputs, output: try site.output(shape), rows: site.batch * shape.dropLast().reduce(1, *))
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
