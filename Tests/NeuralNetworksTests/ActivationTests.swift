import NeuralNetworks
import TestSupport
import Testing

@Suite struct ActivationTests {
  /// Over the channels of each pixel, as Keras has it. Against PyTorch: Tools/golden/dense.py.
  @Test func softmaxIsOverTheLastAxis() throws {
    try expectAgreement(
      of: ActivationLayer(.softmax), named: "activation", with: Golden.load("dense"), part: "softmax_of_images")
  }
}
