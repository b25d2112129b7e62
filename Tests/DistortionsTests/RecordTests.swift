import Distortions
import ImageSets
import Support
import TestSupport
import Testing

@Suite struct RecordTests {
  private let shape = ImageSet.Shape(height: 28, width: 28, channels: 1)

  @Test func rowsSayWhatTheRecordsSay() throws {
    let set = ramp(shape, count: 200)
    let distorter = try Recipe.reportMultiple.compiled(for: shape)
    let lines = try withTemporaryFolder { folder in
      try distorter.writeRecords(of: set, seed: 9, epoch: 2, to: folder + "/record.csv")
      return String(decoding: try Folder.read(folder + "/record.csv"), as: UTF8.self).split(separator: "\n")
    }
    let columns = lines[0].split(separator: ",").map(String.init)
    #expect(
      columns == [
        "index", "label", "up-down-flip", "left-right-flip", "rotation", "rotation.angle", "gaussian-noise",
        "gaussian-noise.sigma", "brightness-gradient", "brightness-gradient.row", "brightness-gradient.column",
        "brightness-gradient.peak", "brightness-gradient.falloff", "occlusion", "occlusion.bottom", "occlusion.left",
        "occlusion.height", "occlusion.width", "occlusion.value",
      ])
    try #require(lines.count == 201)
    for index in 0..<200 {
      let cells = lines[index + 1].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      let record = distorter.record(seed: 9, epoch: 2, index: index)
      var expected = Dictionary(uniqueKeysWithValues: columns.map { ($0, $0.contains(".") ? nil : Float(0)) })
      expected["index"] = Float(index)
      expected["label"] = Float(set.labels![index])
      for entry in record.distortions {
        expected[entry.distortion] = 1
        for (name, value) in entry.parameters { expected["\(entry.distortion).\(name)"] = value }
      }
      #expect(Dictionary(uniqueKeysWithValues: zip(columns, cells.map(Float.init))) == expected)
    }
  }

  @Test func aDistortionNamedTwiceHasColumnsOfItsOwn() throws {
    let recipe = Recipe(name: "twice", steps: [.init(GaussianNoise(sigma: 1)), .init(GaussianNoise(sigma: 2))])
    let distorter = try recipe.compiled(for: shape)
    #expect(distorter.names == ["gaussian-noise", "gaussian-noise-2"])
    #expect(distorter.record(seed: 1, index: 0).distortions.map { $0.parameters["sigma"] } == [1, 2])
    #expect(distorter.counts(of: 10, seed: 1) == [10, 10])
  }

  @Test func nothingHalfWritten() throws {
    let distorter = try Recipe.identity.compiled(for: shape)
    #expect(throws: SystemError.self) {
      try distorter.writeRecords(of: ramp(shape), seed: 1, to: "/nowhere/at/all/record.csv")
    }
  }
}
