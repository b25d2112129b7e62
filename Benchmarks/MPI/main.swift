import Foundation
import Groundwork
import MPI
import Restoration

Threads.limitSpinning()

/// How long sums over all ranks take, and whether messages arrive; rank 0 prints a JSON object a line.
let benchmarks: [String: (World) throws -> Void] = ["all-reduce": measureSums, "messages": exchangeMessages]

let world = try World()
guard CommandLine.arguments.count == 2, let benchmark = benchmarks[CommandLine.arguments[1]] else {
  if world.isFirst {
    FileHandle.standardError.write(
      Data("usage: mpirun -n RANKS tiddu-mpi-bench \(benchmarks.keys.sorted().joined(separator: "|"))\n".utf8))
  }
  world.leave(status: 64)
}
do { try benchmark(world) } catch {
  FileHandle.standardError.write(Data("\(error)\n".utf8))
  world.abort(status: 1)
}
world.leave(status: 0)
