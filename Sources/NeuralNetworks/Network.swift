import OneDNN
import Support

/// An architecture with weights, and the programs compiled for it.
public final class Network {
  public let architecture: Architecture
  public let parameters: Parameters
  /// Which convolutions may be taken.
  public let convolution: ConvolutionAlgorithm
  private let engine: Engine
  private var programs: [ProgramKey: Program] = [:]

  private struct ProgramKey: Hashable {
    var batch: Int
    var mode: Mode
    var loss: Loss?
  }

  /// Checks all shapes, lays the weights out for batches of `batchSize`, and starts them from `seed`.
  ///
  /// - Throws: `UsageError` naming the layer that does not fit; `OneDNNError`.
  public init(_ architecture: Architecture, batchSize: Int, seed: UInt64, convolution: ConvolutionAlgorithm = .fastest)
    throws
  {
    guard (1...1 << 16).contains(batchSize) else {
      throw UsageError("a batch of \(batchSize)", remedy: "Choose a batch size from 1 to 65536.")
    }
    self.architecture = architecture
    self.convolution = convolution
    engine = try Engine()
    let settings = CompilationSettings(batch: batchSize, convolution: convolution, engine: engine)
    var wanted: [Parameters.Wanted] = []
    for (named, shapes) in zip(architecture.layers, try architecture.shapes()) {
      let layouts = try named.layer.layouts(for: shapes.inputs, settings)
      for description in named.layer.parameters(for: shapes.inputs) {
        let plain = try TensorLayout.rowMajor(description.shape)
        wanted.append(
          (
            "\(named.name)/\(description.name)", description,
            layouts[description.name] ?? ParameterLayout(stored: plain, plain: plain)
          ))
      }
    }
    parameters = try Parameters(wanted, on: engine)
    try initialise(seed: seed)
  }

  private func initialise(seed: UInt64) throws {
    var number = 0
    for parameter in parameters.all {
      try parameters.write(parameter.description.initialValues(seed: seed, number: number), to: parameter)
      if parameter.description.initial == .glorotUniform { number += 1 }
    }
  }

  /// The network for `batch` images at a time, compiled when it is first asked for. All programs share the weights.
  ///
  /// - Throws: `UsageError` when the network's end does not suit the loss; `OneDNNError`.
  public func program(batch: Int, mode: Mode, loss: Loss? = nil) throws -> Program {
    precondition(batch > 0, "a program wants at least one image")
    let key = ProgramKey(batch: batch, mode: mode, loss: loss)
    if let program = programs[key] { return program }
    let program = try Program(
      architecture, parameters: parameters, mode: mode, loss: loss,
      settings: CompilationSettings(batch: batch, convolution: convolution, engine: engine))
    programs[key] = program
    return program
  }
}

extension Network {
  /// The version of the library that computes, such as "2.6.3".
  public static var oneDNNVersion: String { Engine.libraryVersion }
}
