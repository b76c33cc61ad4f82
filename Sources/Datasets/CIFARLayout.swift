/// How a CIFAR data set lies on disk in its official binary version.
///
/// A file is a run of equal records: the label bytes, then 3,072 bytes of pixels, planar RGB, row by row
/// (https://www.cs.toronto.edu/~kriz/cifar.html).
package struct CIFARLayout: Sendable {
  package var title: String
  package var folder: String
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
    title: "CIFAR-10", folder: "cifar-10-batches-bin",
    trainingFiles: (1...5).map { "data_batch_\($0).bin" }, testFiles: ["test_batch.bin"],
    recordsPerTrainingFile: 10_000, recordsPerTestFile: 10_000,
    labelBytes: 1, labelOffset: 0, namesFile: "batches.meta.txt", classCount: 10)

  /// Labelled by the fine label, the second byte of a record; the first is the coarse label.
  package static let cifar100 = CIFARLayout(
    title: "CIFAR-100", folder: "cifar-100-binary",
    trainingFiles: ["train.bin"], testFiles: ["test.bin"],
    recordsPerTrainingFile: 50_000, recordsPerTestFile: 10_000,
    labelBytes: 2, labelOffset: 1, namesFile: "fine_label_names.txt", classCount: 100)

  package static let downloadPage = "https://www.cs.toronto.edu/~kriz/cifar.html"

  var recordBytes: Int { labelBytes + ImageShape.cifar.count }

  var advice: String {
    "expected \(title)'s folder \(folder) or the files in it; "
      + "download the \"binary version\" from \(Self.downloadPage)"
  }
}

/// Which images of a data set that comes in two parts.
package enum DatasetPart: String, Sendable, CaseIterable {
  case training
  case test
}
