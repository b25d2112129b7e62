/// Kannada-MNIST as its author publishes it: six gzipped IDX files (V. U. Prabhu, "Kannada-MNIST: a new handwritten
/// digits dataset for the Kannada language", 2019).
public enum KannadaMNIST {
  /// A set of the dataset: images and labels.
  public enum Part: String, CaseIterable, Sendable {
    /// 60,000 digits.
    case train
    /// 10,000 digits by the same kind of writers.
    case test
    /// Dig-MNIST: 10,240 digits by writers who had not grown up with the script.
    case dig
  }

  /// Where the files lie: an address to put a file's name behind.
  public static let address =
    "https://raw.githubusercontent.com/vinayprabhu/Kannada_MNIST/master/data/output_tensors/MNIST_format"

  /// Images, then labels.
  public static func files(of part: Part) -> [PublishedFile] {
    switch part {
    case .train:
      [
        .init(name: "X_kannada_MNIST_train-idx3-ubyte.gz", blob: "b588ed8355da1fc0dd0c2707947c132f7aa427c0"),
        .init(name: "y_kannada_MNIST_train-idx1-ubyte.gz", blob: "bcfa4effc50c989ea25264975dc38e14d6f8ecc1"),
      ]
    case .test:
      [
        .init(name: "X_kannada_MNIST_test-idx3-ubyte.gz", blob: "1dc875a6b5278cf9504eda58ac28530bb65817e9"),
        .init(name: "y_kannada_MNIST_test-idx1-ubyte.gz", blob: "46809f488ce804791478598cc66f7ef85639eae1"),
      ]
    case .dig:
      [
        .init(name: "X_dig_MNIST-idx3-ubyte.gz", blob: "5ae535fc8a7579f29f07771955dbfb142bd120eb"),
        .init(name: "y_dig_MNIST-idx1-ubyte.gz", blob: "6ea1e2fc2d2501e1976bafe433524a8cfd5cd5f7"),
      ]
    }
  }
}

/// A file that can be told from any other by its content.
public struct PublishedFile: Sendable, Hashable {
  public var name: String
  /// Its content's `GitBlob.id`.
  public var blob: String

  public init(name: String, blob: String) {
    self.name = name
    self.blob = blob
  }
}
