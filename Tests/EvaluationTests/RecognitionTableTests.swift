import Distortions
import Evaluation
import Foundation
import ImageSets
import Support
import Testing

@Suite struct RecognitionTableTests {
  /// Three parts, the last one short.
  static let clean = CornerImages.make(count: 2500)

  static func table(
    _ clean: ImageSet = clean, use: RecognitionTable.Use = .heldOut, multiple: Recipe = .reportMultiple,
    reader: PixelReader = PixelReader(), corrector: (any Corrector)? = nil
  ) throws -> RecognitionTable {
    try RecognitionTable(
      of: clean, Provenance(use), seed: 5, multiple: multiple, recognizer: reader, corrector: corrector)
  }

  /// The accuracy of the fake recognizer by plain counting.
  static func accuracy(of recipe: Recipe) throws -> Double {
    let images = try recipe.compiled(for: clean.shape).apply(to: clean, seed: 5)
    let labels = try #require(clean.labels)
    let right = labels.indices.count { PixelReader.read(images.pixels[$0 * 4]) == labels[$0] }
    return Double(right) / Double(labels.count)
  }

  @Test func figuresOfEachRow() throws {
    let table = try Self.table(corrector: Rememberer(Self.clean))
    #expect(table.rows.map(\.version) == RecognitionTable.Version.allCases)
    #expect(table.name == "corners" && table.images == 2500 && table.seed == 5 && table.use == .heldOut)
    let single = try Self.accuracy(of: .reportSingle)
    let multiple = try Self.accuracy(of: .reportMultiple)
    #expect(single != multiple && single < 1)
    #expect(table.rows.map(\.accuracy.mean) == [1, single, 1, multiple, 1, 1])
    for row in table.rows {
      #expect(row.accuracy.count == 2500 && row.loss.count == 2500)
      #expect(row.confusion.accuracy == row.accuracy)
      // Half for what is read, a sixth for the rest.
      let loss = row.accuracy.mean * log(2) + (1 - row.accuracy.mean) * log(6)
      #expect(abs(row.loss.mean - loss) < 1e-6)
    }
    // The rows "reconstructed" are of the corrector, not of the images it was given.
    let idle = try Self.table(corrector: Idler())
    #expect(idle.rows.map(\.accuracy.mean) == [1, single, single, multiple, multiple, 1])
  }

  @Test func correctorAndRecognizerGetTheSameImages() throws {
    let reader = PixelReader()
    let corrector = Rememberer(Self.clean)
    _ = try Self.table(reader: reader, corrector: corrector)
    #expect(reader.given.count == 18 && corrector.given.count == 9)
    #expect(stride(from: 0, to: 18, by: 2).map { reader.given[$0] } == corrector.given)
    for (number, recipe) in [Recipe.identity, .reportSingle, .reportMultiple].enumerated() {
      let whole = try recipe.compiled(for: Self.clean.shape).apply(to: Self.clean, seed: 5)
      let parts = corrector.given[number * 3..<number * 3 + 3]
      #expect(parts.flatMap(\.pixels) == whole.pixels, "\(recipe.name), part by part as at once")
    }
    #expect(stride(from: 1, to: 6, by: 2).flatMap { reader.given[$0].pixels } == Self.clean.pixels)
  }

  @Test func withoutCorrector() throws {
    let table = try Self.table()
    #expect(table.rows.map(\.version) == [.original, .singleDistorted, .multipleDistorted])
    #expect(table[.reconstructed] == nil && table[.singleDistorted]?.version == .singleDistorted)
    #expect(!table.description.contains("reconstructed"))
  }

  @Test func reportedFigures() throws {
    let table = try Self.table(corrector: Idler())
    #expect(table.rows.map(\.report?.loss) == [0.0152, 3.4219, nil, 4.9394, 0.1047, nil])
    #expect(table.rows.map(\.report?.accuracy) == [0.9952, 0.5853, nil, 0.2681, 0.9682, nil])
    let other = try Self.table(multiple: Recipe(name: "report-multiple", steps: []), corrector: Idler())
    #expect(other.rows.map(\.report?.loss) == [0.0152, 3.4219, nil, nil, nil, nil], "those are of another recipe")
    #expect(other[.multipleDistorted]?.accuracy.mean == 1)
    let twice = try Self.table(multiple: .reportSingle, corrector: Idler())
    #expect(twice.rows.map(\.report?.loss) == [0.0152, 3.4219, nil, nil, nil, nil])
  }

  @Test func progress() throws {
    var seen: [TableProgress] = []
    _ = try RecognitionTable(of: Self.clean, Provenance(.heldOut), seed: 5, recognizer: PixelReader()) {
      seen.append($0)
    }
    #expect(seen.map(\.done) == [1024, 2048, 2500, 1024, 2048, 2500, 1024, 2048, 2500])
    #expect(seen.map(\.row) == ["original", "single distorted", "multiple distorted"].flatMap { [$0, $0, $0] })
    #expect(seen.allSatisfy { $0.set == "corners" && $0.total == 2500 })
  }

  @Test func asText() throws {
    let few = Recipe(name: "upside-down", steps: [Recipe.Step(UpDownFlip())])
    var train = try Self.table(CornerImages.make(count: 8), use: .trainedOn, multiple: few, corrector: Idler())
    train.name = "train"
    var dig = try Self.table(CornerImages.make(count: 8), use: .validatedOn, multiple: few)
    (dig.name, dig.rows) = ("dig", dig.rows.filter { $0.version != .singleDistorted })
    train.rows.removeAll { [.singleDistorted, .singleReconstructed].contains($0.version) }
    #expect(
      RecognitionTable.text(of: [train, dig]) == """
        how well digits are read, mean ± standard error
                                   report, train        train           dig
                                      trained on   trained on  validated on
        n                                 60,000            8             8
        seed                                   –            5             5
        multiple distorted by    report-multiple  upside-down   upside-down

        loss, in nats
        original                          0.0152       0.6931        0.6931
        multiple distorted                4.9394  1.65 ± 0.14   1.65 ± 0.14
        reconstructed                     0.1047  1.65 ± 0.14             –
        original, reconstructed                –       0.6931             –

        accuracy
        original                          0.9952       1.0000        1.0000
        multiple distorted                0.2681  0.12 ± 0.12   0.12 ± 0.12
        reconstructed                     0.9682  0.12 ± 0.12             –
        original, reconstructed                –       1.0000             –
        """)
    #expect(train.description == RecognitionTable.text(of: [train]))
  }

  @Test func asJSON() throws {
    let table = try Self.table(CornerImages.make(count: 8), use: .validatedOn, corrector: Idler())
    let json = try JSONEncoder().encode(table)
    #expect(try JSONDecoder().decode(RecognitionTable.self, from: json) == table)
    let object = try #require(try JSONSerialization.jsonObject(with: json) as? [String: Any])
    #expect(object.keys.sorted() == ["images", "multiple_recipe", "name", "rows", "seed", "use"])
    #expect(object["use"] as? String == "validated_on")
    let rows = try #require(object["rows"] as? [[String: Any]])
    #expect(rows[0].keys.sorted() == ["accuracy", "confusion", "loss", "report", "version"])
    #expect(
      rows.map { $0["version"] as? String } == [
        "original", "single_distorted", "single_reconstructed", "multiple_distorted", "reconstructed",
        "original_reconstructed",
      ])
  }

  @Test func errors() {
    let reader = PixelReader()
    #expect(throws: DataError.self) {
      try Self.table(CornerImages.relabelled(Self.clean, nil), reader: reader)
    }
    #expect(throws: DataError.self) {
      try Self.table(multiple: Recipe(name: "bad", steps: [Recipe.Step(Occlusion(), probability: 2)]), reader: reader)
    }
    #expect(reader.given.isEmpty, "found before any work")
    // Image 1500 of the second version lies in its second part.
    reader.replaced = (2500 + 1500, [.nan, 0, 0, 0])
    let error = #expect(throws: DataError.self) { try Self.table(reader: reader) }
    #expect(error?.place == "image 1500")
  }
}
