// swift-tools-version: 6.1
import PackageDescription

/// A C library from the system's packages (`make deps` installs them all).
func systemLibrary(_ name: String, pkgConfig: String? = nil, apt: String) -> Target {
  .systemLibrary(
    name: name, path: "Sources/CLibraries/\(name)", pkgConfig: pkgConfig, providers: [.apt([apt])])
}

func tests(of name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.init(stringLiteral: name), "TestSupport"] + dependencies,
    exclude: name == "Interchange" ? ["Judges"] : [])
}

let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

/// The HTTP service is part of the package where this is set, as `make serve` does: its packages take minutes to fetch and
/// build, and who only trains and restores must not wait for them.
let withService = Context.environment["TIDDU_SERVICE"] == "1"

let package = Package(
  name: "tiddu",
  platforms: [.macOS(.v15)],
  products: [
    // What others build on: `import Restoration`, and beside it what a program uses of the others.
    .library(
      name: "Tiddu",
      targets: [
        "Restoration", "Evaluation", "Distortions", "ImageSets", "NeuralNetworks", "Figures", "Interchange", "Support",
      ]),
    // For other languages; Python's package is made of it.
    .library(name: "tiddu-c", type: .dynamic, targets: ["CInterface"]),
    .executable(name: "tiddu", targets: ["tiddu"]),
    .executable(name: "tiddu-mpi", targets: ["tiddu-mpi"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
  ],
  targets: [
    systemLibrary("CZlib", pkgConfig: "zlib", apt: "zlib1g-dev"),
    systemLibrary("CZip", pkgConfig: "libzip", apt: "libzip-dev"),
    systemLibrary("CSPNG", pkgConfig: "spng", apt: "libspng-dev"),
    systemLibrary("CTurboJPEG", pkgConfig: "libturbojpeg", apt: "libturbojpeg0-dev"),
    systemLibrary("CTIFF", pkgConfig: "libtiff-4", apt: "libtiff-dev"),
    systemLibrary("CWebP", pkgConfig: "libwebp", apt: "libwebp-dev"),
    systemLibrary("CCairo", pkgConfig: "cairo", apt: "libcairo2-dev"),
    systemLibrary("CCurl", apt: "libcurl4-openssl-dev"),
    systemLibrary("CCrypto", pkgConfig: "libcrypto", apt: "libssl-dev"),
    systemLibrary("CLeptonica", pkgConfig: "lept", apt: "libleptonica-dev"),
    systemLibrary("CHDF5", pkgConfig: "hdf5-serial", apt: "libhdf5-dev"),
    // Without pkg-config, so that who builds only `tiddu` is told nothing about it.
    systemLibrary("CMPI", apt: "libopenmpi-dev"),

    .target(name: "CKernels", linkerSettings: [.linkedLibrary("m")]),
    .target(name: "Support", dependencies: ["CKernels"]),
    .target(name: "Safetensors", dependencies: ["Support"]),
    .target(name: "NeuralNetworks", dependencies: ["CKernels", "Support"]),
    .target(
      name: "ImageSets",
      dependencies: [
        "CKernels", "Support", "CZlib", "CZip", "CSPNG", "CTurboJPEG", "CTIFF", "CWebP", "CCurl", "CCrypto",
      ]),
    .target(name: "Distortions", dependencies: ["ImageSets", "Support", "CKernels", yams]),
    .target(name: "Pages", dependencies: ["ImageSets", "Support", "CLeptonica"]),
    .target(
      name: "Restoration",
      dependencies: [
        "NeuralNetworks", "Distortions", "ImageSets", "Pages", "Safetensors", "Support", "CKernels",
      ]),
    .target(name: "CHDF5Files", dependencies: ["CHDF5"], path: "Sources/CLibraries/CHDF5Files"),
    .target(name: "Evaluation", dependencies: ["Restoration", "Distortions", "ImageSets", "Support"]),
    .target(
      name: "Report",
      dependencies: [
        "Search", "Evaluation", "Figures", "Restoration", "NeuralNetworks", "Distortions", "ImageSets", "Support",
      ]),
    .target(name: "Figures", dependencies: ["ImageSets", "Pages", "Support", "CCairo"]),
    .target(
      name: "Search",
      dependencies: [
        "Evaluation", "Restoration", "Distortions", "ImageSets", "NeuralNetworks", "Support",
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    .target(
      name: "Interchange",
      dependencies: [
        "CHDF5Files", "Search", "Restoration", "NeuralNetworks", "Distortions", "ImageSets", "Safetensors", "Support",
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    .target(
      name: "Commands",
      dependencies: [
        "Report", "Search", "Restoration", "Evaluation", "Figures", "Distortions", "ImageSets", "Interchange",
        "NeuralNetworks", "Pages", "Support", arguments,
      ]),
    systemLibrary("CTiddu", apt: "libc6-dev"),
    .target(name: "CInterface", dependencies: ["CTiddu", "Restoration", "Distortions", "ImageSets", "Support"]),
    .executableTarget(name: "tiddu", dependencies: ["Commands"]),
    .target(name: "MPI", dependencies: ["CMPI", "Search", "Restoration", "Support"]),
    .executableTarget(name: "tiddu-mpi", dependencies: ["Commands", "MPI", "Search", "Restoration", "Support"]),
    .executableTarget(
      name: "tiddu-mpi-bench", dependencies: ["MPI", "Restoration", "Support"], path: "Benchmarks/MPI"),
    .executableTarget(
      name: "tiddu-bench",
      dependencies: ["Restoration", "Distortions", "Figures", "ImageSets", "NeuralNetworks", "Support"],
      path: "Benchmarks/Sources"),

    .target(name: "TestSupport", dependencies: ["ImageSets", "Safetensors", "Support"]),
    tests(of: "Support"),
    tests(of: "Safetensors"),
    .target(name: "CAllocationCounter", path: "Tests/CAllocationCounter"),
    tests(of: "NeuralNetworks", ["CAllocationCounter", "Safetensors"]),
    tests(of: "ImageSets"),
    tests(of: "Pages", ["ImageSets", "Support"]),
    tests(of: "Distortions", ["CAllocationCounter", "ImageSets", "Support", "CKernels"]),
    tests(of: "Restoration", ["NeuralNetworks", "Distortions", "ImageSets", "Pages", "Safetensors"]),
    tests(
      of: "Interchange",
      ["Search", "Restoration", "NeuralNetworks", "Distortions", "ImageSets", "Safetensors", "Support"]),
    tests(of: "Evaluation", ["Distortions", "ImageSets"]),
    tests(of: "Figures", ["ImageSets", "Pages", "Support"]),
    tests(
      of: "Search",
      [
        "Restoration", "NeuralNetworks", "Distortions", "ImageSets", "Support",
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    tests(of: "Report", ["Evaluation", "ImageSets", "Restoration", "Support"]),
    .target(
      name: "Fuzzing",
      dependencies: [
        "Search", "Interchange", "Restoration", "NeuralNetworks", "Distortions", "ImageSets", "Safetensors", "Support",
      ],
      path: "Tests/Fuzzing"),
    .testTarget(name: "FuzzingTests", dependencies: ["Fuzzing", "Support"], exclude: ["Corpus"]),
    .testTarget(name: "EndToEndTests", dependencies: ["Report", "ImageSets", "TestSupport"], exclude: ["Versions"]),
  ],
  swiftLanguageModes: [.v6]
)

// `make documentation` alone needs DocC.
if Context.environment["TIDDU_DOCUMENTATION"] == "1" {
  package.dependencies.append(.package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"))
}

// Tools/fuzz.sh alone: libFuzzer's main takes the place of ours, so it is a library that is linked once more.
if Context.environment["TIDDU_FUZZING"] == "1" {
  package.products.append(.library(name: "tiddu-fuzzing", type: .dynamic, targets: ["Fuzzing"]))
}

if withService {
  package.products.append(.executable(name: "tiddu-serve", targets: ["tiddu-serve"]))
  package.dependencies += [
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0", traits: []),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ]
  let server: [Target.Dependency] = [
    .product(name: "Hummingbird", package: "hummingbird"),
    .product(name: "HummingbirdTLS", package: "hummingbird"),
    .product(name: "HummingbirdCore", package: "hummingbird"),
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOHTTP1", package: "swift-nio"),
    .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
    .product(name: "NIOSSL", package: "swift-nio-ssl"),
    .product(name: "Logging", package: "swift-log"),
    .product(name: "HTTPTypes", package: "swift-http-types"),
    .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
  ]
  package.targets += [
    .target(
      name: "Service",
      dependencies: ["Restoration", "Distortions", "Figures", "ImageSets", "NeuralNetworks", "Pages", "Support"]
        + server,
      resources: [.embedInCode("Public")]),
    tests(of: "Service"),
    .executableTarget(
      name: "tiddu-serve",
      dependencies: [
        "Service", "Restoration", "Support", arguments, .product(name: "Logging", package: "swift-log"),
      ]),
  ]
}
