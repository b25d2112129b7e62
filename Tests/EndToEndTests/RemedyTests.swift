import Foundation
import ImageSets
import Support
import TestSupport
import Testing

/// What messages advise is followed, and helps.
@Suite(.serialized, .enabled(if: Tiddu.isBuilt)) struct RemedyTests {
  /// A command that is refused with these words, what they advise, and the same command once that is done.
  @Test(arguments: [
    (
      "restore m rgb.npz --into o.npz", "--resize 28x28", "data convert rgb.npz c.npz --resize 28x28 --gray",
      "restore m c.npz --into o.npz"
    ),
    (
      "restore m large.npz --into o.npz", "--resize 28x28", "data convert large.npz c.npz --resize 28x28",
      "restore m c.npz --into o.npz"
    ),
    (
      "evaluate m --data large.npz", "--resize 28x28", "data convert large.npz c.npz --resize 28x28",
      "evaluate m --data c.npz"
    ),
    (
      "train --data tiny.npz --epochs 1 --into t", "at least 4×4", "data convert tiny.npz c.npz --resize 4x4",
      "train --data c.npz --epochs 1 --into t"
    ),
    ("data info sizes", "--resize", "data convert sizes c.npz --resize 28x28", "data info c.npz"),
    ("train --resume none", "that tiddu train made", "train --subset 64 --epochs 1 --into none", "train --resume none"),
    ("train --subset 64 --epochs 1 --into m", "--resume m", "train --resume m", "train --resume m"),
    (
      "train --subset 64 --epochs 1 --validation 0.001 --into t", "--validation 0.2", "--version",
      "train --subset 64 --epochs 1 --validation 0.2 --into t"
    ),
    ("data convert three.npz three.npz", "--overwrite", "--version", "data convert three.npz three.npz --overwrite"),
    ("data info bad", "--skip-unreadable", "--version", "data info bad --skip-unreadable"),
    ("data convert kinds out.npz", "--part", "--version", "data convert kinds out.npz --part test"),
    (
      "search show none.sqlite", "--into", "search s.yaml --data synthetic --subset 64 --into none.sqlite",
      "search show none.sqlite"
    ),
    (
      "figure curves m --metric nope --into f.svg", "binary_accuracy", "--version",
      "figure curves m --metric binary_accuracy --into f.svg"
    ),
    (
      "train --l1 0.1 --preset report-classifier --into t", "Leave out", "--version",
      "train --subset 64 --epochs 1 --validation none --preset report-classifier --into t"
    ),
  ])
  func helps(refused: String, words: String, advice: String, again: String) throws {
    try withTemporaryFolder { folder in
      try prepare(folder)
      let first = try Tiddu.shell("tiddu \(refused)", in: folder)
      #expect([64, 65, 74].contains(first.status), "\(refused): \(first.output)")
      #expect(first.errors.contains(words), "\(refused): \(first.errors)")
      let second = try Tiddu.shell("tiddu \(advice) && tiddu \(again)", in: folder)
      #expect(second.status == 0, "\(advice), \(again): \(second.errors)")
    }
  }

  private func prepare(_ folder: String) throws {
    try Tiddu.succeed(
      "train", "--subset", "64", "--epochs", "1", "--bottleneck", "4", "--threads", "1", "--into", "\(folder)/m")
    try TinyImages.ramp(count: 3, height: 32, width: 32, channels: 3).write(to: "\(folder)/rgb.npz")
    try TinyImages.ramp(count: 3, height: 40, width: 30).write(to: "\(folder)/large.npz")
    try TinyImages.ramp(count: 3, height: 28, width: 28).write(to: "\(folder)/three.npz")
    try TinyImages.ramp(count: 3, height: 3, width: 5).write(to: "\(folder)/tiny.npz")
    try Folder.create("\(folder)/kinds")
    for part in ["train", "test"] {
      try TinyImages.ramp(count: 3, height: 28, width: 28).write(to: "\(folder)/kinds/\(part).npz")
    }
    try Folder.create("\(folder)/sizes")
    for side in [20, 30] {
      try TinyImages.ramp(count: 1, height: side, width: side).write(to: "\(folder)/sizes/\(side).png")
    }
    try TinyImages.ramp(count: 2, height: 8, width: 8, labels: false).write(to: "\(folder)/bad/")
    try WholeFile.write("no image", to: "\(folder)/bad/x.png")
    try WholeFile.write(
      "architectures:\n  - dense: {layers: [2], neurons: [4]}\nepochs: 1\nvalidation: 0.2\n", to: "\(folder)/s.yaml")
  }

  /// Options that messages name are options that there are.
  @Test func namedOptionsExist() throws {
    let tree = try Tiddu.succeed("--experimental-dump-help") + Tiddu.succeed("serve", "--experimental-dump-help")
    let sources = "\(Repository.root)/Sources"
    let files = try #require(FileManager.default.enumerator(atPath: sources)?.allObjects as? [String])
    var named: Set<String> = []
    for file in files where file.hasSuffix(".swift") {
      let text = String(decoding: try Folder.read("\(sources)/\(file)"), as: UTF8.self)
      for remedy in text.components(separatedBy: "remedy:").dropFirst() {
        for word in remedy.prefix(300).matches(of: #/--([a-z][a-z0-9-]+)/#) { named.insert(String(word.1)) }
      }
    }
    #expect(named.count > 20)
    for name in named.sorted() {
      #expect(tree.contains("\"name\" : \"\(name)\"") || tree.contains("\"name\":\"\(name)\""), "--\(name)")
    }
  }
}
