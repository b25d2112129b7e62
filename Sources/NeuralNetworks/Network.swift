import CKernels
import Support

/// An architecture with weights, and the programs compiled for it.
package final class Network {
  package let architecture: Architecture
  package let parameters: Parameters
  /// Which convolutions may be taken.
  package let convolution: ConvolutionAlgorithm
  private var programs: [ProgramKey: Program] = [:]

  private struct ProgramKey: Hashable {
    var batch: Int
    var mode: Mode
    var loss: Loss?
    var parts: Int
  }

  /// Checks all shapes and starts the weights from `seed`.
  ///
  /// - Throws: `UsageError` naming the layer that does not fit; `ResourceError`.
  package init(_ architecture: Architecture, batchSize: Int, seed: UInt64, convolution: ConvolutionAlgorithm = .fastest)
    throws
  {
    guard (1...1 << 16).contains(batchSize) else {
      throw UsageError("a batch of \(batchSize)", remedy: "Choose a batch size from 1 to 65536.")
    }
    self.architecture = architecture
    self.convolution = convolution
    var wanted: [Parameters.Wanted] = []
    for (named, shapes) in zip(architecture.layers, try architecture.shapes()) {
      for description in named.layer.parameters(for: shapes.inputs) {
        wanted.append(("\(named.name)/\(description.name)", description))
      }
    }
    parameters = try Parameters(wanted)
    initialise(seed: seed)
  }

  private func initialise(seed: UInt64) {
    var number = 0
    for parameter in parameters.all {
      parameters.write(parameter.description.initialValues(seed: seed, number: number), to: parameter)
      if parameter.description.initial == .glorotUniform { number += 1 }
    }
  }

  /// The network for `batch` images at a time, compiled when it is first asked for. All programs share the weights.
  ///
  /// - Parameter parts: how many parts the images are divided into; nil for as many as `Threads.count`.
  /// - Throws: `UsageError` when the network's end does not suit the loss; `ResourceError`.
  package func program(batch: Int, mode: Mode, loss: Loss? = nil, parts: Int? = nil) throws -> Program {
    precondition(batch > 0, "a program wants at least one image")
    let parts = max(1, parts ?? Threads.count)
    let key = ProgramKey(batch: batch, mode: mode, loss: loss, parts: parts)
    if let program = programs[key] { return program }
    let program = try makeProgram(batch: batch, mode: mode, loss: loss, parts: parts)
    programs[key] = program
    return program
  }

  /// A new one each time: programs with memory of their own run at the same time.
  package func makeProgram(
    batch: Int, mode: Mode, loss: Loss? = nil, parts: Int, precision: Precision = .float32
  ) throws -> Program {
    try Program(
      architecture, parameters: parameters, loss: loss,
      settings: CompilationSettings(
        batch: batch, convolution: convolution, parts: max(1, parts), mode: mode, precision: precision))
  }
}

extension Network {
  /// The processor's instructions that computing uses: "AVX-512", "AVX2", "SSE2" or "portable".
  package static var instructions: String { String(cString: kernels_instructions()) }

  /// Whether the processor has products of such numbers.
  package static func multiplies(_ precision: Precision) -> Bool {
    precision == .float32 || kernels_has_bfloat16() != 0
  }
}
