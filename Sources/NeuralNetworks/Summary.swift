/// A network's layers as a table: name, kind, output shape and number of parameters, as Keras prints it.
package struct Summary: Codable, Equatable, Sendable {
  package struct Row: Codable, Equatable, Sendable {
    package var layer: String
    package var type: String
    /// Without the batch.
    package var outputShape: Shape
    /// Names of the layers that it reads, where that is not the one before it.
    package var inputs: [String]?
    /// Numbers, trainable or not.
    package var parameters: Int
    /// Products that are added up for one image, counted as the formula has them, whatever the algorithm saves.
    package var multiplyAdds: Int
  }

  package var name: String
  /// The input, then the layers in order.
  package var rows: [Row]
  /// Of all layers together.
  package var parameters: Int
  /// Those of them that training changes by a gradient.
  package var trainableParameters: Int

  /// Of all layers together, for one image.
  package var multiplyAdds: Int

  /// - Throws: `UsageError` naming the layer that does not fit.
  package init(of architecture: Architecture) throws {
    name = architecture.name
    rows = [Row(layer: "input", type: "input", outputShape: architecture.input, parameters: 0, multiplyAdds: 0)]
    (trainableParameters, multiplyAdds) = (0, 0)
    for (named, shapes) in zip(architecture.layers, try architecture.shapes()) {
      let parameters = named.layer.parameters(for: shapes.inputs)
      rows.append(
        Row(
          layer: named.name, type: type(of: named.layer).type, outputShape: shapes.output, inputs: named.inputs,
          parameters: parameters.map(\.count).reduce(0, +),
          multiplyAdds: (named.layer as? any MultiplyingLayer)?.multiplyAdds(for: shapes.inputs, output: shapes.output)
            ?? 0))
      trainableParameters += parameters.filter(\.isTrainable).map(\.count).reduce(0, +)
    }
    parameters = rows.map(\.parameters).reduce(0, +)
    multiplyAdds = Self.sum(rows.map(\.multiplyAdds))
  }

  /// Operations of each row for `images`, 2 a multiply-add; in training those of forward, of the weights' gradients, and of
  /// the inputs' of all but the first row that has any.
  package func operations(images: Int, isTraining: Bool) -> [Double] {
    let first = rows.firstIndex { $0.multiplyAdds > 0 }
    return rows.indices.map { row in
      let passes = !isTraining ? 1 : row == first ? 2 : 3
      return 2 * Double(rows[row].multiplyAdds) * Double(images * passes)
    }
  }

  /// Of multiply-adds; as many as there are integers where a strange architecture has more.
  package static func sum(_ counts: [Int]) -> Int {
    counts.reduce(0) { sum, count in
      let (more, overflows) = sum.addingReportingOverflow(count)
      return overflows ? .max : more
    }
  }
}
