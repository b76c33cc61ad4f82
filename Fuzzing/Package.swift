// swift-tools-version: 6.2
import PackageDescription

// The project's modules as the main package builds them, by way of the links `Sources` and `Tests`: what is fuzzed has `package`
// access, which ends at a package's border, and is to be instrumented, which the main package's builds are not.

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")

let package = Package(
  name: "Fuzzing",
  dependencies: [.package(url: "https://github.com/apple/swift-log", from: "1.16.2")],
  targets: [
    .executableTarget(
      name: "moe-fuzz", dependencies: ["FuzzTargets", "TLS"], path: "driver", swiftSettings: strict),
    .target(
      name: "FuzzTargets", dependencies: ["Transport", "TLS", "WireProtocol", "Radio", "Datasets", "Digests", logging],
      path: "Tests/FuzzTargets", swiftSettings: strict),
    module("Transport", ["CEpoll", "TLS", "WireProtocol", logging]),
    module("TLS", ["COpenSSL", "WireProtocol", "Digests"]),
    module("WireProtocol", ["CCRC32C", "Radio", "Datasets", "Digests"]),
    .target(
      name: "Radio", dependencies: ["CRadio", "Randomness"],
      resources: ["paper", "indoor-iot", "uav", "vehicular", "cell-edge"].map {
        .embedInCode("Scenario/Files/\($0).toml")
      },
      swiftSettings: strict),
    module("Datasets", ["CImageCodecs", "Randomness", "Digests"]),
    module("Digests", ["COpenSSL"]),
    module("Randomness", ["CPhilox"]),
    .target(name: "CCRC32C"),
    .target(name: "CEpoll"),
    .target(name: "CPhilox"),
    .target(name: "CRadio"),
    .target(name: "CImageCodecs"),
    .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
  ]
)
