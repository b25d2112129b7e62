// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "corrector",
  dependencies: [.package(path: "../tiddu")],
  targets: [
    .executableTarget(name: "corrector", dependencies: [.product(name: "Tiddu", package: "tiddu")])
  ]
)
