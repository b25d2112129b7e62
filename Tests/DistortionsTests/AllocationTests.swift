import CAllocationCounter
import Distortions
import ImageSets
import TestSupport
import Testing

@Suite struct AllocationTests {
  @Test(arguments: Recipe.builtIn.map(\.name))
  func oneImageAllocatesNothing(recipe: String) throws {
    let set = TinyImages.ramp(count: 1, height: 28, width: 28)
    let distorter = try Recipe.named(recipe).compiled(for: set.shape)
    var target = set.pixels
    let count = set.pixels.withUnsafeBufferPointer { source in
      target.withUnsafeMutableBufferPointer { target in
        withUnsafeTemporaryAllocation(byteCount: max(1, distorter.scratchSize), alignment: 64) { scratch in
          func distort() {
            for index in 0..<20 {
              distorter.apply(
                to: source.baseAddress!, into: target.baseAddress!, scratch: scratch.baseAddress!, seed: 1, epoch: 1,
                index: index)
            }
          }
          // What Swift's runtime looks up once in a process' life is no image's.
          distort()
          allocation_counter_start()
          distort()
          return allocation_counter_stop()
        }
      }
    }
    #expect(count == 0)
  }
}
