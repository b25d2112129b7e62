import ImageSets
import Support

/// Noise that grows with the ink: out = clamp(in · (1 + sigma · z)), z a normal deviate for each pixel and channel.
package struct Speckle: BuiltInDistortion {
  package static let name = "speckle"
  package static let parameterNames = ["sigma"]

  /// Uniform in this range.
  package var sigma = 0.1...0.8

  package init() {}

  package init(sigma: ClosedRange<Double>) {
    self.sigma = sigma
  }

  package init(from decoder: any Decoder) throws {
    let settings = try SettingsReader(decoder, known: ["sigma"])
    sigma = try settings.read("sigma", as: "two numbers, the smaller one first", default: sigma)
  }

  package func validate() throws(SettingFault) {
    try SettingFault.check("sigma", sigma, within: 0...100)
  }

  /// A chunk of deviates.
  package static func scratchSize(for shape: ImageSet.Shape) -> Int { 64 * MemoryLayout<Float>.size }

  package func draw(for shape: ImageSet.Shape, from generator: inout Philox) -> Parameters {
    [generator.uniform(in: sigma), 0, 0, 0, 0, 0, 0, 0]
  }

  package func apply(_ parameters: Parameters, to canvas: inout Canvas) {
    let normals = canvas.scratch.assumingMemoryBound(to: Float.self)
    for start in stride(from: 0, to: canvas.shape.size, by: 64) {
      canvas.noise.fillNormals(normals, chunks: 1)
      for place in start..<min(start + 64, canvas.shape.size) {
        canvas.pixels[place] = byte(Float(canvas.pixels[place]) * (1 + parameters[0] * normals[place - start]))
      }
    }
  }
}
