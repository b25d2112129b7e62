// A job that shows its progress and can be cancelled: training that is broken off after a second and then gone on with,
// and a folder's worth of images restored by several tasks that share one restorer.

import Distortions
import Foundation
import ImageSets
import Restoration

let images = SyntheticDigits().imageSet(writers: 0..<30, perWriter: 10)
var plan = try TrainingPlan(preset: "report-dense-3-32-bce", for: images)
(plan.epochs, plan.distortsEachEpoch) = (400, true)
let folder = "runs/job-\(ProcessInfo.processInfo.processIdentifier)"

let job = Task {
  let trainer = try Trainer(plan, images: images, into: folder)
  for try await event in trainer.events() {
    if case .progress(let epoch, let done, let all, let loss, _, _) = event, done == all {
      print("epoch \(epoch) of \(plan.epochs), loss \(loss)")
    }
  }
}
try await Task.sleep(for: .seconds(1))
job.cancel()
do {
  try await job.value
  print("all \(plan.epochs) epochs in a second")
} catch is CancellationError {
  print("broken off")
}

// What was done so far is whole; with the same images it goes on as if nothing had happened.
let resumed = try Trainer(resuming: folder, images: images)
let before = resumed.records.count
try resumed.train(until: before + 1)
print("gone on from epoch \(before) to \(resumed.records.count)")

let restorer = try Restorer(contentsOf: folder)
try await withThrowingTaskGroup(of: Int.self) { group in
  for batch in 0..<4 {
    group.addTask {
      let part = SyntheticDigits().imageSet(writers: batch * 10..<(batch + 1) * 10, perWriter: 10)
      return try restorer.restore(Recipe.reportMultiple.distort(part, seed: UInt64(batch))).count
    }
  }
  var done = 0
  for try await count in group {
    done += count
    print("\(done) images restored")
  }
}
