import CMPI
import Support

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What MPI said when it refused something.
package struct MPIError: Error, Equatable, Sendable, CustomStringConvertible {
  /// An infinitive: "add over all ranks".
  package var operation: String
  package var reason: String
  package var description: String { "MPI cannot \(operation): \(reason)" }
}

/// All processes that mpirun started, as one of them sees them. There is one `Communicator` in a process, used by the thread
/// that made it; started without mpirun, it has one rank.
package final class Communicator {
  /// This process' number, from 0.
  package let rank: Int
  /// How many processes there are.
  package let size: Int
  /// How many of them run on this machine.
  package let localSize: Int
  /// The machine's name.
  package let host: String
  /// Messages that were sent and may not have gone yet.
  var pendingSends: [PendingSend] = []

  /// Joins the other processes, and waits for them. Throws `MPIError`.
  package init() throws {
    try check(cmpi_start(), "start")
    func number(_ read: (UnsafeMutablePointer<Int32>) -> Int32) throws -> Int {
      var value: Int32 = 0
      try check(read(&value), "count the processes")
      return Int(value)
    }
    (rank, size, localSize) = (try number(cmpi_rank), try number(cmpi_size), try number(cmpi_local_size))
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, name.count - 1)
    host = name.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
  }

  /// Leaves the others and ends this process; every rank must, or all wait for it.
  package func leave(status: Int32) -> Never {
    waitForMessages()
    MPI_Finalize()
    exit(status)
  }

  /// Ends all processes at once, without waiting for any.
  package func abort(status: Int32) -> Never {
    _ = cmpi_abort(status)
    exit(status)
  }

  /// Threads for each rank: the cores that it may use, at most its share of its machine's, at least one; the least of
  /// all ranks. mpirun binds two ranks to a core each, and more to all cores of a socket. Throws `MPIError`.
  package func threadsForEach() throws -> Int {
    // Unless OMP_NUM_THREADS says otherwise, the cores that the process is bound to are counted.
    let cores = Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    var least = Int32(clamping: min(Threads.count, max(1, cores / localSize)))
    try check(cmpi_least(&least), "compare the numbers of cores")
    return Int(least)
  }
}

/// Throws the `MPIError` that `code` stands for.
func check(_ code: Int32, _ operation: String) throws {
  guard code != cmpi_success else { return }
  var (text, length) = ([CChar](repeating: 0, count: Int(cmpi_longest_text) + 1), Int32(0))
  _ = cmpi_explain(code, &text, &length)
  let reason = text.prefix(Int(length)).map { UInt8(bitPattern: $0) }
  throw MPIError(operation: operation, reason: String(decoding: reason, as: UTF8.self))
}
