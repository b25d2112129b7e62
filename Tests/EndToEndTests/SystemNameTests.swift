import Foundation
import Support
import TestSupport
import Testing

/// Files whose names are bytes and no UTF-8, as disks of other systems have them.
@Suite struct SystemNameTests {
  @Test(
    arguments: [
      [0x61, 0xE9, 0x2E], [0xFF], [0xC3, 0x28], [0xE0, 0xA4], [0xF4, 0x8F, 0xB8, 0x80], [0x80, 0xC3, 0xA9, 0x80],
    ] as [[UInt8]])
  func everyNameComesBack(bytes: [UInt8]) {
    let text = SystemName.text(bytes)
    #expect(text.systemBytes.dropLast().map(UInt8.init(bitPattern:)) == bytes)
  }

  @Test func folders() throws {
    try withTemporaryFolder { folder in
      let result = try Tiddu.shell(
        """
        n=$(printf 'caf\\xe9'); mkdir "$n"; tiddu data synthesize --count 3 --into d.npz >/dev/null
        tiddu data convert d.npz "$n/in" >/dev/null; mv "$n"/in/0/*.png "$n/in/0/$n.png"
        tiddu data info "$n/in" && tiddu distort "$n/in" --recipe report-single --into "$n/out" --json
        ls -b "$n/out/0"; tiddu data info "$n/none"
        """, in: folder)
      #expect(result.output.contains("3 images of 28×28×1"), "\(result.errors)")
      #expect(result.output.contains("caf\\351.png"), "\(result.output)")
      #expect(result.errors.contains("caf\\xE9/none"), "\(result.errors)")
      #expect(result.status == 74)
    }
  }
}
