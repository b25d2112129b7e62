// swift-tools-version: 6.1
import PackageDescription

/// Programs that use Tiddu as a library, as a stranger would: only what is public.
let package = Package(
  name: "tiddu-examples",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "tiddu", path: "..")],
  targets: [
    .executableTarget(name: "restore-folder", dependencies: [.product(name: "Tiddu", package: "tiddu")]),
    .executableTarget(name: "train-and-plot", dependencies: [.product(name: "Tiddu", package: "tiddu")]),
    .executableTarget(name: "own-distortion", dependencies: [.product(name: "Tiddu", package: "tiddu")]),
    .executableTarget(name: "own-layer", dependencies: [.product(name: "Tiddu", package: "tiddu")]),
    .executableTarget(name: "batch-job", dependencies: [.product(name: "Tiddu", package: "tiddu")]),
    .executableTarget(name: "call-service"),
  ],
  swiftLanguageModes: [.v6]
)
