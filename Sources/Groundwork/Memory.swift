#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How much memory this process may still ask for. Where an array of Swift's gets none, the program ends on the spot, so
/// large ones are asked about before.
public enum Memory {
  /// Bytes: the machine's, or less where a limit of the process (`ulimit -v`) or of its group (a container) leaves less.
  public static var available: Int {
    ([machine] + [addressSpace, group].compactMap(\.self)).min() ?? machine
  }

  /// - Parameters:
  ///   - what: what the bytes are for, as "a batch of 32".
  ///   - remedy: what takes less.
  /// - Throws: `ResourceError` where there are fewer.
  public static func check(_ bytes: Double, for what: String, remedy: String) throws(ResourceError) {
    let there = available
    guard bytes > Double(there) else { return }
    throw ResourceError(
      "\(what) takes \(size(bytes)) of memory, and there are \(size(Double(there)))", remedy: remedy)
  }

  static func size(_ bytes: Double) -> String {
    bytes < 1e8 ? "\(fixed(bytes / 1e6, 1)) MB" : "\(fixed(bytes / 1e9, 2)) GB"
  }

  private static var machine: Int { sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE)) }

  private static var addressSpace: Int? {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0, limit.rlim_cur < UInt64(Int.max),
      let pages = text("/proc/self/statm")?.split(separator: " ").first.flatMap({ Int($0) })
    else { return nil }
    return max(0, Int(limit.rlim_cur) - pages * sysconf(Int32(_SC_PAGESIZE)))
  }

  /// Of control groups, version 2 and 1.
  private static var group: Int? {
    let own = text("/proc/self/cgroup")?.split(separator: "\n").first { $0.hasPrefix("0::") }?.dropFirst(3) ?? "/"
    let folders = ["/sys/fs/cgroup\(own == "/" ? "" : own)", "/sys/fs/cgroup"]
    let places =
      folders.map { ("\($0)/memory.max", "\($0)/memory.current") }
      + [("/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.usage_in_bytes")]
    for (limit, used) in places {
      if let limit = number(limit) { return max(0, limit - (number(used) ?? 0)) }
    }
    return nil
  }

  private static func number(_ path: String) -> Int? { text(path).flatMap { Int($0.filter { !$0.isNewline }) } }

  private static func text(_ path: String) -> String? {
    (try? Folder.read(path)).map { String(decoding: $0, as: UTF8.self) }
  }
}
