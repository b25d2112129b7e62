/// What a layer does in the same pass for those behind it, which then pass its output through.
struct Fusion {
  /// The layers whose work it does, by their places.
  var absorbed: [Int] = []
  /// In inference, behind a convolution.
  var normalization: FoldedNormalization.Normalization?
  /// Behind a normalization, folded or not.
  var hasReLU = false
}

extension Fusion {
  /// By the place of the layer that does the work: a convolution takes over the normalization behind it where statistics
  /// are fixed, and either of them a ReLU of its own.
  static func all(in architecture: Architecture, _ parameters: Parameters, mode: Mode) -> [Int: Fusion] {
    let sources = architecture.sources
    /// The only layer that reads this one's output.
    func reader(of place: Int) -> Int? {
      let readers = sources.indices.filter { sources[$0].contains(place) }
      return readers.count == 1 ? readers[0] : nil
    }
    func relu(behind place: Int) -> Int? {
      guard let next = reader(of: place), let layer = architecture.layers[next].layer as? ActivationLayer,
        layer.activation == .relu, !layer.defersActivation
      else { return nil }
      return next
    }
    var fusions: [Int: Fusion] = [:]
    for (place, named) in architecture.layers.enumerated() {
      if let normalization = named.layer as? BatchNormalization {
        let before = sources[place].first.flatMap { $0 >= 0 ? $0 : nil }
        let convolution = before.flatMap { architecture.layers[$0].layer as? any ConvolutionLayer }
        var fusion = Fusion()
        if let next = relu(behind: place) { (fusion.absorbed, fusion.hasReLU) = ([next], true) }
        if mode == .inference, let before, convolution?.applied == .linear, reader(of: before) == place {
          fusion.absorbed.append(place)
          fusion.normalization = FoldedNormalization.Normalization(
            layer: normalization, parameters: parameters.own(named.name))
          fusions[before] = fusion
        } else if fusion.hasReLU {
          fusions[place] = fusion
        }
      }
    }
    return fusions
  }
}
