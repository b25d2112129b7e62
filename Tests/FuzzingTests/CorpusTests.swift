import Foundation
import Fuzzing
import Support
import Testing

/// What Tools/fuzz.sh does at length, in short: each target reads its seeds, all that was ever found by fuzzing, and some
/// thousand inputs that were made of these by chance.
@Suite(.serialized) struct CorpusTests {
  @Test(arguments: targets.keys.sorted()) func seedsAreRead(target: String) throws {
    let read = try #require(targets[target])
    for seed in try seeds(of: target) { try read(seed) }
  }

  @Test(arguments: targets.keys.sorted()) func finds(target: String) throws {
    let corpus = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Corpus/\(target)")
    let files = (try? FileManager.default.contentsOfDirectory(atPath: corpus.path).sorted()) ?? []
    for file in files { try read(Folder.read("\(corpus.path)/\(file)"), target, file) }
  }

  @Test(arguments: targets.keys.sorted()) func mutations(target: String) throws {
    let seeds = try seeds(of: target)
    for (number, seed) in seeds.enumerated() {
      for turn in 0..<400 / seeds.count {
        var random = Philox(seed: UInt64(number), index: turn)
        try read(mutated(seed, &random), target, "seed \(number), turn \(turn)")
      }
    }
  }

  /// Reading may fail, in the ways that users see.
  private func read(_ bytes: [UInt8], _ target: String, _ name: String) throws {
    let reader = try #require(targets[target])
    do { try reader(bytes) } catch {
      #expect(isReported(error), "\(name): \(error)")
    }
  }

  private func mutated(_ seed: [UInt8], _ random: inout Philox) -> [UInt8] {
    var bytes = seed
    for _ in 0...random.integer(below: 4) where !bytes.isEmpty {
      let place = random.integer(below: bytes.count)
      switch random.integer(below: 5) {
      case 0: bytes.removeSubrange(place...)
      case 1: bytes.insert(UInt8(random.integer(below: 256)), at: place)
      case 2: bytes.remove(at: place)
      case 3: bytes[place] = [0, 255, 127, 128][random.integer(below: 4)]
      default: bytes[place] ^= 1 << UInt8(random.integer(below: 8))
      }
    }
    return bytes
  }
}
