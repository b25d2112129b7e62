import Groundwork
import NeuralNetworks

/// The report's architectures, by name.
public enum Presets {
  /// Names that `architecture(named:)` knows, as patterns to show people.
  public static let names = ["report-final", "report-dense-L-n-bce", "report-dense-L-n-mse"]

  /// The dense autoencoder of L hidden layers and a bottleneck of n neurons: 784–512–512–(L−2)×256–n–784.
  public static func dense(name: String, layers: Int, bottleneck: Int, regularizer: Regularizer = .none)
    -> Architecture
  {
    let hidden = [512, 512] + [Int](repeating: 256, count: max(0, layers - 2)) + [bottleneck]
    let stack: [any Layer] =
      [Flatten()]
      + hidden.map { Dense(units: $0, activation: .relu, regularizer: regularizer) }
      + [Dense(units: 784, activation: .sigmoid, regularizer: regularizer), Reshape([28, 28, 1])]
    return Architecture(name: name, input: [28, 28, 1], layers: stack)
  }

  /// The architecture and the loss that a preset's name stands for: `report-final`, or `report-dense-3-64-mse`.
  ///
  /// - Parameter bottleneck: replaces the preset's number of neurons there.
  /// - Throws: `UsageError` naming the presets.
  public static func architecture(named name: String, bottleneck: Int? = nil) throws -> (Architecture, Loss) {
    if let bottleneck, !(1...1 << 16).contains(bottleneck) {
      throw UsageError("a bottleneck of \(bottleneck)", remedy: "Choose a number of neurons from 1 to 65536.")
    }
    if name == "report-final" {
      return (dense(name: name, layers: 3, bottleneck: bottleneck ?? 64), .binaryCrossEntropy)
    }
    let words = name.split(separator: "-", omittingEmptySubsequences: false)
    if words.count == 5, words[0] == "report", words[1] == "dense", let layers = Int(words[2]),
      let neurons = Int(words[3]), let loss = Loss(rawValue: String(words[4])), (2...16).contains(layers),
      (1...1 << 16).contains(neurons)
    {
      return (dense(name: name, layers: layers, bottleneck: bottleneck ?? neurons), loss)
    }
    throw UsageError(
      "there is no preset \"\(name)\"",
      remedy: "Choose one of \(names.joined(separator: ", ")), with L from 2 to 16 layers and n neurons.")
  }
}
