import Datasets
import Digests
import Foundation
import Testing

struct CIFARTests {
  /// CIFAR-100's layout with few images.
  static let small = {
    var layout = CIFARLayout.cifar100
    layout.trainingFiles = ["a.bin", "b.bin"]
    layout.recordsPerTrainingFile = 300
    layout.recordsPerTestFile = 2
    layout.classCount = 3
    return layout
  }()

  private func record(_ number: Int) -> [UInt8] {
    [77, UInt8(number % 3)] + (0..<3072).map { UInt8(truncatingIfNeeded: $0 * 3 + number) }
  }

  private func records(_ numbers: Range<Int>) -> [UInt8] { numbers.flatMap(record) }

  private func writtenFolder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write(records(0..<300), to: "cifar-100-binary/a.bin")
    try folder.write(records(300..<600), to: "cifar-100-binary/b.bin")
    try folder.write(records(600..<602), to: "cifar-100-binary/test.bin")
    try folder.write(Array("apple\nbear\r\nchair\n\n".utf8), to: "cifar-100-binary/fine_label_names.txt")
    return folder
  }

  @Test(arguments: ["", "/cifar-100-binary", "/cifar-100-binary/"])
  func `the folder or its parent may be named`(inner: String) throws {
    let folder = try writtenFolder()
    let training = try ImageSet.cifar(Self.small, .training, in: folder.path + inner)
    #expect(training.count == 600)
    #expect(training.classNames == ["apple", "bear", "chair"])
    #expect(training.labels == (0..<600).map { $0 % 3 })
    #expect((0..<600).allSatisfy { Array(training[$0]) == Array(record($0)[2...]) })
    let test = try ImageSet.cifar(Self.small, .test, in: folder.path + inner)
    #expect(test.name == "CIFAR-100 test")
    #expect(test.pixels == Array(record(600)[2...] + record(601)[2...]))
  }

  @Test func `an absent data set says where to get it`() throws {
    let folder = try TemporaryFolder()
    for path in [folder.path, "\(folder.path)/nowhere"] {
      let advice =
        ": not found: looked for CIFAR-10's folder cifar-10-batches-bin, or its files, in \(path); to get it: mkdir -p "
        + "\(path) && curl -L https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz | tar -xzC \(path)"
      let error = #expect(throws: DatasetError.self) { try ImageSet.cifar(.cifar10, .training, in: path) }
      #expect(error?.description.hasSuffix(advice) == true)
      #expect(error?.description.hasPrefix(path) == true)
    }
  }

  @Test func `one absent file is named`() throws {
    let folder = try writtenFolder()
    let path = "\(folder.path)/cifar-100-binary/b.bin"
    try FileManager.default.removeItem(atPath: path)
    let error = #expect(throws: DatasetError.self) { try ImageSet.cifar(Self.small, .training, in: folder.path) }
    #expect(error?.description.hasPrefix("\(path): not found: ") == true)
  }

  @Test func `files of a wrong length, label or kind are refused`() throws {
    let folder = try writtenFolder()
    let size = "922200 bytes (300 records of 3074)"
    func expectRefusal(_ file: String, _ message: String) throws {
      let error = #expect(throws: DatasetError.self) { try ImageSet.cifar(Self.small, .training, in: folder.path) }
      #expect(error?.description == "\(folder.path)/cifar-100-binary/\(file): \(message)")
    }
    try folder.write(records(300..<599), to: "cifar-100-binary/b.bin")
    try expectRefusal("b.bin", "truncated: expected \(size), found 919126")
    try folder.write([], to: "cifar-100-binary/b.bin")
    try expectRefusal("b.bin", "truncated: expected \(size), found 0")
    try folder.write(records(300..<601), to: "cifar-100-binary/b.bin")
    try expectRefusal("b.bin", "too large: expected \(size), found 925274")
    var bytes = records(300..<600)
    bytes[299 * 3074 + 1] = 3
    try folder.write(bytes, to: "cifar-100-binary/b.bin")
    try expectRefusal("b.bin", "expected labels 0 to 2, found label byte 3 in record 299")
    try FileManager.default.removeItem(atPath: "\(folder.path)/cifar-100-binary/b.bin")
    try folder.write([], to: "cifar-100-binary/b.bin/inner")
    try expectRefusal("b.bin", "expected a file of CIFAR-100, found a folder")
    try folder.write(Array("apple\n".utf8), to: "cifar-100-binary/fine_label_names.txt")
    try expectRefusal("fine_label_names.txt", "expected 3 class names, one a line, found 1")
    try folder.write([UInt8](repeating: 10, count: 70_000), to: "cifar-100-binary/fine_label_names.txt")
    try expectRefusal("fine_label_names.txt", "too large: expected at most 65536 bytes of class names, found 70000")
  }

  @Test func `a file in the place of the folder is refused`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write([1], to: "file")
    let error = #expect(throws: DatasetError.self) { try ImageSet.load(.cifar10, .test, in: path) }
    #expect(error?.description == "\(path): expected CIFAR-10's folder cifar-10-batches-bin, found a file")
  }
}

/// The real data sets, where `MOE_DATA` says.
struct RealCIFARTests {
  static let data = ProcessInfo.processInfo.environment["MOE_DATA"]

  /// Digests, counts and statistics as computed from the official files by hashlib and numpy.
  @Test(
    .enabled(if: data != nil, "MOE_DATA names no folder of the data sets"),
    arguments: [
      (
        DatasetKind.cifar10, 10, "55a61f79a40ece2ceda9fb5f9f7078f6ea2fc4952489cef56682bcf92cfcc260",
        "1944e0fc0364b13a3bd57c0d0be8ba63f5e82c2eb852b2f5ce8c832ed3a6a60f",
        [0.49139968, 0.48215841, 0.44653091, 0.24703223, 0.24348513, 0.26158784]
      ),
      (
        DatasetKind.cifar100, 100, "6d2a03c47c105e4c34d3a2ff16c2803e8df0e5d6fa0c631e46663a327aeac573",
        "199bdb73200f932cc90d32066bca6f1989f733c150a770ad6ef05fa0c9c70107",
        [0.50707516, 0.48654887, 0.44091784, 0.26733429, 0.25643846, 0.27615047]
      ),
    ])
  func `the official images are all here`(
    kind: DatasetKind, classCount: Int, digest: String, lastOfValidation: String, statistics: [Double]
  ) throws {
    let data = try #require(Self.data)
    let training = try ImageSet.load(kind, .training, in: data)
    #expect(training.count == 50_000)
    #expect(training.classNames.count == classCount)
    #expect(training.digest.hex == digest)
    let (mean, deviation) = training.channelStatistics()
    #expect(zip(mean + deviation, statistics).allSatisfy { abs($0 - $1) < 1e-7 })
    let (part, validation) = training.split()
    #expect(part.count == 45_000)
    #expect(validation.count == 5_000)
    #expect(validation.imageDigests().last?.hex == lastOfValidation)
    let test = try ImageSet.load(kind, .test, in: data)
    #expect((0..<classCount).allSatisfy { label in test.labels.count { $0 == label } == 10_000 / classCount })
  }
}
