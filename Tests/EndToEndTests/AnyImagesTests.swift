import Foundation
import ImageSets
import Support
import TestSupport
import Testing

/// All commands on images that are no 28×28 grey digits.
@Suite(.enabled(if: Tiddu.isBuilt)) struct AnyImagesTests {
  /// Where the data, the models and what comes of them are.
  private struct Bench {
    let folder: String

    func run(_ line: String) throws -> Tiddu.Result { try Tiddu.shell(line, in: folder) }

    @discardableResult
    func succeed(_ line: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> Tiddu.Result {
      let result = try run("tiddu \(line)")
      #expect(result.status == 0, "\(line): \(result.errors)", sourceLocation: sourceLocation)
      return result
    }
  }

  /// Four classes in sub-folders that are named in words: 33×27 in colours.
  private static func writeFolders(into folder: String) throws {
    let names = ["nought", "one", "two", "three"]
    for (part, first, count) in [("train", 0, 40), ("test", 600, 16)] {
      let set = try SyntheticNumbers(shape: .init(height: 33, width: 27, channels: 3), classes: 4)
        .imageSet(firstWriter: first, count: count, name: part)
      let labels = try #require(set.labels)
      let files = labels.enumerated().map { "\(names[$1])/\($0).png" }
      try StoredImages(images: set, names: files).write(to: "\(folder)/data/\(part)/")
    }
  }

  @Test(arguments: ["grey", "coloured"])
  func everyCommand(kind: String) throws {
    try withTemporaryFolder { folder in
      let bench = Bench(folder: folder)
      if kind == "grey" {
        try Folder.create("\(folder)/data")
        for (part, count) in [("train", 60), ("test", 30)] {
          try bench.succeed(
            "data synthesize --part \(part) --shape 64x64 --classes 15 --count \(count) --into data/\(part).npz")
        }
      } else {
        try Self.writeFolders(into: folder)
      }
      let train = "train --data data --threads 1 --epochs 1 --batch-size 16"
      try bench.succeed("\(train) --preset report-final --into final")
      let classifier = try bench.succeed("\(train) --preset report-classifier --into classifier")
      #expect(classifier.errors.contains("validated on 10 % of the images"), "\(classifier.errors)")
      try bench.succeed("\(train) --preset tiddu-small --into small")
      try bench.succeed("\(train) --preset report-conv-1-4-mse --into conv")
      try bench.succeed("data info data")

      // Restored images keep their size, their names and, being no writing on paper, their colours.
      try bench.succeed(
        "restore small \(kind == "grey" ? "data/test.npz" : "data/test") --into out\(kind == "grey" ? ".npz" : "")")
      let restored = try ImageSet.read("\(folder)/out\(kind == "grey" ? ".npz" : "")")
      #expect(restored.count == (kind == "grey" ? 30 : 16))
      #expect(
        restored.shape
          == (kind == "grey" ? .init(height: 64, width: 64, channels: 1) : .init(height: 33, width: 27, channels: 3)))

      let part = kind == "grey" ? "data/test.npz" : "data/test"
      let table = try bench.succeed("classify classifier \(part) --corrector small")
      let heading = kind == "grey" ? "image,label,p0,p1," : "image,label,pnought,pone,pthree,ptwo"
      #expect(table.output.hasPrefix(heading), "\(table.output.prefix(80))")
      try bench.succeed("classify classifier \(part) --submission labels.csv")
      let submission = String(decoding: try Folder.read("\(folder)/labels.csv"), as: UTF8.self)
      let known = kind == "grey" ? (0..<15).map(String.init) : ["nought", "one", "two", "three"]
      #expect(
        submission.split(separator: "\n").dropFirst().allSatisfy { known.contains($0.split(separator: ",")[1] + "") })

      let measured = try bench.succeed("evaluate small --classifier classifier --data data --part test")
      #expect(measured.output.contains(kind == "grey" ? "rotation by 90 degrees" : "nought"))
      #expect(measured.output.contains("rotation by 90 degrees") == (kind == "grey"))
      try bench.succeed("evaluate conv --data data")
      try bench.succeed("benchmark small --classifier classifier --data data --subset 4 --into table.md")
      try bench.succeed("figure all final --classifier classifier --data data --subset 8 --into figures")
      try bench.succeed("figure restored small --data data --count 4 --into restored.png")
      let recognition = String(decoding: try Folder.read("\(folder)/figures/recognition.txt"), as: UTF8.self)
      #expect(recognition.contains(kind == "grey" ? " 14 " : "nought"), "the classes' names")

      try WholeFile.write(
        "layers:\n  - {type: conv2d, filters: 4, padding: same, activation: relu}\n  - {type: conv2d, filters: "
          + "\(kind == "grey" ? 1 : 3), padding: same, activation: sigmoid}\n", to: "\(folder)/net.yaml")
      try bench.succeed("\(train) --architecture net.yaml --into own")
      try bench.succeed("summary net.yaml --shape \(kind == "grey" ? "64x64" : "33x27x3")")
      try WholeFile.write(
        "architectures: [net.yaml, report-dense-2-4-bce]\nepochs: 1\nvalidation: 0.2\n", to: "\(folder)/space.yaml")
      let study = try bench.succeed("search space.yaml --data data --into study.sqlite --workers 1")
      #expect(study.output.contains("net.yaml"))
    }
  }

  /// Images of one class that a model does not know, of another size, and in an unknown network.
  @Test func refusals() throws {
    try withTemporaryFolder { folder in
      let bench = Bench(folder: folder)
      try bench.succeed("data synthesize --shape 16x16 --classes 3 --count 12 --into three.npz")
      try bench.succeed("data synthesize --shape 16x16 --classes 5 --count 15 --into five.npz")
      try bench.succeed("train --data three.npz --preset report-classifier --epochs 1 --validation none --into c")
      try bench.succeed("train --data three.npz --epochs 1 --into m")
      try WholeFile.write("zero\none\n", to: "\(folder)/named/labels.txt".replacing("/labels.txt", with: "-labels"))
      try Folder.create("\(folder)/named")
      try bench.succeed("data convert three.npz named/train.npz")
      try WholeFile.write("zero\none\n", to: "\(folder)/named/labels.txt")
      for (line, status, words) in [
        ("evaluate m --classifier c --data five.npz", 65, "a label among the 3 classes 0, 1, 2"),
        ("train --data named --preset report-classifier --into n", 65, "labels.txt"),
        ("train --data three.npz --architecture none.yaml --into n", 74, "none.yaml"),
        ("train --data three.npz --preset denoiser --crop 17 --into n", 64, "16x16"),
        ("train --data three.npz --preset tiddu-small --crop 8 --into n", 64, "patches have none"),
        ("summary report-final --shape 0x3", 64, "--shape"),
      ] {
        let result = try bench.run("tiddu \(line)")
        #expect(result.status == Int32(status) && result.errors.contains(words), "\(line): \(result.errors)")
      }
      #expect(Folder.kind(of: "\(folder)/n") == .absent)
      // Named labels are what commands speak of.
      try WholeFile.write("zero\none\nmany\n", to: "\(folder)/named/labels.txt")
      try bench.succeed("train --data named --preset report-classifier --epochs 1 --validation none --into n")
      #expect(try bench.succeed("classify n three.npz").output.hasPrefix("image,label,pzero,pone,pmany"))
    }
  }
}
