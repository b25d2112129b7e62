/// (H, W, C) seen as H·W·C features.
package struct Flatten: UnaryLayer {
  package static let type = "flatten"
  package init() {}

  package func outputShape(for input: Shape) -> Shape { [input.reduce(1, *)] }
  package func compile(_ site: CompilationSite) throws -> CompiledLayer {
    View(output: site.input.viewed(as: outputShape(for: site.input.shape)))
  }
}

/// Features seen with other extents, in the same order.
package struct Reshape: UnaryLayer {
  package static let type = "reshape"
  /// Without the batch.
  package var shape: Shape
  package init(_ shape: Shape) { self.shape = shape }

  package func outputShape(for input: Shape) throws(LayerError) -> Shape {
    guard shape.reduce(1.0, { $0 * Double($1) }) == Double(input.reduce(1, *)) else {
      throw LayerError("cannot see the \(input.reduce(1, *)) values of \(input) as \(shape)")
    }
    return shape
  }

  package func compile(_ site: CompilationSite) throws -> CompiledLayer {
    View(output: site.input.viewed(as: shape))
  }
}

/// No work: the output is the input's memory.
private final class View: DetailedLayer {
  let output: Tensor
  init(output: Tensor) { self.output = output }
  func forward() {}
  func backward() {}
  var method: String { "none" }
}
