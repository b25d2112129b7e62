import Distortions
import NeuralNetworks
import Restoration

/// What a model of two parts does besides its networks: which orientation is undone, and whether the image is restored too.
/// `DecisionRule`, `OrientationTable` and `Inpainting` say the same for `Restorer`.
struct ONNXCorrection {
  private let checkpoint: Checkpoint
  private let rule: DecisionRule

  /// Names of arrays.
  struct Findings {
    /// (N, orientations), their sum 1.
    var probabilities: String
    /// The number of the orientation that is undone. (N) of integers
    var orientation: String
    /// The number of the most probable damage. (N) of integers
    var damage: String
    /// Whether undamaged is the less probable. (N) of truth values
    var wantsRestoration: String
  }

  init(_ checkpoint: Checkpoint, expected: Recipe) throws {
    self.checkpoint = checkpoint
    rule = try DecisionRule(of: checkpoint, expected: expected)
  }

  // MARK: - What is found

  func find(in image: ONNXValue, _ graph: inout ONNXGraph) throws -> Findings {
    let logits = try logits(of: image, &graph)
    // What is not expected has −∞ added; where nothing is, anything is.
    let shifts = rule.shiftsOfOutputs
    let isImpossible = shifts.allSatisfy { $0 == -.infinity }
    let shifted =
      isImpossible ? logits : graph.add("Add", [logits, graph.floats(shifts)], as: "orientation/shifted")
    let largest = graph.add("ReduceMax", [shifted], [("axes", .integers([1]))], as: "orientation/largest")
    let differences = graph.add("Sub", [shifted, largest], as: "orientation/differences")
    let weights = graph.add("Exp", [differences], as: "orientation/weights")
    let byLabel = graph.reshape(
      weights, to: [rule.orientations.count, rule.labels, rule.damages], as: "orientation/by_label")
    let byDamage = sum(byLabel, axis: 2, keeps: false, "orientation/by_damage", &graph)
    let values = graph.add(
      "Mul", [byDamage, graph.floats(Array(DecisionRule.readRight[..<rule.damages]))], as: "orientation/values")
    let value = sum(values, axis: 2, keeps: false, "orientation/value", &graph)
    let best = graph.add(
      "ArgMax", [value], [("axis", .integer(1)), ("keepdims", .integer(0))], as: "orientation/best",
      output: "orientation")
    let all = sum(byDamage, axis: 2, keeps: false, "orientation/sums", &graph)
    let total = sum(all, axis: 1, keeps: true, "orientation/total", &graph)
    let probabilities = graph.add("Div", [all, total], as: "orientation/probabilities")
    let row = graph.add("Unsqueeze", [best, graph.integers([1])], as: "orientation/row")
    let own = graph.add("GatherND", [byDamage, row], [("batch_dims", .integer(1))], as: "orientation/own")
    return Findings(
      probabilities: probabilities, orientation: best, damage: damage(own, &graph),
      wantsRestoration: wantsRestoration(own, &graph))
  }

  /// (N, outputs); where the model looks twice, the mean of the image's own and those of the same image turned by half.
  private func logits(of image: ONNXValue, _ graph: inout ONNXGraph) throws -> String {
    guard checkpoint.plan.averagesHalfTurn else {
      return try graph.add(checkpoint, to: image, label: "orientation", withFinalActivation: false).name
    }
    // One batch of twice as many images.
    var both = graph.channelsLast(image)
    let half = permuted(both, by: graph.integers(sources(.rotation180)), "orientation/half_turned", &graph)
    both.name = graph.add("Concat", [both.name, half.name], [("axis", .integer(0))], as: "orientation/both")
    let logits = try graph.add(checkpoint, to: both, label: "orientation", withFinalActivation: false)
    let looks = graph.add("Reshape", [logits.name, graph.integers([2, -1, rule.outputs])], as: "orientation/looks")
    let first = graph.add("Gather", [looks, graph.integers([0], shape: [])], as: "orientation/first")
    let second = graph.add("Gather", [looks, graph.integers([1], shape: [])], as: "orientation/second")
    let turned = graph.add(
      "Gather", [second, graph.integers(rule.placesOfHalfTurned)], [("axis", .integer(1))], as: "orientation/turned")
    let added = graph.add("Add", [first, turned], as: "orientation/added")
    return graph.add("Div", [added, graph.floats([2], shape: [])], as: "orientation/mean")
  }

  private func sum(_ name: String, axis: Int, keeps: Bool, _ label: String, _ graph: inout ONNXGraph) -> String {
    graph.add(
      "ReduceSum", [name, graph.integers([axis])], [("keepdims", .integer(keeps ? 1 : 0))], as: label)
  }

  // MARK: - What is done

  /// The images upright: a permutation of their pixels.
  func undo(_ found: Findings, in image: ONNXValue, _ graph: inout ONNXGraph) -> ONNXValue {
    let table = rule.orientations.flatMap { sources($0.inverse) }
    let pixels = table.count / rule.orientations.count
    let tables = graph.integers(table, shape: [rule.orientations.count, pixels])
    let order = graph.add("Gather", [tables, found.orientation], as: "upright/order")
    let places = graph.add("Unsqueeze", [order, graph.integers([2])], as: "upright/places")
    let source = graph.channelsLast(image)
    let flat = graph.reshape(source.name, to: [pixels, image.shape[2]], as: "upright/flat")
    let turned = graph.add("GatherND", [flat, places], [("batch_dims", .integer(1))], as: "upright/turned")
    return ONNXValue(name: graph.reshape(turned, to: image.shape, as: "upright"), shape: image.shape)
  }

  private func permuted(_ image: ONNXValue, by order: String, _ label: String, _ graph: inout ONNXGraph) -> ONNXValue {
    let pixels = image.shape[0] * image.shape[1]
    let flat = graph.reshape(image.name, to: [pixels, image.shape[2]], as: "\(label)/flat")
    let turned = graph.add("Gather", [flat, order], [("axis", .integer(1))], as: "\(label)/turned")
    return ONNXValue(name: graph.reshape(turned, to: image.shape, as: label), shape: image.shape)
  }

  private func sources(_ orientation: Orientation) -> [Int] {
    let input = checkpoint.architecture.input
    return orientation.sources(height: input[0], width: input[1]).map(Int.init)
  }

  /// What the restoring network makes of the upright images, where they want it; the others as they are.
  func restore(
    _ upright: ONNXValue, by network: Checkpoint, _ found: Findings, _ inpainting: Inpainting, _ graph: inout ONNXGraph
  ) throws -> ONNXValue {
    var restored = graph.channelsLast(try graph.add(network, to: upright, label: "restoration"))
    guard rule.damages > 1 else { return restored }
    if inpainting == .sharp { restored.name = sharpened(restored.name, upright.name, found, &graph) }
    let wanted = graph.add(
      "Reshape", [found.wantsRestoration, graph.integers([-1, 1, 1, 1])], as: "restoration/wanted")
    restored.name = graph.add("Where", [wanted, restored.name, upright.name], as: "restoration/image")
    return restored
  }

  /// - Parameter weights: of each damage, in the orientation that is undone. (N, damages)
  private func wantsRestoration(_ weights: String, _ graph: inout ONNXGraph) -> String {
    let total = sum(weights, axis: 1, keeps: false, "damage/total", &graph)
    let half = graph.add("Div", [total, graph.floats([2], shape: [])], as: "damage/half")
    let none = graph.add(
      "Gather", [weights, graph.integers([0], shape: [])], [("axis", .integer(1))], as: "damage/none")
    return graph.add("Less", [none, half], as: "damage/wants_restoration")
  }

  private func damage(_ weights: String, _ graph: inout ONNXGraph) -> String {
    graph.add(
      "ArgMax", [weights], [("axis", .integer(1)), ("keepdims", .integer(0))], as: "damage/most_probable")
  }

  /// Where something was hidden, the more probable of ink and paper.
  private func sharpened(
    _ restored: String, _ upright: String, _ found: Findings, _ graph: inout ONNXGraph
  ) -> String {
    let occluded = graph.integers([Damage.occluded.rawValue], shape: [])
    let isOccluded = graph.add("Equal", [found.damage, occluded], as: "inpainting/is_occluded")
    let ofImage = graph.add(
      "Reshape", [isOccluded, graph.integers([-1, 1, 1, 1])], as: "inpainting/of_image")
    let difference = graph.add("Sub", [restored, upright], as: "inpainting/difference")
    let change = graph.add("Abs", [difference], as: "inpainting/change")
    let isHidden = graph.add(
      "Greater", [change, graph.floats([Inpainting.hidden], shape: [])], as: "inpainting/is_hidden")
    let places = graph.add("And", [ofImage, isHidden], as: "inpainting/places")
    let (one, zero) = (graph.floats([1], shape: []), graph.floats([0], shape: []))
    let factor = graph.floats([Inpainting.factor], shape: [])
    let ink = graph.add("Pow", [restored, factor], as: "inpainting/ink")
    let rest = graph.add("Sub", [one, restored], as: "inpainting/rest")
    let positive = graph.add("Max", [rest, zero], as: "inpainting/positive")
    let paper = graph.add("Pow", [positive, factor], as: "inpainting/paper")
    let both = graph.add("Add", [ink, paper], as: "inpainting/both")
    let sharp = graph.add("Div", [ink, both], as: "inpainting/sharp")
    return graph.add("Where", [places, sharp, restored], as: "inpainting")
  }

  // MARK: - What is told

  /// The graph's outputs besides images.
  func outputs(_ found: Findings, restores: Bool, _ graph: inout ONNXGraph) -> [ONNXPort] {
    let probabilities = graph.add(
      "Identity", [found.probabilities], as: "orientation_probabilities", output: "orientation_probabilities")
    var ports = [
      ONNXPort(
        name: "orientation", type: .int64, shape: [.free("batch")],
        comment: "which orientation was undone, by its place in tiddu.orientations"),
      ONNXPort(
        name: probabilities, type: .float, shape: [.free("batch"), .fixed(rule.orientations.count)],
        comment: "of each orientation, 0 to 1"),
    ]
    guard rule.damages > 1 else { return ports }
    let damage = graph.add("Identity", [found.damage], as: "damage", output: "damage")
    ports.append(
      ONNXPort(
        name: damage, type: .int64, shape: [.free("batch")],
        comment: "the most probable damage, by its place in tiddu.damages"))
    guard restores else { return ports }
    let isRestored = graph.add("Identity", [found.wantsRestoration], as: "restored", output: "restored")
    ports.append(
      ONNXPort(
        name: isRestored, type: .bool, shape: [.free("batch")],
        comment: "whether pixels were restored, or only moved"))
    return ports
  }
}
