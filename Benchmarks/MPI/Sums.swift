import Foundation
import MPI
import Restoration
import Support

/// The time of one sum of floats over all ranks, from one to four million; report-final has 863,312 of them.
func measureSums(_ communicator: Communicator) throws {
  for count in [1, 1 << 8, 1 << 12, 1 << 16, 1 << 18, 863_312, 1 << 22] {
    let numbers = UnsafeMutableBufferPointer<Float>.allocate(capacity: count)
    numbers.initialize(repeating: 0)
    defer { numbers.deallocate() }
    var times: [Double] = []
    for _ in 0..<220 {
      _ = try communicator.gather([])
      let start = ContinuousClock.now
      try communicator.sum(numbers)
      times.append((ContinuousClock.now - start) / .microseconds(1))
    }
    let sorted = times.dropFirst(20).sorted()
    guard communicator.isFirst else { continue }
    print(
      "{\"ranks\": \(communicator.size), \"floats\": \(count), \"least_us\": \(fixed(sorted[0], 1)), "
        + "\"median_us\": \(fixed(sorted[sorted.count / 2], 1))}")
  }
}
