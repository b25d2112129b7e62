import Report
import Restoration
import Support

/// A reproduction's progress on standard error: a line for each part done, one that moves for the part at work.
final class ReproductionDisplay {
  private let line = ProgressLine(plainInterval: .seconds(10))
  private var part = ""

  init(of scale: Scale) { line.finish("Reproducing the report at the scale \(scale.name).") }

  func show(_ event: Reproduction.Event) {
    switch event {
    case .begin(let part):
      let number = (ReproductionPart.allCases.firstIndex(of: part) ?? 0) + 1
      self.part = "\(number)/\(ReproductionPart.allCases.count) \(part.title)"
      line.show(self.part, always: true)
    case .reused(let part, let seconds):
      line.finish("\(part.title): done before, in \(TrainingDisplay.time(seconds))")
    case .finished(_, let seconds): line.finish("\(part): \(TrainingDisplay.time(seconds))")
    case .training(let plan, .progress(let epoch, let done, let all, let loss, _, _)):
      let share = Double(done) / Double(max(all, 1))
      line.show(
        "\(part): epoch \(epoch)/\(plan.epochs) \(ProgressLine.bar(share)) loss \(fixed(loss, 4))")
    case .training: break
    case .searching(let done, let all, let latest):
      line.show("\(part) \(ProgressLine.bar(Double(done) / Double(max(all, 1)))) \(done) of \(all), \(latest)")
    case .reading(let progress):
      line.show("\(part): \(progress.set), \(progress.row), \(grouped(progress.done)) of \(grouped(progress.total))")
    }
  }

  func end() { line.end() }
}
