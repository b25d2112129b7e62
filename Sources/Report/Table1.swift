/// The report's table 1: 36 autoencoders, each with the loss and the "accuracy" of its training and validation images.
package enum Table1 {
  /// Which of the 36 a row is.
  package struct Point: Codable, Hashable, Sendable {
    /// "dense" or "conv"
    package var model: String
    /// Hidden layers on each side.
    package var layers: Int
    /// In the bottleneck of a dense model; filters of each convolution.
    package var neurons: Int
    /// "bce" or "mse"
    package var loss: String

    package init(model: String, layers: Int, neurons: Int, loss: String) {
      self.model = model
      self.layers = layers
      self.neurons = neurons
      self.loss = loss
    }

    /// The name of its preset.
    package var preset: String { "report-\(model)-\(layers)-\(neurons)-\(loss)" }
  }

  /// Figures of a row.
  package struct Figures: Codable, Equatable, Sendable {
    /// Cross-entropy in nats a pixel, or squared error.
    package var loss: Double
    package var validationLoss: Double
    /// Share of pixels whose clean value equals (output > ½) exactly.
    package var accuracy: Double
    package var validationAccuracy: Double

    enum CodingKeys: String, CodingKey {
      case loss, accuracy
      case validationLoss = "val_loss"
      case validationAccuracy = "val_accuracy"
    }
  }

  /// What is known to be wrong with a row.
  package enum Slip: String, Codable, Sendable {
    /// Its figures stand in another row too, and cannot be both's.
    case copied
    /// Its validation loss is below its loss, as in no other row.
    case swapped
  }

  package struct Row: Equatable, Sendable {
    package var point: Point
    package var figures: Figures
    package var slip: Slip?

    init(
      _ model: String, _ layers: Int, _ neurons: Int, _ loss: String, _ figures: Double...
    ) {
      precondition(figures.count == 4, "a row has four figures")
      point = Point(model: model, layers: layers, neurons: neurons, loss: loss)
      self.figures = Figures(
        loss: figures[0], validationLoss: figures[1], accuracy: figures[2], validationAccuracy: figures[3])
      slip = Self.slip(of: point)
    }

    private static func slip(of point: Point) -> Slip? {
      if point.model == "conv", point.loss == "mse", point.layers > 2 { return .copied }
      return point == Point(model: "dense", layers: 3, neurons: 32, loss: "bce") ? .swapped : nil
    }
  }

  /// In the report's order.
  package static let rows: [Row] = [
    .init("dense", 2, 32, "bce", 0.10859, 0.12267, 0.88312, 0.87995),
    .init("dense", 2, 64, "bce", 0.09859, 0.11276, 0.88623, 0.88286),
    .init("dense", 2, 128, "bce", 0.09282, 0.10792, 0.88795, 0.88419),
    .init("dense", 3, 32, "bce", 0.10815, 0.10223, 0.88314, 0.88987),
    .init("dense", 3, 64, "bce", 0.09970, 0.11433, 0.88577, 0.88216),
    .init("dense", 3, 128, "bce", 0.09882, 0.11183, 0.88608, 0.88281),
    .init("dense", 4, 32, "bce", 0.10947, 0.12388, 0.88258, 0.87936),
    .init("dense", 4, 64, "bce", 0.10186, 0.11688, 0.88497, 0.88142),
    .init("dense", 4, 128, "bce", 0.10114, 0.11475, 0.88520, 0.88171),
    .init("dense", 2, 32, "mse", 0.01688, 0.02154, 0.88506, 0.88056),
    .init("dense", 2, 64, "mse", 0.01450, 0.01854, 0.88685, 0.88292),
    .init("dense", 2, 128, "mse", 0.01212, 0.01661, 0.88875, 0.88475),
    .init("dense", 3, 32, "mse", 0.01749, 0.02195, 0.88449, 0.88020),
    .init("dense", 3, 64, "mse", 0.01399, 0.01853, 0.88725, 0.88311),
    .init("dense", 3, 128, "mse", 0.01271, 0.01753, 0.88826, 0.88391),
    .init("dense", 4, 32, "mse", 0.01640, 0.02139, 0.88521, 0.88028),
    .init("dense", 4, 64, "mse", 0.01480, 0.01932, 0.88647, 0.88209),
    .init("dense", 4, 128, "mse", 0.01403, 0.01913, 0.88710, 0.88229),
    .init("conv", 2, 32, "bce", 0.09484, 1.29154, 0.88702, 0.64586),
    .init("conv", 2, 64, "bce", 0.08526, 0.53478, 0.88955, 0.80479),
    .init("conv", 2, 128, "bce", 0.08517, 0.58997, 0.88958, 0.78767),
    .init("conv", 3, 32, "bce", 0.09976, 0.19213, 0.88563, 0.86751),
    .init("conv", 3, 64, "bce", 0.09747, 0.23336, 0.88631, 0.87717),
    .init("conv", 3, 128, "bce", 0.08355, 0.11610, 0.88985, 0.88411),
    .init("conv", 4, 32, "bce", 0.09822, 4.62407, 0.88584, 0.86451),
    .init("conv", 4, 64, "bce", 0.09268, 0.15781, 0.88742, 0.87693),
    .init("conv", 4, 128, "bce", 0.08913, 0.51533, 0.88837, 0.87953),
    .init("conv", 2, 32, "mse", 0.01032, 0.05677, 0.88966, 0.83360),
    .init("conv", 2, 64, "mse", 0.01173, 0.02810, 0.88856, 0.88032),
    .init("conv", 2, 128, "mse", 0.00893, 0.01988, 0.89089, 0.88348),
    .init("conv", 3, 32, "mse", 0.01212, 0.55866, 0.88818, 0.35231),
    .init("conv", 3, 64, "mse", 0.01281, 0.06574, 0.88764, 0.86445),
    .init("conv", 3, 128, "mse", 0.00898, 0.06066, 0.89068, 0.86454),
    .init("conv", 4, 32, "mse", 0.01212, 0.55866, 0.88818, 0.35231),
    .init("conv", 4, 64, "mse", 0.01281, 0.06574, 0.88764, 0.86445),
    .init("conv", 4, 128, "mse", 0.00898, 0.06066, 0.89068, 0.86454),
  ]

  package static func row(of point: Point) -> Row? { rows.first { $0.point == point } }
}
