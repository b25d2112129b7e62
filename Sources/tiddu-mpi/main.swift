import Commands
import MPI
import Restoration
import Search

/// The processes that mpirun started.
struct WorldMachines: Machines {
  let world: World
  let threads: Int
  var collective: any Collective { world }
  var post: any Post { world }

  init() throws {
    world = try World()
    threads = try world.threadsForEach()
  }

  func prepareLastWords(_ text: String) { world.prepareLastWords(text) }
  func leave(status: Int32) -> Never { world.leave(status: status) }
  func abort(status: Int32) -> Never { world.abort(status: status) }
}

CommandLineTool.run(joining: WorldMachines.init)
