internal import Foundation

extension ImageSet {
  /// Reads one part of CIFAR-10 or CIFAR-100, in the order of its files.
  ///
  /// - Parameter path: the data set's folder (`cifar-10-batches-bin`) or the folder that holds it.
  package static func cifar(
    _ layout: CIFARLayout, _ part: DatasetPart, in path: String
  ) throws(DatasetError) -> ImageSet {
    let folder = try layout.folder(in: path)
    let classNames = try layout.classNames(in: folder)
    let files = part == .training ? layout.trainingFiles : layout.testFiles
    let recordsPerFile = part == .training ? layout.recordsPerTrainingFile : layout.recordsPerTestFile
    let size = ImageShape.cifar.count

    var labels: [Int] = []
    labels.reserveCapacity(files.count * recordsPerFile)
    var pixels = [UInt8](repeating: 0, count: files.count * recordsPerFile * size)
    for (number, name) in files.enumerated() {
      let file = try layout.open(name, in: folder, records: recordsPerFile)
      let target = number * recordsPerFile * size
      try layout.read(file, records: recordsPerFile, labels: &labels, pixels: &pixels, at: target)
    }
    return ImageSet(
      name: "\(layout.title) \(part.rawValue)", shape: .cifar, classNames: classNames, labels: labels, pixels: pixels)
  }
}

extension CIFARLayout {
  fileprivate func folder(in path: String) throws(DatasetError) -> String {
    let inner = "\(path)/\(folder)"
    if InputFolder.exists(inner) { return inner }
    let outer = try InputFolder(path, expected: "\(title)'s folder \(folder)", advice: advice(in: path))
    // Any file of the set makes this its folder; then it is the absent file that gets named.
    guard (trainingFiles + testFiles + [namesFile]).contains(where: outer.files.contains) else {
      throw DatasetError(path: inner, .missing(advice: advice(in: path)))
    }
    return path
  }

  /// One name a line, in the order of the labels; the official file ends in an empty line.
  fileprivate func classNames(in folder: String) throws(DatasetError) -> [String] {
    let longest = 1 << 16
    let file = try InputFile("\(folder)/\(namesFile)", expected: "a file of class names", advice: advice(in: folder))
    guard file.size <= longest else {
      throw DatasetError(
        path: file.path, .oversized(expected: "at most \(longest) bytes of class names", received: "\(file.size)"))
    }
    let names = String(decoding: try file.read(file.size), as: UTF8.self)
      .split(whereSeparator: \.isNewline)
      .map { $0.trimmingCharacters(in: .whitespaces) }
      .filter { !$0.isEmpty }
    guard names.count == classCount else {
      throw DatasetError(
        path: file.path,
        .malformed(expected: "\(classCount) class names, one a line", received: "\(names.count)"))
    }
    return names
  }

  fileprivate func open(_ name: String, in folder: String, records: Int) throws(DatasetError) -> InputFile {
    let path = "\(folder)/\(name)"
    let file = try InputFile(path, expected: "a file of \(title)", advice: advice(in: folder))
    let expected = "\(records * recordBytes) bytes (\(records) records of \(recordBytes))"
    if file.size < records * recordBytes {
      throw DatasetError(path: path, .truncated(expected: expected, received: "\(file.size)"))
    }
    if file.size > records * recordBytes {
      throw DatasetError(path: path, .oversized(expected: expected, received: "\(file.size)"))
    }
    return file
  }

  /// Reads all records of `file`; their pixels go to `pixels` from `start` on.
  fileprivate func read(
    _ file: borrowing InputFile, records: Int, labels: inout [Int], pixels: inout [UInt8], at start: Int
  ) throws(DatasetError) {
    let size = ImageShape.cifar.count
    let recordsAtOnce = 256  // stays in the second-level cache between the read and the copy
    for first in stride(from: 0, to: records, by: recordsAtOnce) {
      let count = min(recordsAtOnce, records - first)
      let bytes = try file.read(count * recordBytes, at: first * recordBytes)
      for record in 0..<count {
        let label = bytes[record * recordBytes + labelOffset]
        guard label < classCount else {
          throw DatasetError(
            path: file.path,
            .malformed(
              expected: "labels 0 to \(classCount - 1)", received: "label byte \(label) in record \(first + record)"))
        }
        labels.append(Int(label))
        let source = record * recordBytes + labelBytes
        let target = start + (first + record) * size
        pixels.withUnsafeMutableBytes { pixels in
          bytes.withUnsafeBytes { bytes in
            UnsafeMutableRawBufferPointer(rebasing: pixels[target..<target + size])
              .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[source..<source + size]))
          }
        }
      }
    }
  }
}
