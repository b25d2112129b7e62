import Foundation
import ImageSets
import Support
import TestSupport
import Testing

/// The situations of `../shared/cases/reports`, each as the last column of its README says; those that reading alone
/// decides (3, 4, 10 to 13, 23) are in `CasesTests`, too.
@Suite(.serialized, .enabled(if: SharedCases.isThere && Tiddu.isBuilt)) struct ReportedSituationsTests {
  /// A small model, and a folder to work in.
  private static func withModel(_ body: (_ folder: String, _ model: String) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let model = "\(folder)/m"
      try Tiddu.succeed(
        "train", "--subset", "64", "--epochs", "1", "--bottleneck", "4", "--threads", "1", "--into", model)
      try body(folder, model)
    }
  }

  /// 1: files that several workers write are readable by all and writable by their owner, whatever the umask is.
  @Test func modesFollowTheUmask() throws {
    try withTemporaryFolder { folder in
      let situation = SharedCases.report("01-umask-race")
      let result = try Tiddu.shell(
        "umask 022; tiddu search '\(situation)/space.yaml' --data '\(situation)/p.npz' --into s.sqlite --workers 8 && "
          + "find . -perm /022 ! -type l", in: folder)
      #expect(result.status == 0, "\(result.errors)")
      #expect(!result.output.contains("./"), "\(result.output)")
    }
  }

  /// 5: arrays are resized and turned grey.
  @Test func arraysAreFitted() throws {
    try Self.withModel { folder, model in
      let situation = SharedCases.report("05-array-resize-and-gray-ignored")
      try Tiddu.succeed("data", "convert", "\(situation)/s32.npz", "\(folder)/s.npz", "--resize", "28x28")
      try Tiddu.succeed("data", "convert", "\(situation)/rgb.npz", "\(folder)/g.npz", "--gray")
      try Tiddu.succeed("restore", model, "\(situation)/rgb.npz", "--resize", "--into", "\(folder)/r.npz")
      for name in ["s", "g", "r"] {
        #expect(try ImageSet.read("\(folder)/\(name).npz").shape == .init(height: 28, width: 28, channels: 1))
      }
    }
  }

  /// 8: a trial without memory fails with that reason and the study goes on; training says it in a line.
  @Test func tooLittleMemory() throws {
    try withTemporaryFolder { folder in
      let data = SharedCases.report("08-oom-ends-search/p.npz")
      let result = try Tiddu.shell(
        "ulimit -v 600000; tiddu train --data '\(data)' --preset report-conv-3-64-bce --batch-size 240 --epochs 1 "
          + "--validation none --into r", in: folder)
      #expect(result.status == 71, "\(result.status) \(result.errors)")
      #expect(result.errors.contains("memory") && !result.errors.contains("Crash"))
    }
  }

  /// 15: TIFF is read and written back; HEIC is called by its name.
  @Test func scannersAndPhones() throws {
    try Self.withModel { folder, model in
      let situation = SharedCases.report("15-tiff-and-heic")
      try Tiddu.succeed("restore", model, "\(situation)/page.tif", "--into", "\(folder)/page.tif")
      let pages = try ImageFile.read("\(situation)/page.tif").images.count
      #expect(try ImageFile.read("\(folder)/page.tif").images.count == pages && pages == 2)
      try Tiddu.fail(
        65, ["restore", model, "\(situation)/photo.heic", "--into", "\(folder)/p.png"],
        saying: ["HEIC", "heif-convert"])
    }
  }

  /// 16: a classifier is validated on a share where there is no set dig.
  @Test func noDig() throws {
    try withTemporaryFolder { folder in
      let data = SharedCases.report("16-classifier-preset-wants-dig/mnist")
      let result = try Tiddu.run(
        "train", "--data", data, "--preset", "report-classifier", "--epochs", "1", "--into", "\(folder)/r")
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.errors.contains("validated on 10 %"))
    }
  }

  /// 20: folders at any depth keep their place in the output.
  @Test func deepFolders() throws {
    try Self.withModel { folder, model in
      try Tiddu.succeed(
        "restore", model, SharedCases.report("20-deep-folders/deep"), "--into", "\(folder)/out")
      #expect(try ImageFolder.names(in: "\(folder)/out") == ["a/page 1/0.png", "a/page 2/0.png"])
    }
  }

  /// 21: a run is gone on with from another folder.
  @Test func resumedFromElsewhere() throws {
    try withTemporaryFolder { folder in
      try Folder.create("\(folder)/elsewhere")
      let copied = try Folder.read(SharedCases.report("21-resume-finds-no-data/p.npz"))
      try WholeFile.write(copied, to: "\(folder)/p.npz")
      let result = try Tiddu.shell(
        "tiddu train --data p.npz --epochs 1 --into r && cd elsewhere && tiddu train --resume ../r --epochs 2",
        in: folder)
      #expect(result.status == 0, "\(result.errors)")
    }
  }

  /// 22: all bad files are named, and passed over on request.
  @Test func badFilesAmongGood() throws {
    try Self.withModel { folder, model in
      let situation = SharedCases.report("22-one-bad-picture/scans")
      let arguments = ["restore", model, situation, "--into", "\(folder)/out"]
      let refused = try Tiddu.run(arguments)
      #expect(refused.status == 65)
      for word in ["1.png", "3.png", "--skip-unreadable"] {
        #expect(refused.errors.contains(word), "\(refused.errors)")
      }
      #expect(Folder.kind(of: "\(folder)/out") == .absent)
      let skipped = try Tiddu.run(arguments + ["--skip-unreadable"])
      #expect(skipped.status == 0 && skipped.output.contains("2 images restored"))
      #expect(skipped.errors.contains("1.png") && skipped.errors.contains("3.png"))
      #expect(try ImageFolder.names(in: "\(folder)/out") == ["0.png", "2.png"])
    }
  }

  /// 23: restored files keep their dots an inch.
  @Test func resolutionIsKept() throws {
    try Self.withModel { folder, model in
      for name in ["scan300.png", "scan300.jpg"] {
        try Tiddu.succeed(
          "restore", model, SharedCases.report("23-dpi-lost/\(name)"), "--into", "\(folder)/\(name)")
        let resolution = try ImageFile.read("\(folder)/\(name)").files?[0].pages[0].resolution
        #expect(abs((resolution?.horizontal ?? 0) - 300) < 0.02)
      }
    }
  }

  /// 24: folders of damaged and of clean images are pairs, not labels.
  @Test func pairs() throws {
    try withTemporaryFolder { folder in
      let result = try Tiddu.run(
        "train", "--data", SharedCases.report("24-pairs-taken-for-labels/pairs"), "--epochs", "1", "--validation",
        "none", "--into", "\(folder)/r")
      #expect(result.status == 0 && result.errors.contains("pairs"), "\(result.errors)")
    }
  }

  /// 26: weights of other programs are called by their names.
  @Test(arguments: [("keras.h5", "HDF5"), ("torch.pt", "PyTorch")])
  func foreignWeights(name: String, words: String) throws {
    try withTemporaryFolder { folder in
      let image = "\(SharedCases.root)/ok.png"
      try Tiddu.fail(
        65, ["restore", SharedCases.report("26-foreign-weights/\(name)"), image, "--into", "\(folder)/o.png"],
        saying: [words, "tiddu import"])
    }
  }

  /// 3 and 4 by the commands, 10 to 13 by `data info`.
  @Test func theRestByCommands() throws {
    for (arguments, words) in [
      ("10-csv-index-and-class-columns/unnamed.csv", "2 images"), ("11-dataset-layouts/emnist", "turned upright"),
      ("12-gzip-in-gzip/train-images-idx3-ubyte.gz", "inside gzip"), ("13-zip-taken-for-npz/scans.zip", "1 images"),
      ("03-polarity-by-fixed-threshold/dim", "20 images"),
    ] {
      let output = try Tiddu.succeed("data", "info", SharedCases.report(arguments))
      #expect(output.contains(words), "\(output)")
    }
    let fitted = try Tiddu.succeed(
      "data", "info", SharedCases.report("04-resize-stretches-crops/tight"), "--resize", "28x28")
    #expect(fitted.contains("20 images of 28×28×1"))
  }
}
