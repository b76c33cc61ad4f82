// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]
let strictC: [CSetting] = [.enableWarning("all"), .enableWarning("extra"), .treatAllWarnings(as: .error)]

let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let deque: Target.Dependency = .product(name: "DequeModule", package: "swift-collections")
let histogram: Target.Dependency = .product(name: "Histogram", package: "hdrhistogram-swift")

/// A library module; its imports point down the list in which the modules stand here.
func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func program(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .executableTarget(name: name, dependencies: dependencies + [arguments, logging], swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

let package = Package(
  name: "moe-edge",
  products: [
    .executable(name: "moe-bs", targets: ["moe-bs"]),
    .executable(name: "moe-expert", targets: ["moe-expert"]),
    .executable(name: "moe-client", targets: ["moe-client"]),
    .executable(name: "moe-train", targets: ["moe-train"]),
    .library(name: "InferenceClient", targets: ["InferenceClient"]),
    .library(name: "Radio", targets: ["Radio"]),
  ],
  // A minor version may deprecate what is used here, and warnings are errors.
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", .upToNextMinor(from: "1.8.2")),
    .package(url: "https://github.com/apple/swift-collections", .upToNextMinor(from: "1.6.0")),
    .package(url: "https://github.com/apple/swift-log", .upToNextMinor(from: "1.16.2")),
    .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", .upToNextMinor(from: "0.2.0")),
  ],
  targets: [
    program(
      "moe-bs",
      ["CommandOptions", "BaseStation", "Transport", "TLS", "WireProtocol", "MixtureOfExperts", "Radio", "Tensors"]),
    program(
      "moe-expert",
      ["CommandOptions", "ExpertNode", "Transport", "TLS", "WireProtocol", "MixtureOfExperts", "Radio", "Tensors"]),
    program(
      "moe-client",
      ["CommandOptions", "InferenceClient", "Replay", "MixtureOfExperts", "TLS", "Digests", "Datasets", "Radio"]),
    program(
      "moe-train",
      ["CommandOptions", "Training", "MixtureOfExperts", "Layers", "Tensors", "Radio", "Datasets", "Digests"]),

    module(
      "CommandOptions",
      ["Transport", "TLS", "Digests", "WireProtocol", "Radio", "Tensors", "Datasets", arguments, logging, deque]),
    module(
      "BaseStation",
      [
        "Transport", "WireProtocol", "MixtureOfExperts", "Radio", "Tensors", "Datasets", "Randomness", "Digests", deque,
        histogram, logging,
      ]),
    module(
      "ExpertNode",
      ["Transport", "WireProtocol", "MixtureOfExperts", "Radio", "Tensors", "Digests", deque, logging]),
    module(
      "InferenceClient",
      ["Transport", "TLS", "WireProtocol", "Radio", "Datasets", "Randomness", "Digests", logging, histogram]),
    module(
      "Training",
      ["MixtureOfExperts", "Radio", "Layers", "Tensors", "Datasets", "Randomness", "Digests", logging]),
    module("Replay", ["MixtureOfExperts", "Radio", "Tensors", "Datasets", "Digests"]),
    module("MixtureOfExperts", ["Radio", "Layers", "Tensors", "Datasets", "Randomness", "Digests"]),
    module("Transport", ["CEpoll", "TLS", "WireProtocol", logging]),
    module("TLS", ["COpenSSL", "WireProtocol", "Digests"]),
    module("WireProtocol", ["CCRC32C", "Radio", "Datasets", "Digests"]),
    .target(
      name: "Radio", dependencies: ["CRadio", "Randomness"],
      resources: ["paper", "indoor-iot", "uav", "vehicular", "cell-edge"].map {
        .embedInCode("Scenario/Files/\($0).toml")
      },
      swiftSettings: strict),
    module("Layers", ["Tensors", "Randomness"]),
    module("Tensors", ["COneDNN", "CConvolution", "CTransformer"]),
    module("Datasets", ["CImageCodecs", "Randomness", "Digests"]),
    module("Digests", ["COpenSSL"]),
    module("Randomness", ["CPhilox"]),

    .target(name: "CCRC32C", cSettings: strictC),
    .target(name: "CEpoll", cSettings: strictC),
    .target(name: "COneDNN", cSettings: strictC),
    .target(name: "CPhilox", cSettings: strictC),
    .target(name: "CRadio", cSettings: strictC),
    .target(name: "CConvolution", cSettings: strictC),
    .target(name: "CTransformer", cSettings: strictC),
    .target(name: "CImageCodecs", cSettings: strictC),
    .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),

    // The library's snippet in README.md, built and run by IntegrationTests.
    .executableTarget(
      name: "classify", dependencies: ["InferenceClient"], path: "Tests/Snippets/classify", swiftSettings: strict),

    // Certificates that tests have deploy/make-certs.sh make.
    .target(
      name: "TestCertificates", dependencies: ["TLS"], path: "Tests/TestCertificates", swiftSettings: strict),

    // What PyTorch was seen to compute, and of what.
    .target(
      name: "PyTorchRecords", dependencies: ["Layers", "Tensors"], path: "Tests/PyTorchRecords",
      exclude: ["Recorded"], swiftSettings: strict),

    // What must hold of the readers of strangers' bytes: fuzzed by the package `Fuzzing`, replayed by FuzzTests.
    .target(
      name: "FuzzTargets", dependencies: ["Transport", "TLS", "WireProtocol", "Radio", "Datasets", "Digests", logging],
      path: "Tests/FuzzTargets", swiftSettings: strict),

    tests(
      "BaseStationTests",
      [
        "BaseStation", "Transport", "WireProtocol", "MixtureOfExperts", "Radio", "Layers", "Tensors", "Datasets",
        "Digests", logging,
      ]),
    tests(
      "CommandOptionsTests",
      ["CommandOptions", "moe-bs", "BaseStation", "MixtureOfExperts", "Radio", arguments]),
    tests("DatasetsTests", ["Datasets", "Randomness", "Digests"]),
    tests("DigestsTests", ["Digests"]),
    tests(
      "ExpertNodeTests",
      [
        "ExpertNode", "MixtureOfExperts", "Transport", "WireProtocol", "Radio", "Tensors", "Datasets", "Randomness",
        "Digests",
      ]),
    tests("FuzzTests", ["FuzzTargets", "TestCertificates", "TLS"]),
    tests(
      "InferenceClientTests",
      ["InferenceClient", "Transport", "WireProtocol", "Radio", "Datasets", "Digests", logging]),
    tests(
      "IntegrationTests",
      [
        "moe-bs", "moe-expert", "moe-client", "moe-train", "classify", "TestCertificates", "InferenceClient",
        "MixtureOfExperts", "WireProtocol", "Radio", "Datasets", "Randomness", "Digests",
      ]),
    tests("LayersTests", ["PyTorchRecords", "Layers", "MixtureOfExperts", "Tensors", "Randomness"]),
    tests(
      "MixtureOfExpertsTests", ["MixtureOfExperts", "Radio", "Layers", "Tensors", "Datasets", "Randomness", "Digests"]),
    tests("RadioTests", ["Radio", "CRadio", "Randomness"]),
    tests("RandomnessTests", ["Randomness", "CPhilox"]),
    tests("TensorsTests", ["Tensors"]),
    tests(
      "TrainingTests",
      [
        "PyTorchRecords", "Training", "MixtureOfExperts", "Radio", "Layers", "Tensors", "Datasets", "Randomness",
        "Digests",
      ]),
    tests("TLSTests", ["TestCertificates", "TLS", "WireProtocol", "Randomness", "Digests"]),
    tests(
      "TransportTests",
      ["TestCertificates", "Transport", "TLS", "WireProtocol", "Radio", "Datasets", "Digests", logging]),
    tests("WireProtocolTests", ["WireProtocol", "Radio", "Datasets", "Digests"]),
  ]
)
