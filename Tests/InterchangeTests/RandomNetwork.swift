import NeuralNetworks
import Restoration
import Safetensors
import Support

private typealias Tensor = Safetensors.Tensor

/// Networks of any layers that fit, and weights that are not special.
enum RandomNetwork {
  /// A checkpoint whose weights, biases and running statistics are random numbers.
  static func checkpoint(_ architecture: Architecture, seed: UInt64, _ change: (inout TrainingPlan) -> Void) throws
    -> Checkpoint
  {
    var plan = TrainingPlan(architecture: architecture, loss: .binaryCrossEntropy, recipe: .reportMultiple, threads: 1)
    change(&plan)
    return try checkpoint(plan, seed: seed)
  }

  static func checkpoint(_ plan: TrainingPlan, seed: UInt64) throws -> Checkpoint {
    var checkpoint = try Checkpoint(
      of: Network(plan.architecture, batchSize: 4, seed: seed), plan: plan, epoch: 1)
    var generator = Philox(seed: seed, index: 7, purpose: .general)
    for name in checkpoint.weights.keys.sorted() where !name.hasSuffix("/kernel") {
      let count = checkpoint.weights[name]?.values.count ?? 0
      let isSpread = name.hasSuffix("variance") || name.hasSuffix("gamma")
      checkpoint.weights[name] = Tensor(
        shape: checkpoint.weights[name]?.shape ?? [],
        values: (0..<count).map { _ in isSpread ? 0.5 + generator.uniform() : 0.4 * generator.uniform() - 0.2 })
    }
    return checkpoint
  }

  /// Layers one behind the other and side by side, then classes.
  static func classifier(seed: UInt64) throws -> Checkpoint {
    var generator = Philox(seed: seed, index: 1, purpose: .general)
    func number(_ range: ClosedRange<Int>) -> Int {
      range.lowerBound + Int(generator.uniform() * Float(range.count))
    }
    func oneOf<Value>(_ values: [Value]) -> Value { values[number(0...values.count - 1)] }
    let input = [number(5...13), number(5...13), oneOf([1, 3])]
    var shape = input
    let architecture = Architecture(name: "random-\(seed)", input: input) { net in
      var last = net.input
      func add(_ layer: some UnaryLayer) {
        guard let next = try? layer.outputShape(for: shape),
          next.count == 1 || next.allSatisfy({ (1...60).contains($0) })
        else { return }
        (last, shape) = (net.add(layer, to: last), next)
      }
      let functions: [Activation] = [.linear, .relu, .sigmoid, .softmax]
      for _ in 0..<number(1...7) {
        let (size, strides) = (number(1...4), number(1...3))
        let padding = oneOf([Padding.same, .valid])
        switch number(0...11) {
        case 0, 1:
          add(
            Convolution2D(
              filters: number(1...5), kernelSize: size, strides: strides, padding: padding, activation: oneOf(functions)
            ))
        case 2, 3:
          add(
            TransposedConvolution2D(
              filters: number(1...5), kernelSize: size, strides: strides, padding: padding, activation: oneOf(functions)
            ))
        case 4: add(MaxPooling2D(poolSize: number(1...3), strides: oneOf([nil, strides]), padding: padding))
        case 5: add(UpSampling2D(size: number(1...3)))
        case 6: add(ZeroPadding2D(Margins(top: number(0...2), bottom: number(0...2), left: number(0...2), right: 1)))
        case 7: add(Cropping2D(Margins(top: number(0...1), bottom: number(0...1), left: 1, right: number(0...2))))
        case 8: add(BatchNormalization(epsilon: 0.01))
        case 9: add(ActivationLayer(oneOf(functions)))
        case 10:
          let before = last
          add(Convolution2D(filters: shape[2], padding: .same))
          last = net.add(Add(), to: last, before, before)
        default:
          let (before, channels) = (last, shape[2])
          add(Dropout(rate: 0.3))
          last = net.add(Concatenate(), to: before, last)
          shape[2] += channels
        }
      }
      add(Flatten())
      if number(0...1) == 0 {
        add(Dense(units: 24, activation: .relu))
        add(BatchNormalization())
        add(Reshape(oneOf([[2, 3, 4], [4, 6], [24], [2, 2, 3, 2], [24, 1, 1]])))
        add(ActivationLayer(.sigmoid))
        add(Convolution2D(filters: 2, kernelSize: 2))
        add(Flatten())
      }
      add(Dense(units: number(2...6), activation: .softmax))
    }
    return try checkpoint(architecture, seed: seed) { $0.loss = .categoricalCrossEntropy }
  }
}
