import Foundation
import ImageSets
import Support
import TestSupport
import Testing

@Suite(.enabled(if: Tiddu.isBuilt)) struct DataCommandTests {
  @Test func infoAsJSON() throws {
    try withTemporaryFolder { folder in
      try TinyImages.ramp(count: 3, height: 2, width: 4).write(to: "\(folder)/train.npz")
      let result = try Tiddu.run("data", "info", folder, "--json")
      #expect(result.status == 0)
      let info = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
      let parts = info?["parts"] as? [[String: Any]]
      #expect(parts?.count == 1)
      #expect(parts?.first?["images"] as? Int == 3)
      #expect(parts?.first?["format"] as? String == "npz")
      #expect(parts?.first?["labels"] as? [String: Int] == ["0": 1, "1": 1, "2": 1])
      #expect(parts?.first?["shape"] as? [String: Int] == ["height": 2, "width": 4, "channels": 1])
      #expect(try Tiddu.run("data", "info", folder).output.contains("NPZ, 3 images of 2×4×1"))
    }
  }

  @Test func convert() throws {
    try withTemporaryFolder { folder in
      let set = TinyImages.ramp(count: 3, height: 2, width: 4)
      try set.write(to: "\(folder)/a.csv")
      let result = try Tiddu.run("data", "convert", "\(folder)/a.csv", "\(folder)/b.npz", "--shape", "2x4")
      #expect(result.status == 0)
      #expect(try ImageSet.read("\(folder)/b.npz").pixels == set.pixels)
    }
  }

  @Test func exitStatuses() throws {
    try withTemporaryFolder { folder in
      try TinyImages.ramp(count: 3, height: 2, width: 4).write(to: "\(folder)/train.csv")
      try TinyImages.ramp(count: 3, height: 2, width: 4).write(to: "\(folder)/test.csv")
      for (status, arguments) in [
        (EX_USAGE, ["convert", folder, "\(folder)/x.tiff"]), (EX_USAGE, ["convert", folder, "\(folder)/x.npz"]),
        (EX_USAGE, ["info", folder, "--shape", "3"]), (EX_DATAERR, ["info", folder]),
        (EX_DATAERR, ["convert", folder, "\(folder)/x.npz", "--part", "dig"]), (EX_IOERR, ["info", "\(folder)/none"]),
        (EX_IOERR, ["convert", "\(folder)/test.csv", "\(folder)/none/x.npz", "--shape", "2x4"]),
      ] {
        let result = try Tiddu.run(["data"] + arguments)
        #expect(result.status == status, "\(arguments): \(result.errors)")
        #expect(result.output.isEmpty)
        #expect(!result.errors.isEmpty)
      }
    }
  }
}
