import Support

/// A number of a network is NaN or infinite: training has diverged, or began with such images.
package struct NotFinite: Error, Equatable, Codable {
  /// What holds the number, in words for a message: "the output of layer dense_1".
  package var place: String

  package init(place: String) { self.place = place }
}

extension Parameters {
  /// The weight nearest to the network's output that is not finite, as gradients spread from there; nil where all are.
  package var notFinite: NotFinite? {
    all.last { !$0.values.allSatisfy(\.isFinite) }.map { NotFinite(place: "the weight \($0.name)") }
  }
}

extension Program {
  /// Where the numbers of the last step first went wrong, in the order in which it computed them.
  func notFinite() -> NotFinite {
    if !input.allSatisfy(\.isFinite) { return NotFinite(place: "a pixel of the distorted images") }
    if !targets.allSatisfy(\.isFinite) { return NotFinite(place: "a pixel of the clean images") }
    for (named, layer) in zip(architecture.layers, layers) where !layer.output.values.allSatisfy(\.isFinite) {
      return NotFinite(place: "the output of layer \(named.name)")
    }
    return parameters.notFinite ?? NotFinite(place: "the loss")
  }
}
