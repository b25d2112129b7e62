#if canImport(Glibc)
  import Glibc
#endif

/// What others do with the machine's cores while this process works: Linux says how long each core was busy, and how long
/// this process ran.
package struct CoreUse: Sendable {
  private let busy: Double
  private let own: Double
  private let time: ContinuousClock.Instant

  /// From now on; nil where the system does not say it.
  package init?() {
    guard let busy = Self.busySeconds else { return nil }
    (self.busy, own, time) = (busy, Self.ownSeconds, .now)
  }

  /// How many cores other programs have used since, on average; nil where the system does not say it.
  package var byOthers: Double? {
    let seconds = (ContinuousClock.now - time) / .seconds(1)
    guard let busy = Self.busySeconds, seconds > 0.05 else { return nil }
    return max(0, busy - self.busy - (Self.ownSeconds - own)) / seconds
  }

  /// Of all cores together since the machine started.
  private static var busySeconds: Double? {
    guard let bytes = try? Folder.read("/proc/stat"),
      let line = String(decoding: bytes, as: UTF8.self).split(separator: "\n").first, line.hasPrefix("cpu ")
    else { return nil }
    // user, nice, system, idle, waiting, interrupts, soft interrupts, stolen
    let ticks = line.split(separator: " ").dropFirst().prefix(8).compactMap { Double($0) }
    guard ticks.count == 8 else { return nil }
    return (ticks.reduce(0, +) - ticks[3] - ticks[4]) / Double(sysconf(Int32(_SC_CLK_TCK)))
  }

  private static var ownSeconds: Double {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) * 1e-6 }
    return seconds(usage.ru_utime) + seconds(usage.ru_stime)
  }
}

package enum ProcessorName {
  /// The processor's own name; nil where the system does not say it.
  package static var own: String? {
    guard let bytes = try? Folder.read("/proc/cpuinfo") else { return nil }
    let line = String(decoding: bytes, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("model name") }
    return line?.split(separator: ":", maxSplits: 1).last.map { String($0.drop { $0 == " " }) }
  }
}
