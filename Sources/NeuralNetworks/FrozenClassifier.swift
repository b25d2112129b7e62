import CKernels
import Glibc
import Support

/// A trained classifier that looks at what another network draws, and says in which direction its pixels would have to
/// change for it to read the right class: a loss for the other network. Its own weights stay as they are.
///
/// (Feature losses of this kind: Johnson, Alahi and Fei-Fei, "Perceptual losses for real-time style transfer and
/// super-resolution", 2016.)
public final class FrozenClassifier {
  private let network: Network
  private var programs: [Int: Program] = [:]

  /// Of a network that ends in a softmax and normalizes no batches.
  public init(_ network: Network) { self.network = network }

  /// Adds `weight` · −log p(answer) of the program's images, as a mean over `images` of them, to the derivatives by its
  /// output. Call between its forward pass and its backward pass.
  ///
  /// - Parameters:
  ///   - program: draws images, or their logits where its loss is a binary cross-entropy.
  ///   - answers: for each image the outputs of this classifier that count as right, their probabilities added up.
  /// - Returns: the sum over the program's images of −log p(answer).
  func addGradients(
    to program: Program, answers: [Range<Int>], weight: Float, images: Int
  ) throws -> Double {
    precondition(answers.count == program.batch, "an answer for each image is wanted")
    let classifier = try self.program(batch: program.batch)
    guard let drawn = program.last.gradients, let logitGradients = classifier.last.gradients,
      let wanted = classifier.inputGradients
    else { preconditionFailure("both programs keep gradients") }
    let pixels = classifier.input
    _ = pixels.update(fromContentsOf: program.output)
    let isLogits = program.loss == .binaryCrossEntropy
    if isLogits { Activation.sigmoid.apply(to: pixels, rows: program.batch) }
    try classifier.forward()
    let sum = Self.derive(
      classifier.output, into: logitGradients, answers: answers, scale: weight / Float(images))
    try classifier.backward()
    if isLogits { Activation.sigmoid.applyDerivative(to: wanted, outputs: pixels, rows: program.batch) }
    kernels_add(drawn.baseAddress, wanted.baseAddress, drawn.count)
    return sum
  }

  private func program(batch: Int) throws -> Program {
    if let program = programs[batch] { return program }
    let program = try network.makeProgram(
      batch: batch, mode: .training, loss: .categoricalCrossEntropy, parts: Threads.count, derivatives: .ofInput)
    programs[batch] = program
    return program
  }

  /// Of −log Σ p over each image's answers, by the logits: p − p [answer] / Σ p.
  private static func derive(
    _ logits: UnsafeMutableBufferPointer<Float>, into gradients: UnsafeMutableBufferPointer<Float>,
    answers: [Range<Int>], scale: Float
  ) -> Double {
    _ = gradients.update(fromContentsOf: logits)
    Activation.softmax.apply(to: gradients, rows: answers.count)
    let classes = logits.count / answers.count
    var sum = 0.0
    for (image, answer) in answers.enumerated() {
      let row = UnsafeMutableBufferPointer(rebasing: gradients[image * classes..<(image + 1) * classes])
      let right = max(row[answer].reduce(0, +), .leastNormalMagnitude)
      sum -= Double(log(right))
      for place in answer { row[place] -= row[place] / right }
      for place in row.indices { row[place] *= scale }
    }
    return sum
  }
}
