// Trains a model on a folder of images and draws its learning curves: train-and-plot IMAGES
//
// Without an argument it trains on digits of the synthetic writer.

import Distortions
import Figures
import Foundation
import ImageSets
import Restoration

let images: ImageSet
if let folder = CommandLine.arguments.dropFirst().first {
  images = try Dataset.open(folder).load(.train)
} else {
  images = SyntheticDigits().imageSet(writers: 0..<40, perWriter: 10)
}

var plan = try TrainingPlan(preset: "report-final", for: images)
plan.epochs = 5
plan.validationShare = 0.2
plan.recipe = try Recipe(
  yaml: """
    name: turned-and-noisy
    steps:
      - one-of: [rotation, left-right-flip]
        probability: 0.5
      - gaussian-noise: {sigma: 40}
    """)

let folder = "runs/example-\(ProcessInfo.processInfo.processIdentifier)"
let trainer = try Trainer(plan, images: images, into: folder)
for try await event in trainer.events() {
  if case .epoch(let record, let timing, _) = event {
    print("epoch \(record.epoch): loss \(record.loss), \(Int(timing.imagesPerSecond)) images/s")
  }
}

let records = trainer.records
let curves = LearningCurves(
  epochs: records.map { Double($0.epoch) },
  panels: [
    .init(
      title: "loss",
      lines: [
        .init(label: "training", values: records.map(\.loss)),
        .init(label: "validation", values: records.map { $0.validationLoss ?? .nan }),
      ])
  ],
  caption: "\(plan.architecture.name) on \(images.count) images")
try curves.write(to: "\(folder)/curves.png")

// What came of it, on ten of the images.
let few = images.selecting(Array(0..<10))
let damaged = try plan.recipe.distort(few, seed: 2)
let restored = try Restorer(contentsOf: folder).restore(damaged)
for (name, set) in [("clean", few), ("distorted", damaged), ("restored", restored)] {
  try StoredImages(set).write(to: "\(folder)/\(name)")
}
print("\(folder): best.safetensors, curves.png, and clean, distorted and restored images")
