import Foundation
import ImageSets
import Support
import TestSupport
import Testing

/// `tiddu bench`, and the same work with fewer of the processor's instructions.
@Suite struct BenchCommandTests {
  @Test func timesEveryLayer() throws {
    let said = try Tiddu.succeed("bench", "tiddu-small", "--batch", "2", "--rounds", "2", "--threads", "1")
    for word in ["large product", "GFLOP/s", "tiddu-small-orientation, 2 images", "Winograd", "backward ms", "all "] {
      #expect(said.contains(word), "\(word)")
    }
    let arguments = ["bench", "report-final", "--batch", "2", "--rounds", "2", "--inference", "--json"]
    let report = try JSONSerialization.jsonObject(with: Data(try Tiddu.succeed(arguments).utf8)) as? [String: Any]
    let parts = try #require(report?["parts"] as? [[String: Any]])
    let layers = try #require(parts.first?["layers"] as? [[String: Any]])
    #expect(parts.count == 1 && layers.count == 7)
    #expect(layers.allSatisfy { $0["backward"] == nil && $0["forward"] as? Double != nil })
    #expect(layers[1]["method"] as? String == "products" && layers[1]["operations"] as? Double == 4.0 * 784 * 512)
    try Tiddu.fail(EX_USAGE, ["bench", "report-final", "--batch", "0"], saying: ["--batch 0"])
    try Tiddu.fail(EX_USAGE, ["bench", "nothing"], saying: ["nothing"])
  }

  /// Where the processor has products of bfloat16 numbers the result says that they were taken; elsewhere they are refused.
  @Test func precisionIsSaid() throws {
    try withTemporaryFolder { folder in
      try Tiddu.succeed("train", "--subset", "200", "--epochs", "1", "--into", "\(folder)/final")
      try Tiddu.succeed("data", "synthesize", "--count", "30", "--into", "\(folder)/digits.npz")
      let restore = ["restore", "\(folder)/final", "\(folder)/digits.npz", "--into"]
      try Tiddu.succeed(restore + ["\(folder)/exact.npz"])
      let result = try Tiddu.run(restore + ["\(folder)/narrow.npz", "--precision", "bfloat16"])
      if result.status == 0 {
        #expect(result.output.contains("30 images restored (dense layers in bfloat16)"))
        let (exact, narrow) = (
          try ImageSet.read("\(folder)/exact.npz").pixels, try ImageSet.read("\(folder)/narrow.npz").pixels
        )
        #expect(exact != narrow && zip(exact, narrow).allSatisfy { abs(Int($0) - Int($1)) <= 8 })
      } else {
        #expect(result.status == EX_USAGE && result.errors.contains("no products of bfloat16"))
      }
      let held = try Tiddu.shell(
        "TIDDU_MAX_ISA=AVX2 tiddu restore final digits.npz --into held.npz --precision bfloat16", in: folder)
      #expect(held.status == EX_USAGE && held.errors.contains("no products of bfloat16"), "\(held.errors)")
      try Tiddu.fail(EX_USAGE, restore + ["\(folder)/no.npz", "--precision", "int4"], saying: ["int4"])
    }
  }

  /// With AVX2 or without any of it, images are restored alike.
  @Test func instructionsDoNotMatter() throws {
    try withTemporaryFolder { folder in
      let model = "\(folder)/small"
      try Tiddu.succeed("train", "--preset", "tiddu-small", "--subset", "96", "--epochs", "1", "--into", model)
      try Tiddu.succeed("data", "synthesize", "--count", "40", "--into", "\(folder)/digits.npz")
      let all = try ["AVX512", "AVX2", "SSE2"].map { instructions in
        let line =
          "export TIDDU_MAX_ISA=\(instructions); tiddu restore small digits.npz --into \(instructions).npz >&2 && "
          + "tiddu bench report-final --batch 1 --rounds 1 --json"
        let result = try Tiddu.shell(line, in: folder)
        #expect(result.status == 0, "\(result.errors)")
        let report = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
        if instructions != "AVX512" { #expect(report?["instructions"] as? String == instructions) }
        return try ImageSet.read("\(folder)/\(instructions).npz").pixels
      }
      for other in all.dropFirst() {
        let worst = zip(all[0], other).map { abs(Int($0) - Int($1)) }.max() ?? 255
        #expect(worst <= 1, "\(worst)")
      }
    }
  }
}
