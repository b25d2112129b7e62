import Foundation
import ImageSets
import Support
import TestSupport
import Testing

/// Real pairs of damaged and clean images, photographs of any size, and runs that go on.
@Suite(.enabled(if: Tiddu.isBuilt)) struct PairsTests {
  private func write(_ set: ImageSet, to path: String) throws {
    try ImageFile.write(set, to: path, paper: .none)
  }

  private func writePairs(into folder: String) throws {
    for part in ["noisy", "clean"] { try Folder.create("\(folder)/pairs/\(part)") }
    for number in 0..<6 {
      let clean = TinyImages.ramp(count: 1, height: 12 + number, width: 20, channels: 3, labels: false)
      try write(clean, to: "\(folder)/pairs/clean/\(number).png")
      try write(clean.replacingPixels(clean.pixels.map { $0 / 2 }), to: "\(folder)/pairs/noisy/\(number).png")
    }
  }

  @Test func pairsTrainValidateAndEvaluate() throws {
    try withTemporaryFolder { folder in
      try writePairs(into: folder)
      let train = "tiddu train --preset denoiser --crop 8 --epochs 2 --threads 1 --validation 0.4"
      let found = try Tiddu.shell("\(train) --data pairs --into a", in: folder)
      #expect(found.status == 0 && found.errors.contains("is taken for pairs: pairs/noisy damaged"), "\(found.errors)")
      let named = try Tiddu.shell("\(train) --pairs pairs/noisy pairs/clean --into b", in: folder)
      #expect(named.status == 0, "\(named.errors)")
      #expect(try Folder.read("\(folder)/a/best.safetensors") == Folder.read("\(folder)/b/best.safetensors"))
      // From another folder the run finds its pairs again.
      try Folder.create("\(folder)/elsewhere")
      let more = try Tiddu.shell("cd elsewhere; tiddu train --resume ../a --epochs 3", in: folder)
      #expect(more.status == 0 && more.errors.contains("epoch 3/3"), "\(more.errors)")
      let restored = try Tiddu.shell("tiddu restore a pairs/noisy --into out", in: folder)
      #expect(restored.status == 0, "\(restored.errors)")
      let image = try ImageFile.read("\(folder)/out/3.png", options: .init(paper: Paper.none)).images
      #expect(image.shape == .init(height: 15, width: 20, channels: 3))

      // Pairs of one size are measured whole.
      for part in ["noisy", "clean"] {
        for number in 1..<6 { try FileManager.default.removeItem(atPath: "\(folder)/pairs/\(part)/\(number).png") }
      }
      let measured = try Tiddu.shell("tiddu evaluate a --pairs pairs", in: folder)
      #expect(measured.status == 0 && measured.output.contains("real pairs"), "\(measured.errors)")
    }
  }

  @Test func pairsThatDoNotFit() throws {
    try withTemporaryFolder { folder in
      try writePairs(into: folder)
      let train = "tiddu train --preset denoiser --threads 1 --into r"
      // Sizes that differ from pair to pair want patches.
      let sizes = try Tiddu.shell("\(train) --pairs pairs", in: folder)
      #expect(sizes.status == 65 && sizes.errors.contains("--crop"), "\(sizes.errors)")
      try write(
        TinyImages.ramp(count: 1, height: 9, width: 20, channels: 3, labels: false),
        to: "\(folder)/pairs/noisy/2.png")
      let differ = try Tiddu.shell("\(train) --crop 8 --pairs pairs", in: folder)
      #expect(differ.status == 65 && differ.errors.contains("noisy/2.png"), "\(differ.errors)")
      try FileManager.default.removeItem(atPath: "\(folder)/pairs/noisy/2.png")
      let missing = try Tiddu.shell("\(train) --crop 8 --data pairs", in: folder)
      #expect(missing.status == 65 && missing.errors.contains("none for 2"), "\(missing.errors)")
      let others = try Tiddu.shell("\(train) --pairs pairs/clean", in: folder)
      #expect(others.status == 65 && others.errors.contains("two sub-folders"), "\(others.errors)")
      #expect(Folder.kind(of: "\(folder)/r") == .absent)
    }
  }

  /// A classifier's folders of such names are labels all the same.
  @Test func foldersOfAClassifierAreLabels() throws {
    try withTemporaryFolder { folder in
      for part in ["clean", "damaged"] {
        try Folder.create("\(folder)/data/\(part)")
        for number in 0..<4 {
          try write(
            TinyImages.ramp(count: 1, height: 16, width: 16, labels: false), to: "\(folder)/data/\(part)/\(number).png")
        }
      }
      let result = try Tiddu.shell(
        "tiddu train --data data --preset report-classifier --epochs 1 --validation none --into c && "
          + "tiddu classify c data", in: folder)
      #expect(result.status == 0 && result.output.contains("image,label,pclean,pdamaged"), "\(result.errors)")
    }
  }

  /// Photographs are never inverted, whichever way they go through.
  @Test func photographsStayAsTheyAre() throws {
    try withTemporaryFolder { folder in
      let photograph = TinyImages.ramp(count: 1, height: 24, width: 24, labels: false)
      try write(photograph, to: "\(folder)/p.png")
      let read = try ImageFile.read("\(folder)/p.png")
      #expect(read.paper == .none && read.images.pixels == photograph.pixels && !read.images.hasPaper)
      let forced = try ImageFile.read("\(folder)/p.png", options: .init(paper: .light))
      #expect(forced.images.pixels == photograph.pixels.map { 255 - $0 } && forced.images.hasPaper)
    }
  }

  /// A learning rate of 100 is said to have come to nothing, and what does not fit the memory is one line.
  @Test func whatComesToNothingIsSaid() throws {
    try withTemporaryFolder { folder in
      let collapsed = try Tiddu.shell(
        "tiddu train --subset 100 --epochs 1 --learning-rate 100 --threads 1 --into r", in: folder)
      #expect(
        collapsed.errors.contains("training has collapsed") || collapsed.errors.contains("training diverged"),
        "\(collapsed.errors)")
      let memory = try Tiddu.shell(
        "ulimit -v 600000; tiddu train --subset 100 --preset report-conv-3-64-bce --batch-size 240 --threads 1 --into m",
        in: folder)
      #expect(memory.status == 71 && memory.errors.split(separator: "\n").count <= 3, "\(memory.errors)")
      try WholeFile.write(
        "architectures: [report-conv-3-64-bce, report-dense-2-4-bce]\nbatch_sizes: [240]\nepochs: 1\nvalidation: none\n"
          + "metric: loss\n", to: "\(folder)/space.yaml")
      let search = try Tiddu.shell(
        "ulimit -v 600000; tiddu search space.yaml --subset 100 --workers 1 --threads 1 --into s.sqlite", in: folder)
      #expect(search.status == 0 && search.errors.contains("1 of 2 trials failed"), "\(search.errors)")
    }
  }
}
