import Foundation
let arguments = CommandLine.arguments
func option(_ n: String, _ d: Int) -> Int { arguments.firstIndex(of: n).flatMap { Int(arguments[$0+1]) } ?? d }
try TrainStep(batch: option("--batch", 32), threads: option("--threads", 2), steps: option("--steps", 1500), rounds: option("--rounds", 3)).run()
