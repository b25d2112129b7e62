import Commands
import MPI
import Restoration
import Search

/// The processes that mpirun started.
struct MPIProcesses: ProcessGroup {
  let communicator: Communicator
  let threads: Int
  var collective: any Collective { communicator }
  var channel: any MessageChannel { communicator }

  init() throws {
    communicator = try Communicator()
    threads = try communicator.threadsForEach()
  }

  func prepareAbortMessage(_ text: String) { communicator.prepareAbortMessage(text) }
  func leave(status: Int32) -> Never { communicator.leave(status: status) }
  func abort(status: Int32) -> Never { communicator.abort(status: status) }
}

CommandLineTool.run(joining: MPIProcesses.init)
