import ImageSets
import TestSupport
import Testing

@Suite struct PixelScalingTests {
  @Test func thereAndBack() {
    for byte in UInt8.min...UInt8.max {
      #expect(PixelScaling.number(byte) == Float(byte) / 255)
      #expect(PixelScaling.byte(PixelScaling.number(byte)) == byte)
    }
  }

  @Test(
    arguments: [
      (-1, 0), (2, 255), (0.001, 0), (0.003, 1), (0.999, 255), (.infinity, 255), (-.infinity, 0), (.nan, 0),
    ] as [(Float, UInt8)])
  func roundsAndCuts(number: Float, byte: UInt8) {
    #expect(PixelScaling.byte(number) == byte)
  }

  @Test func oneImageOfASet() {
    let set = TinyImages.ramp(count: 3, height: 2, width: 4, channels: 3)
    #expect(set.numbers(of: 1) == set.pixels[24..<48].map { Float($0) / 255 })
  }
}
