/// A dataset as its authors publish it: gzipped IDX files, each with a checksum.
package enum PublishedDataset: String, Sendable, CaseIterable {
  /// V. U. Prabhu, "Kannada-MNIST: a new handwritten digits dataset for the Kannada language", 2019.
  case kannadaMNIST = "kannada-mnist"
  /// Y. LeCun, C. Cortes and C. J. C. Burges, 1998.
  case mnist
  /// H. Xiao, K. Rasul and R. Vollgraf, "Fashion-MNIST", 2017.
  case fashionMNIST = "fashion-mnist"
  /// T. Clanuwat et al., "Deep learning for classical Japanese literature", 2018.
  case kuzushijiMNIST = "kuzushiji-mnist"

  /// Where the files lie: an address to put a file's name behind.
  package var address: String {
    switch self {
    case .kannadaMNIST:
      "https://raw.githubusercontent.com/vinayprabhu/Kannada_MNIST/master/data/output_tensors/MNIST_format"
    // Its author's own page asks to be spared; this is the copy that PyTorch keeps.
    case .mnist: "https://ossci-datasets.s3.amazonaws.com/mnist"
    case .fashionMNIST: "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com"
    case .kuzushijiMNIST: "http://codh.rois.ac.jp/kmnist/dataset/kmnist"
    }
  }

  /// The parts that it has.
  package var parts: [Dataset.Part] { self == .kannadaMNIST ? [.train, .test, .dig] : [.train, .test] }

  /// Images, then labels; none of a part that it has not.
  package func files(of part: Dataset.Part) -> [PublishedFile] {
    switch (self, part) {
    case (.kannadaMNIST, .train):
      Self.kannada(
        "kannada_MNIST_train", "b588ed8355da1fc0dd0c2707947c132f7aa427c0", "bcfa4effc50c989ea25264975dc38e14d6f8ecc1")
    case (.kannadaMNIST, .test):
      Self.kannada(
        "kannada_MNIST_test", "1dc875a6b5278cf9504eda58ac28530bb65817e9", "46809f488ce804791478598cc66f7ef85639eae1")
    case (.kannadaMNIST, .dig):
      Self.kannada("dig_MNIST", "5ae535fc8a7579f29f07771955dbfb142bd120eb", "6ea1e2fc2d2501e1976bafe433524a8cfd5cd5f7")
    case (.mnist, .train): Self.like("train", "f68b3c2dcbeaaa9fbdd348bbdeb94873", "d53e105ee54ea40749a09fcbcd1e9432")
    case (.mnist, .test): Self.like("t10k", "9fb629c4189551a2d022fa330f9573f3", "ec29112dd5afa0611ce80d1b7f02629c")
    case (.fashionMNIST, .train):
      Self.like("train", "8d4fb7e6c68d591d4c3dfef9ec88bf0d", "25c81989df183df01b3e8a0aad5dffbe")
    case (.fashionMNIST, .test):
      Self.like("t10k", "bef4ecab320f06d8554ea6380940ec79", "bb300cfdad3c16e7a12a480ee83cd310")
    case (.kuzushijiMNIST, .train):
      Self.like("train", "bdb82020997e1d708af4cf47b453dcf7", "e144d726b3acfaa3e44228e80efcd344")
    case (.kuzushijiMNIST, .test):
      Self.like("t10k", "5c965bf0a639b31b8f53240b1b52f4d7", "7320c461ea6c1c855c0b718fb2a4b134")
    default: []
    }
  }

  /// Named as Kannada-MNIST's are; these are known by what git calls their content.
  private static func kannada(_ name: String, _ images: String, _ labels: String) -> [PublishedFile] {
    [
      PublishedFile(name: "X_\(name)-idx3-ubyte.gz", checksum: .gitBlob(images)),
      PublishedFile(name: "y_\(name)-idx1-ubyte.gz", checksum: .gitBlob(labels)),
    ]
  }

  /// Named as MNIST's are.
  private static func like(_ part: String, _ images: String, _ labels: String) -> [PublishedFile] {
    [
      PublishedFile(name: "\(part)-images-idx3-ubyte.gz", checksum: .md5(images)),
      PublishedFile(name: "\(part)-labels-idx1-ubyte.gz", checksum: .md5(labels)),
    ]
  }
}

/// A file that can be told from any other by its content.
package struct PublishedFile: Sendable, Hashable {
  package var name: String
  package var checksum: FileChecksum

  package init(name: String, checksum: FileChecksum) {
    self.name = name
    self.checksum = checksum
  }
}
