import CKernels
@preconcurrency import Glibc

/// How much memory this process may still ask for. Where an array of Swift's gets none, the program ends on the spot, so
/// large ones are asked about before.
package enum Memory {
  /// Bytes: the machine's, or less where a limit of the process (`ulimit -v`) or of its group (a container) leaves less.
  package static var available: Int {
    ([machine] + [limit(RLIMIT_AS, field: 0), limit(RLIMIT_DATA, field: 5), group].compactMap(\.self)).min() ?? machine
  }

  /// - Parameters:
  ///   - what: what the bytes are for, as "a batch of 32".
  ///   - remedy: what takes less.
  /// - Throws: `ResourceError` where there are fewer.
  package static func check(_ bytes: Double, for what: String, remedy: String) throws(ResourceError) {
    let there = available
    guard bytes > Double(there) else { return }
    throw ResourceError(
      "\(what) takes \(size(bytes)) of memory, and there are \(size(Double(there)))", remedy: remedy)
  }

  /// Whether some megabytes can be had. Swift's arrays and the libraries' own small things end the program where they get
  /// none, so large pieces are refused before that. It costs two calls of the system.
  package static var hasHeadroom: Bool {
    let size = 32 << 20
    guard let place = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), place != MAP_FAILED
    else { return false }
    munmap(place, size)
    return true
  }

  /// Call in `main`: where the program is ended all the same for want of memory, it says so in two lines and ends with the
  /// status of a `ResourceError`.
  package static func endQuietlyWithout() {
    let error = ResourceError("no memory is left", remedy: ResourceError.lessMemory)
    // Never freed: it may be wanted at any time.
    kernels_end_quietly_without_memory(strdup("tiddu: \(error)\n"), 71)
  }

  static func size(_ bytes: Double) -> String {
    bytes < 1e8 ? "\(fixed(bytes / 1e6, 1)) MB" : "\(fixed(bytes / 1e9, 2)) GB"
  }

  private static var machine: Int { sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE)) }

  /// What a limit of the process leaves.
  ///
  /// - Parameter field: where /proc/self/statm has the pages that count.
  private static func limit(_ kind: __rlimit_resource, field: Int) -> Int? {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(kind.rawValue), &limit) == 0, limit.rlim_cur < UInt64(Int.max),
      let used = used(field)
    else { return nil }
    return max(0, Int(limit.rlim_cur) - used)
  }

  /// Bytes, by the pages that stand in /proc/self/statm: 0 of addresses, 1 resident, 5 of data.
  private static func used(_ field: Int) -> Int? {
    guard let fields = text("/proc/self/statm")?.split(whereSeparator: \.isWhitespace), fields.count > field else {
      return nil
    }
    return Int(fields[field]).map { $0 * sysconf(Int32(_SC_PAGESIZE)) }
  }

  /// What the control group's limit leaves, of version 2 or 1, or that of a group above it. What the group has in use is
  /// not asked: that has files in it which the system lets go when it wants.
  private static var group: Int? {
    var limits: [Int] = []
    for line in text("/proc/self/cgroup")?.split(separator: "\n") ?? [] {
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3, fields[1].isEmpty || fields[1].split(separator: ",").contains("memory") else { continue }
      let isSecond = fields[1].isEmpty
      let root = isSecond ? "/sys/fs/cgroup" : "/sys/fs/cgroup/memory"
      var path = fields[2].hasSuffix("/") ? fields[2].dropLast() : fields[2]
      while true {
        if let limit = number("\(root)\(path)/\(isSecond ? "memory.max" : "memory.limit_in_bytes")") {
          limits.append(limit)
        }
        guard let cut = path.lastIndex(of: "/") else { break }
        path = path[..<cut]
      }
    }
    return limits.min().map { max(0, $0 - (used(1) ?? 0)) }
  }

  private static func number(_ path: String) -> Int? { text(path).flatMap { Int($0.filter { !$0.isNewline }) } }

  private static func text(_ path: String) -> String? {
    (try? Folder.read(path)).map { String(decoding: $0, as: UTF8.self) }
  }
}

extension ResourceError {
  /// Memory of so many bytes that is the caller's to free, aligned to 64; throws where there is none, or where nothing would
  /// be left beside it for what cannot be refused.
  package static func allocate(bytes: Int) throws(ResourceError) -> UnsafeMutableRawPointer {
    guard let memory = aligned_alloc(64, (max(bytes, 1) + 63) / 64 * 64) else {
      throw ResourceError("no memory is left for \(grouped(bytes)) bytes", remedy: lessMemory)
    }
    guard bytes < 1 << 16 || Memory.hasHeadroom else {
      free(memory)
      throw ResourceError("no memory is left beside \(grouped(bytes)) bytes", remedy: lessMemory)
    }
    return memory
  }
}
