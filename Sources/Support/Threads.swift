import CKernels

#if canImport(Glibc)
  import Glibc
#endif

/// Loops on OpenMP's threads, the same that oneDNN computes on, so that the two never fight over the cores.
public enum Threads {
  /// The number of threads that oneDNN and `forEachRange` use on the calling thread unless told otherwise.
  public static var count: Int { Int(kernels_threads()) }

  /// Sets `count` for the calling thread, and has denormal floats flushed to zero on all of them: units that stay
  /// silent send an optimizer's moments into denormals, and those are several times slower.
  public static func use(_ count: Int) {
    precondition(count >= 1, "at least one thread is wanted")
    kernels_use_threads(Int32(clamping: count))
  }

  /// As `use`, for a number that the system may refuse: OpenMP itself would end the program.
  ///
  /// - Throws: `SystemError` where so many threads do not start.
  public static func start(_ count: Int) throws {
    let code = kernels_try_threads(Int32(clamping: count))
    guard code == 0 else {
      throw SystemError(
        operation: "start", path: "\(count) threads", reason: String(cString: strerror(code)),
        remedy: "Use --threads 1, or raise the limits on memory and processes (ulimit -v, ulimit -u).")
    }
    use(count)
  }

  /// Call in `main`: computes on one thread where as many as there are cores do not start.
  public static func limitToThoseThatStart() {
    if kernels_try_threads(Int32(clamping: count)) != 0 { kernels_use_threads(1) }
  }

  /// Call first in `main`: lets OpenMP's threads wait some microseconds for their next work, then sleep.
  ///
  /// Left alone they spin for milliseconds, which gains nothing on quiet cores and, when other programs want the
  /// cores, makes everything tens of times slower. OpenMP reads this once, when the program is loaded, so the program
  /// starts itself anew; whoever has set GOMP_SPINCOUNT or OMP_WAIT_POLICY is not overruled.
  public static func limitSpinning() {
    #if os(Linux)
      guard getenv("GOMP_SPINCOUNT") == nil, getenv("OMP_WAIT_POLICY") == nil else { return }
      setenv("GOMP_SPINCOUNT", "2000", 1)
      // Only where that fails does it go on, as it is. The arguments go as they came, also where they are no UTF-8.
      execv("/proc/self/exe", CommandLine.unsafeArgv)
    #endif
  }

  /// Calls `body` with ranges that together cover 0 ..< count, at most one a thread; returns when all are done.
  ///
  /// A loop with less than `2 × grain` turns runs on the calling thread alone.
  public static func forEachRange(
    of count: Int, grain: Int = 1, threads: Int? = nil, _ body: @Sendable (Range<Int>) -> Void
  ) {
    guard count > 0 else { return }
    let parts = max(1, min(threads ?? Self.count, count / max(1, grain)))
    guard parts > 1 else { return body(0..<count) }
    withoutActuallyEscaping(body) { body in
      var work = Work(count: count, body: body)
      withUnsafeMutablePointer(to: &work) { work in
        kernels_parallel(Int32(clamping: parts), UnsafeMutableRawPointer(work)) { part, parts, pointer in
          let work = pointer!.assumingMemoryBound(to: Work.self)
          work.pointee.run(part: Int(part), of: Int(parts))
        }
      }
    }
  }

  private struct Work {
    var count: Int
    var body: @Sendable (Range<Int>) -> Void

    func run(part: Int, of parts: Int) {
      let range = count * part / parts..<count * (part + 1) / parts
      if !range.isEmpty { body(range) }
    }
  }
}
