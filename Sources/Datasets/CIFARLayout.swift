internal import Foundation

/// How a CIFAR data set lies on disk in its official binary version.
///
/// A file is a run of equal records: the label bytes, then 3,072 bytes of pixels, planar RGB, row by row
/// (https://www.cs.toronto.edu/~kriz/cifar.html).
package struct CIFARLayout: Sendable {
  package var title: String
  package var folder: String
  /// The file at `downloads` that holds the folder.
  package var archive: String
  package var trainingFiles: [String]
  package var testFiles: [String]
  package var recordsPerTrainingFile: Int
  package var recordsPerTestFile: Int
  /// The bytes before the pixels, and which of them is the label.
  package var labelBytes: Int
  package var labelOffset: Int
  package var namesFile: String
  package var classCount: Int

  package static let cifar10 = CIFARLayout(
    title: "CIFAR-10", folder: "cifar-10-batches-bin", archive: "cifar-10-binary.tar.gz",
    trainingFiles: (1...5).map { "data_batch_\($0).bin" }, testFiles: ["test_batch.bin"],
    recordsPerTrainingFile: 10_000, recordsPerTestFile: 10_000,
    labelBytes: 1, labelOffset: 0, namesFile: "batches.meta.txt", classCount: 10)

  /// Labelled by the fine label, the second byte of a record; the first is the coarse label.
  package static let cifar100 = CIFARLayout(
    title: "CIFAR-100", folder: "cifar-100-binary", archive: "cifar-100-binary.tar.gz",
    trainingFiles: ["train.bin"], testFiles: ["test.bin"],
    recordsPerTrainingFile: 50_000, recordsPerTestFile: 10_000,
    labelBytes: 2, labelOffset: 1, namesFile: "fine_label_names.txt", classCount: 100)

  package static let downloads = "https://www.cs.toronto.edu/~kriz"

  var recordBytes: Int { labelBytes + ImageShape.cifar.count }

  /// What to say where something of the data set is not in `path`, its folder or the folder around it.
  func advice(in path: String) -> String {
    let url = URL(fileURLWithPath: path).standardizedFileURL
    let parent = (url.lastPathComponent == folder ? url.deletingLastPathComponent() : url).path
    return "looked for \(title)'s folder \(folder), or its files, in \(parent); to get it: "
      + "mkdir -p \(parent) && curl -L \(Self.downloads)/\(archive) | tar -xzC \(parent)"
  }
}

/// Which images of a data set that comes in two parts.
package enum DatasetPart: String, Sendable, CaseIterable {
  case training
  case test
}
