import Foundation
import NeuralNetworks
import Support
import TestSupport
import Testing

/// Products of bfloat16 numbers, where the processor has them.
@Suite struct PrecisionTests {
  private static let architecture = Architecture(
    name: "dense", input: [7, 9, 1],
    layers: [
      Flatten(), Dense(units: 48, activation: .relu), Dense(units: 10, activation: .relu),
      Dense(units: 64, activation: .sigmoid),
    ])

  /// Rounded to 8 bits of mantissa, halves to even.
  private func rounded(_ value: Float) -> Float {
    let bits = value.bitPattern
    return Float(bitPattern: (bits + 0x7fff + (bits >> 16 & 1)) & 0xffff_0000)
  }

  @Test(arguments: [1, 3, 25, 300]) func agreesWithRoundedNumbers(batch: Int) throws {
    guard Network.multiplies(.bfloat16) else { return }
    let network = try Network(Self.architecture, batchSize: batch, seed: 4)
    let program = try network.makeProgram(batch: batch, mode: .inference, parts: 2, precision: .bfloat16)
    for index in program.input.indices { program.input[index] = Float(index % 61) / 61 }
    try program.forward()
    #expect(program.layers.map(\.computation) == ["none", "products of bfloat16", "products", "products of bfloat16"])
    // Layer by layer from what the one before gave, in sums of 64 bits.
    for (number, name) in [(1, "dense"), (3, "dense_2")] {
      let (source, result) = (
        number == 1 ? Array(program.input) : Array(program.layers[2].output.values), program.layers[number].output
      )
      let (kernel, bias) = (try network.values("\(name)/kernel"), try network.values("\(name)/bias"))
      let (inputs, outputs) = (source.count / batch, result.shape[0])
      for image in [0, batch - 1] {
        let expected = (0..<outputs).map { output -> Float in
          let sum = (0..<inputs).reduce(Double(bias[output])) {
            $0 + Double(rounded(source[image * inputs + $1])) * Double(rounded(kernel[$1 * outputs + output]))
          }
          return Float(number == 1 ? max(0, sum) : 1 / (1 + exp(-sum)))
        }
        expectClose(Array(result.values[image * outputs..<(image + 1) * outputs]), expected, relative: 1e-5, "\(name)")
      }
    }
    // Near what 32 bits give, and anew when weights change.
    let exact = try network.makeProgram(batch: batch, mode: .inference, parts: 1)
    exact.input.fill(Array(program.input))
    try exact.forward()
    expectClose(Array(program.output), Array(exact.output), relative: 2e-2, "float32")
    let before = Array(program.output)
    try network.set("dense_2/bias", [Float](repeating: 0.5, count: 64))
    try network.set("dense/kernel", try network.values("dense/kernel").map { -$0 })
    try program.forward()
    #expect(Array(program.output) != before)
  }
}
