import Distortions
import Evaluation
import ImageSets
import Support
import TestSupport
import Testing

@Suite struct KannadaMNISTCTests {
  @Test func fifteenCorruptionsInFiveSeverities() throws {
    #expect(KannadaMNISTC.title == "Kannada-MNIST-C, version 1")
    let corruptions = KannadaMNISTC.corruptions
    #expect(corruptions.count { $0.group == .report } == 7 && corruptions.count { $0.group == .heldOut } == 8)
    #expect(Set(corruptions.map(\.name)).count == 15 && Set(corruptions.map(\.seed)).count == 15)
    for corruption in corruptions {
      #expect(corruption.severities == 1...5)
      #expect(corruption.recipe(severity: 0).steps.isEmpty)
      for severity in 1...5 {
        let recipe = corruption.recipe(severity: severity)
        try recipe.validate()
        #expect(recipe.name == "\(corruption.name)-\(severity)")
      }
    }
  }

  @Test func severityThreeIsTheReports() {
    func steps(_ name: String) -> [Recipe.Step]? {
      KannadaMNISTC.corruptions.first { $0.name == name }?.recipe(severity: 3).steps
    }
    #expect(steps("gaussian-noise") == [.init(GaussianNoise())])
    #expect(steps("brightness-gradient") == [.init(BrightnessGradient())])
    #expect(steps("occlusion") == [.init(Occlusion())])
    #expect(steps("report-multiple") == Recipe.reportMultiple.steps)
    #expect(steps("rotation") == [.init(Rotation(), probability: 0.6)])
  }

  @Test func flipsComeToAFifthMoreOfTheImagesEachTime() throws {
    let set = SyntheticDigits().imageSet(.test, first: 2000)
    for corruption in KannadaMNISTC.corruptions.prefix(3) {
      var before = Set<Int>()
      for severity in 1...5 {
        let pixels = try corruption.recipe(severity: severity).compiled(for: set.shape)
          .apply(to: set, seed: corruption.seed).pixels
        let changed = Set(
          (0..<set.count).filter { pixels[$0 * 784..<($0 + 1) * 784] != set.pixels[$0 * 784..<($0 + 1) * 784] })
        #expect(abs(Double(changed.count) / 2000 - Double(severity) / 5) < 0.045, "\(corruption.name) \(severity)")
        #expect(changed.isSuperset(of: before))
        before = changed
      }
    }
  }

  private func checksums(of set: ImageSet) throws -> [String: [UInt64]] {
    try KannadaMNISTC.corruptions.reduce(into: [:]) { sums, corruption in
      sums[corruption.name] = try corruption.severities.map { severity in
        try corruption.recipe(severity: severity).compiled(for: set.shape).apply(to: set, seed: corruption.seed)
          .checksum
      }
    }
  }

  /// 100 synthetic images of every set. Whoever changes a byte makes another benchmark, which wants another version.
  @Test func everySetIsPinned() throws {
    let sums = try checksums(of: SyntheticDigits().imageSet(.test, first: 100))
    for (name, pinned) in Self.pinned { #expect(sums[name] == pinned, "\(name)") }
    #expect(Set(sums.keys) == Set(Self.pinned.keys))
  }

  /// One sum over the sums of all 75 sets of Kannada-MNIST's test part.
  @Test(.enabled(if: RealData.isThere)) func theRealSetsArePinned() throws {
    let sums = try checksums(of: Dataset.open(RealData.root).load(.test))
    let all = KannadaMNISTC.corruptions.flatMap { sums[$0.name] ?? [] }
    #expect(all.count == 75)
    #expect(all.map(\.littleEndian).withUnsafeBytes(Checksum.of) == 0x1461_67cc_b119_5d0c)
  }

  private static let pinned: [String: [UInt64]] = [
    "up-down-flip": [
      0x5d83_91c4_c91a_d7fe, 0xf244_8ca0_6ddc_35e4, 0x745b_73e0_e6ad_b852, 0x67f6_2d32_a81e_b0b5,
      0x06b7_7fd3_36d4_191e,
    ],
    "left-right-flip": [
      0x0727_2f3b_94fa_ea34, 0x6553_8917_9255_5c4f, 0x9e0a_61bc_a960_1ee8, 0x3924_e8b7_278f_d493,
      0x722b_ea27_6058_ff04,
    ],
    "rotation": [
      0x638a_3ce7_fc0a_7aab, 0xc56e_f9e8_122f_8ba2, 0xe484_6c2e_fc9d_c089, 0x104c_f727_a183_cc11,
      0xcdc1_06f0_2d04_b741,
    ],
    "gaussian-noise": [
      0x1aef_bd2d_93aa_9161, 0x31a4_35dc_3008_6522, 0xbf81_fe16_d8a9_de13, 0xbacb_1279_3c2c_4ab9,
      0xbeb2_7011_5e02_e811,
    ],
    "brightness-gradient": [
      0x905b_bf17_3bdc_1443, 0x2734_5e9b_2d5c_a15d, 0xa3b9_f3d9_e619_822c, 0x82cb_c4d8_f76c_8ce5,
      0xedca_7881_828f_6228,
    ],
    "occlusion": [
      0xf57e_dcb8_e252_f54d, 0x18cb_8c2b_a9b4_f736, 0xd562_91e7_6416_170d, 0x7e10_407f_13f8_702b,
      0xb576_9d3e_ceb5_09d4,
    ],
    "report-multiple": [
      0xa8b4_874e_166d_5abe, 0x74ee_7b67_6303_784a, 0xaddb_507e_e1f0_a195, 0xd776_e8be_b181_e4b5,
      0x0c19_f453_1c37_df23,
    ],
    "shear": [
      0xfc39_5fb2_d18a_82bd, 0x056d_63ac_1f81_3afd, 0x6bc5_d036_d37c_0f96, 0x329c_3c15_db8e_bd30,
      0x204d_3e80_95fc_525e,
    ],
    "small-rotation": [
      0xd0dc_7aaf_6921_3597, 0x8d3e_5a62_e99d_5369, 0x151d_b9c4_0fa3_75e8, 0x1cce_a61f_dc23_5156,
      0xed91_cc1a_b399_2696,
    ],
    "translation": [
      0x9ef0_ec49_3dc0_4879, 0xeaa0_0498_e6e4_abce, 0x9f74_b9c0_ca06_f09d, 0xf3fe_4841_8648_ac7b,
      0x91d0_a7fd_3589_9d3f,
    ],
    "blur": [
      0xbb08_ab9c_c14d_e024, 0x200c_23bb_8c52_4365, 0x75a9_f22b_d140_d897, 0x96f4_9404_38c9_af30,
      0x2679_6e40_66a5_207d,
    ],
    "salt-and-pepper": [
      0xa56a_3bce_20fc_7ab4, 0xb245_bf01_4dfa_8cb0, 0xdc54_db12_7117_1ac6, 0x0cc0_2ad0_f453_54b7,
      0xfb8c_c372_1677_f48c,
    ],
    "contrast": [
      0x18d3_9f85_3a66_511a, 0x9786_4a06_269c_63a3, 0x01ec_ba53_7258_ede3, 0x1ef7_25c6_2747_1f4b,
      0x9c8c_2230_93e2_dc5e,
    ],
    "stripes": [
      0xac87_1157_6f95_d94e, 0x0224_f078_7033_ba33, 0xf606_91b9_9f1e_7d6b, 0x5ec9_a2b9_0c53_ea1f,
      0x2f0a_8aa9_360d_71a6,
    ],
    "elastic": [
      0xb96d_2f0b_f0e4_a4de, 0xfbef_3374_e78c_c4d1, 0x8fcd_435a_867c_02f5, 0xbbc1_5800_dfc4_1771,
      0x0172_7056_2219_eaf2,
    ],
  ]
}
