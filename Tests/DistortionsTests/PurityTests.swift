import Distortions
import ImageSets
import TestSupport
import Testing

@Suite struct PurityTests {
  @Test(arguments: shapes)
  func aloneInABatchAndOnAnyThreads(shape: ImageSet.Shape) throws {
    let set = ramp(shape, count: 300)
    for recipe in Recipe.builtIn {
      let distorter = try recipe.compiled(for: shape)
      let batch = distorter.apply(to: set, seed: 5, epoch: 3, firstIndex: 1000, threads: 1)
      for threads in [2, 3, 4] {
        #expect(distorter.apply(to: set, seed: 5, epoch: 3, firstIndex: 1000, threads: threads) == batch)
      }
      let expected = images(batch)
      for index in [0, 1, 150, 299] {
        let alone = distorter.apply(to: set.selecting([index]), seed: 5, epoch: 3, firstIndex: 1000 + index)
        #expect(alone.pixels == expected[index], "\(recipe.name)")
      }
    }
  }

  @Test func inPlaceIsTheSame() throws {
    let set = ramp(.init(height: 9, width: 6, channels: 3), count: 1)
    let distorter = try Recipe.reportMultiple.compiled(for: set.shape)
    for index in 0..<50 {
      var pixels = set.pixels
      withUnsafeTemporaryAllocation(byteCount: distorter.scratchSize, alignment: 1) { scratch in
        pixels.withUnsafeMutableBufferPointer { buffer in
          distorter.apply(
            to: UnsafePointer(buffer.baseAddress!), into: buffer.baseAddress!, scratch: scratch.baseAddress!, seed: 8,
            epoch: 0, index: index)
        }
      }
      #expect(pixels == distorter.apply(to: set, seed: 8, firstIndex: index).pixels)
    }
  }

  @Test func seedEpochAndIndexMatter() throws {
    let shape = ImageSet.Shape(height: 28, width: 28, channels: 1)
    let set = ramp(shape, count: 50)
    for name in [
      "report-multiple", "gaussian-noise", "brightness-gradient", "occlusion", "shear", "small-rotation", "translation",
      "salt-and-pepper", "stripes", "elastic",
    ] {
      let distorter = try Recipe.named(name).compiled(for: shape)
      let one = distorter.apply(to: set, seed: 1)
      #expect(distorter.apply(to: set, seed: 1 << 32 | 1) != one)
      #expect(distorter.apply(to: set, seed: 1, epoch: 1) != one)
      #expect(distorter.apply(to: set, seed: 1, firstIndex: 1) != one)
      #expect(distorter.apply(to: set, seed: 1, firstIndex: 1 << 32) != one)
    }
  }

  /// What an image's noise is doesn't depend on what was drawn for it before.
  @Test func noiseIsIndependentOfThePlan() throws {
    let shape = ImageSet.Shape(height: 28, width: 28, channels: 1)
    let grey = ImageSet(shape: shape, pixels: .init(repeating: 100, count: 784), name: "grey", source: "made")
    let alone = try Recipe.named("gaussian-noise").compiled(for: shape)
    let turned = try Recipe(
      name: "turned", steps: [.init(Rotation()), .init(BrightnessGradient(peak: 0...0)), .init(GaussianNoise())]
    )
    .compiled(for: shape)
    #expect(turned.apply(to: grey, seed: 2) == alone.apply(to: grey, seed: 2))
  }

  @Test(arguments: shapes)
  func identityLeavesBytesAlone(shape: ImageSet.Shape) throws {
    let set = ramp(shape)
    #expect(try Recipe.identity.compiled(for: shape).apply(to: set, seed: 1) == set)
  }

  @Test func noImages() throws {
    let shape = ImageSet.Shape(height: 28, width: 28, channels: 1)
    let none = ImageSet(shape: shape, pixels: [], labels: [], name: "none", source: "made")
    #expect(try Recipe.reportMultiple.compiled(for: shape).apply(to: none, seed: 1) == none)
  }

  /// 100 images of each built-in recipe, as every version and every CPU must make them.
  @Test(arguments: [
    ("report-single", 0x1f51_d61f_9c55_7a3b as UInt64),
    ("report-multiple", 0x9759_1089_a70f_7414),
    ("identity", 0x6c97_7347_72c5_7765),
    ("up-down-flip", 0xfd03_3d0f_2e57_1365),
    ("left-right-flip", 0x9c3b_92ad_8687_11e5),
    ("rotation", 0xe813_53a7_5b92_df25),
    ("gaussian-noise", 0x894c_d260_444e_4387),
    ("brightness-gradient", 0x7502_0185_4b8e_7981),
    ("occlusion", 0xddc7_bda4_39c0_7fcc),
    ("shear", 0x6f61_461a_156d_0ace),
    ("small-rotation", 0x3b3e_b383_6545_bc2a),
    ("translation", 0xdcea_0e64_0104_b766),
    ("blur", 0xe71d_2170_1902_06da),
    ("salt-and-pepper", 0x004f_18c6_b948_ebd0),
    ("contrast", 0x8b94_939d_4a6c_7aac),
    ("stripes", 0xbc27_5cb6_ef62_e615),
    ("elastic", 0xa645_c5d4_f07d_0cad),
    ("partly-damaged", 0x7aaa_1d58_d0cc_b281),
    ("everyday", 0xa032_f6d0_d85b_93e3),
    ("tiddu-training", 0x82cd_953f_f2c9_5828),
    ("tiddu-reading", 0x58f4_ebd6_d0ee_deb5),
    ("hands", 0xa825_f858_91a6_862c),
    ("strange-hands", 0xf04c_0dcc_f229_9028),
    ("tone-curve", 0x708f_f55e_5478_f759),
    ("impulse-noise", 0xb8d4_2e2c_34bd_d04e),
    ("speckle", 0xaf72_55cc_b161_90d2),
    ("lines", 0xc5af_b38d_0082_3973),
    ("motion-blur", 0x17b0_9b39_8947_c3ee),
    ("handwriting", 0xc68c_374f_d1b6_8093),
    ("on-pages", 0x015b_924f_7499_358b),
    ("denoising", 0x61b0_fb45_4864_8649),
  ])
  func pinnedBytes(recipe: String, checksum: UInt64) throws {
    let set = ramp(.init(height: 28, width: 28, channels: 1), count: 100)
    let distorted = try Recipe.named(recipe).compiled(for: set.shape).apply(to: set, seed: 2024, epoch: 1)
    // Fowler, Noll and Vo's hash, 1a, 64 bits.
    let hash = distorted.pixels.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    #expect(hash == checksum, "\(recipe) 0x\(String(hash, radix: 16))")
  }

  @Test func everyBuiltInRecipeIsPinned() {
    #expect(Recipe.builtIn.count == 31)
  }
}
