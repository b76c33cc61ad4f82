internal import Dispatch
internal import Synchronization

extension ImageSet {
  /// Reads a folder with one sub-folder of pictures a class, named after it.
  ///
  /// Pictures are fitted to `shape` (``Picture/fitted(to:)``). They are ordered by class, then by file name. Other files
  /// are passed over.
  ///
  /// - Parameter classNames: the classes that a model knows, in its order; a sub-folder of another name is an error.
  ///   Without them the sub-folders are the classes, in the order of their names.
  package static func folder(
    _ path: String, shape: ImageShape, classNames: [String]? = nil
  ) throws(DatasetError) -> ImageSet {
    let expected = "a folder with one sub-folder of pictures for each class"
    let folder = try InputFolder(path, expected: expected, advice: "expected \(expected)")
    guard !folder.folders.isEmpty else {
      throw DatasetError(
        path: path, .malformed(expected: expected, received: "\(folder.files.count) files and no sub-folders"))
    }
    let classNames = classNames ?? folder.folders
    if let stranger = folder.folders.first(where: { !classNames.contains($0) }) {
      let known = classNames.prefix(12).joined(separator: ", ") + (classNames.count > 12 ? ", …" : "")
      throw DatasetError(
        path: "\(path)/\(stranger)", .malformed(expected: "a sub-folder for one of \(known)", received: stranger))
    }
    var files: [String] = []
    var labels: [Int] = []
    for (label, name) in classNames.enumerated() where folder.folders.contains(name) {
      let pictures = PictureFiles.pictures(
        in: try InputFolder("\(path)/\(name)", expected: "a folder of pictures", advice: "expected a folder"))
      files += pictures
      labels += pictures.map { _ in label }
    }
    guard !files.isEmpty else {
      throw DatasetError(path: path, .malformed(expected: expected, received: "sub-folders without pictures"))
    }
    let pixels = try fittedPixels(of: files, shape: shape)
    return ImageSet(name: path, shape: shape, classNames: classNames, labels: labels, pixels: pixels)
  }

  /// Decodes on all cores; of several bad files the first in order is reported, as if they were read one by one.
  private static func fittedPixels(of files: [String], shape: ImageShape) throws(DatasetError) -> [UInt8] {
    let failure = Mutex<(index: Int, error: DatasetError)?>(nil)
    var pixels = [UInt8](repeating: 0, count: files.count * shape.count)
    pixels.withUnsafeMutableBufferPointer { pixels in
      // Outlives the call; each iteration writes the pixels of its own image only.
      nonisolated(unsafe) let pixels = pixels
      DispatchQueue.concurrentPerform(iterations: files.count) { index in
        guard failure.withLock({ $0.map { index < $0.index } ?? true }) else { return }
        do throws(DatasetError) {
          let image = try Picture.read(files[index]).fitted(to: shape)
          let target = pixels[index * shape.count..<(index + 1) * shape.count]
          _ = UnsafeMutableBufferPointer(rebasing: target).update(fromContentsOf: image)
        } catch {
          failure.withLock { if index < $0?.index ?? .max { $0 = (index, error) } }
        }
      }
    }
    if let first = failure.withLock({ $0 }) { throw first.error }
    return pixels
  }
}
