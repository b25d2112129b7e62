/// A network's layers as a table: name, kind, output shape and number of parameters, as Keras prints it.
public struct Summary: Codable, Equatable, Sendable {
  public struct Row: Codable, Equatable, Sendable {
    public var layer: String
    public var type: String
    /// Without the batch.
    public var outputShape: Shape
    /// Trainable numbers.
    public var parameters: Int
  }

  public var name: String
  /// The input, then the layers in order.
  public var rows: [Row]
  /// Of all layers together.
  public var parameters: Int

  /// - Throws: `UsageError` naming the layer that does not fit.
  public init(of architecture: Architecture) throws {
    name = architecture.name
    rows = [Row(layer: "input", type: "input", outputShape: architecture.input, parameters: 0)]
    for (named, shapes) in zip(architecture.layers, try architecture.shapes()) {
      rows.append(
        Row(
          layer: named.name, type: type(of: named.layer).type, outputShape: shapes.output,
          parameters: named.layer.parameters(for: shapes.input).map(\.count).reduce(0, +)))
    }
    parameters = rows.map(\.parameters).reduce(0, +)
  }
}
