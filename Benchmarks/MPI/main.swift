import Foundation
import MPI
import Restoration
import Support

/// How long sums over all ranks take, and whether messages arrive; rank 0 prints a JSON object a line.
let benchmarks: [String: (Communicator) throws -> Void] = ["all-reduce": measureSums, "messages": exchangeMessages]

let communicator = try Communicator()
guard CommandLine.arguments.count == 2, let benchmark = benchmarks[CommandLine.arguments[1]] else {
  if communicator.isFirst {
    FileHandle.standardError.write(
      Data("usage: mpirun -n RANKS tiddu-mpi-bench \(benchmarks.keys.sorted().joined(separator: "|"))\n".utf8))
  }
  communicator.leave(status: 64)
}
do { try benchmark(communicator) } catch {
  FileHandle.standardError.write(Data("\(error)\n".utf8))
  communicator.abort(status: 1)
}
communicator.leave(status: 0)
