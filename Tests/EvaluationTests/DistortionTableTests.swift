import Distortions
import Evaluation
import Foundation
import ImageSets
import Support
import Testing

@Suite struct DistortionTableTests {
  /// Ten of each class, five of class 1 alike from all sides.
  static let clean = CornerImages.make(count: 40)

  static func table(_ clean: ImageSet = clean, corrector: (any Corrector)? = nil) throws -> DistortionTable {
    try DistortionTable(of: clean, seed: 3, recognizer: PixelReader(), corrector: corrector)
  }

  @Test func kinds() {
    let kinds = DistortionTable.kinds
    #expect(
      kinds.map(\.recipe.name) == [
        "none", "up-down flip", "left-right flip", "rotation by 90 degrees", "rotation by 180 degrees",
        "rotation by 270 degrees", "Gaussian noise", "brightness gradient", "occlusion", "geometry and noise",
        "geometry and occlusion", "noise and occlusion", "geometry, noise and occlusion",
      ])
    #expect(kinds.indices.filter { kinds[$0].byClass } == [1, 2, 3, 4, 5])
    // The families are the report's; only the occlusion is always there.
    let steps = Recipe.reportMultiple.steps
    let occlusion = Recipe.Step(Occlusion())
    #expect(kinds[8].recipe.steps == [occlusion])
    #expect(kinds[9].recipe.steps == [steps[0], steps[1]])
    #expect(kinds[10].recipe.steps == [steps[0], occlusion])
    #expect(kinds[11].recipe.steps == [steps[1], occlusion])
    #expect(kinds[12].recipe.steps == [steps[0], steps[1], occlusion])
    #expect(kinds.allSatisfy { (try? $0.recipe.validate()) != nil })
  }

  @Test func figuresOfEachRow() throws {
    let table = try Self.table(corrector: Rememberer(Self.clean))
    #expect(table.rows.map(\.distortion) == DistortionTable.kinds.map(\.recipe.name))
    #expect(table.name == "corners" && table.images == 40 && table.seed == 3)
    let labels = try #require(Self.clean.labels)
    for (row, kind) in zip(table.rows, DistortionTable.kinds) {
      let images = try kind.recipe.compiled(for: Self.clean.shape).apply(to: Self.clean, seed: 3)
      let right = labels.indices.count { PixelReader.read(images.pixels[$0 * 4]) == labels[$0] }
      #expect(row.distorted.accuracy == Estimate(hits: right, of: 40), "\(row.distortion)")
      let psnr = (0..<40).map { image in
        let squares = (image * 4..<image * 4 + 4).map {
          pow((Double(images.pixels[$0]) - Double(Self.clean.pixels[$0])) / 255, 2)
        }
        return min(100, -10 * log10(squares.reduce(0, +) / 4))
      }
      #expect(abs(row.distorted.psnr.mean - psnr.reduce(0, +) / 40) < 1e-4, "\(row.distortion)")
      #expect(row.corrected?.accuracy.mean == 1 && row.corrected?.psnr.mean == 100)
      #expect((row.classes != nil) == kind.byClass)
    }
    #expect(table.rows[0].distorted == table.rows[0].corrected)
  }

  /// Up-down brings the third pixel to the first place, left-right the second, a turn by 90 degrees (counter-clockwise)
  /// the second, by 180 the last, by 270 the third.
  @Test(arguments: [(1, 2), (2, 1), (3, 1), (4, 3), (5, 2)])
  func byClass(row: Int, ahead: Int) throws {
    let classes = try #require(try Self.table(corrector: Rememberer(Self.clean)).rows[row].classes)
    #expect(classes.map(\.label) == [0, 1, 2, 3])
    for entry in classes {
      let share = entry.label == 1 ? 0.5 : 0
      #expect(entry.distorted.accuracy == Estimate(hits: Int(share * 10), of: 10))
      #expect(entry.distorted.mistakenFor == (entry.label + ahead) % 4)
      #expect(entry.distorted.mistakenShare == 1 - share)
      #expect(entry.corrected?.accuracy.mean == 1)
      #expect(entry.corrected?.mistakenFor == nil && entry.corrected?.mistakenShare == nil)
    }
  }

  @Test func classesWithoutImages() throws {
    let some = Self.clean.selecting((0..<40).filter { $0 % 4 != 2 })
    #expect(try Self.table(some).rows[1].classes?.map(\.label) == [0, 1, 3])
  }

  @Test func correctorAndRecognizerGetTheSameImages() throws {
    let reader = PixelReader()
    let corrector = Rememberer(Self.clean)
    _ = try DistortionTable(of: Self.clean, seed: 3, recognizer: reader, corrector: corrector)
    #expect(reader.given.count == 26)
    #expect(stride(from: 0, to: 26, by: 2).map { reader.given[$0] } == corrector.given)
  }

  @Test func asText() throws {
    let lines = try Self.table(corrector: Rememberer(Self.clean)).description
      .split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 1 + 14 + 5 * 7 + 2)
    #expect(lines[0] == "corners: 40 images distorted in each way with seed 3, mean ± standard error")
    #expect(
      lines[1].split(separator: "  ").map { $0.drop { $0 == " " } } == [
        "n", "accuracy", "PSNR, dB", "accuracy corrected", "PSNR corrected",
      ])
    #expect(lines[2].split(separator: " ") == ["none", "40", "1.0000", "100.0000", "1.0000", "100.0000"])
    #expect(lines[1...14].allSatisfy { $0.count == lines[1].count }, "columns are aligned")
    #expect(
      lines[15...21].joined(separator: "\n") == """

        up-down flip, by class: accuracy, and the class most often mistaken for
        class   n     accuracy        as  accuracy corrected  as
        0      10       0.0000  2: 1.000              1.0000   –
        1      10  0.50 ± 0.17  3: 0.500              1.0000   –
        2      10       0.0000  0: 1.000              1.0000   –
        3      10       0.0000  1: 1.000              1.0000   –
        """)
    #expect(
      lines.last == "PSNR against the clean images, peak 1; an image that equals its clean one counts with 100 dB")
    #expect(!(try Self.table().description.contains("corrected")))
  }

  @Test func asJSON() throws {
    let table = try Self.table(corrector: Idler())
    let json = try JSONEncoder().encode(table)
    #expect(try JSONDecoder().decode(DistortionTable.self, from: json) == table)
    let object = try #require(try JSONSerialization.jsonObject(with: json) as? [String: Any])
    #expect(object.keys.sorted() == ["images", "name", "rows", "seed"])
    let rows = try #require(object["rows"] as? [[String: Any]])
    #expect(rows[0].keys.sorted() == ["corrected", "distorted", "distortion"])
    #expect((rows[0]["distorted"] as? [String: Any])?.keys.sorted() == ["accuracy", "psnr"])
    let classes = try #require(rows[1]["classes"] as? [[String: Any]])
    #expect(classes[0].keys.sorted() == ["corrected", "distorted", "label"])
    #expect(
      (classes[0]["distorted"] as? [String: Any])?.keys.sorted() == ["accuracy", "mistaken_for", "mistaken_share"])
  }

  /// As `MetricTable` has it for the same images.
  @Test func structuralSimilarity() throws {
    let written = SyntheticDigits().imageSet(writers: 0..<2, perWriter: 10, name: "digits")
    let digits = ImageSet(
      shape: written.shape, pixels: written.pixels, labels: (0..<20).map { $0 % 4 }, name: "digits", source: "made")
    let table = try DistortionTable(of: digits, seed: 3, recognizer: PixelReader(), corrector: Idler())
    let row = try #require(table.rows.first { $0.distortion == "occlusion" })
    let occluded = try Recipe(name: "o", steps: [.init(Occlusion())]).compiled(for: digits.shape)
      .apply(to: digits, seed: 3)
    let metrics = try MetricTable(
      clean: digits, distorted: occluded, restored: (0..<20).flatMap(occluded.numbers))
    #expect(row.distorted.ssim == metrics.distorted.ssim && row.corrected == row.distorted)
    #expect(table.description.contains("SSIM corrected"))
  }

  @Test func progressAndErrors() throws {
    var seen: [TableProgress] = []
    _ = try DistortionTable(of: Self.clean, seed: 3, recognizer: PixelReader()) { seen.append($0) }
    #expect(seen.map(\.row) == DistortionTable.kinds.map(\.recipe.name))
    #expect(seen.allSatisfy { $0.set == "corners" && $0.done == 40 && $0.total == 40 })
    #expect(throws: DataError.self) { try Self.table(CornerImages.relabelled(Self.clean, nil)) }
    #expect(throws: DataError.self) { try Self.table(Self.clean.prefix(0)) }
  }
}
