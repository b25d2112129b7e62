import Foundation

/// The most that this process has had in memory, since `forgetPeakMemory` or its start, in MB of 2²⁰ bytes.
func peakMemory() -> Double {
  var usage = rusage()
  getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
  return Double(usage.ru_maxrss) / 1024
}

/// From now on `peakMemory` counts anew, beginning with what is in memory now; where that cannot be had, it goes on.
func forgetPeakMemory() {
  guard let file = fopen("/proc/self/clear_refs", "w") else { return }
  fputs("5", file)
  fclose(file)
}
