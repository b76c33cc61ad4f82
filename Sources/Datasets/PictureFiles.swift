/// The pictures that a path on a command line stands for.
package enum PictureFiles {
  /// The path itself if it is a file; the pictures directly in it, in the order of their names, if it is a folder.
  ///
  /// What is a picture is decided by its first bytes; a file named like one (`.png`, `.jpg`, `.jpeg`, `.ppm`, `.pgm`,
  /// `.pnm`) is listed too even when it is none, so that its damage gets reported instead of passed over. Hidden files
  /// are left out.
  ///
  /// - Throws: ``DatasetError`` where there is nothing at the path, or a folder without pictures.
  package static func at(_ path: String) throws(DatasetError) -> [String] {
    guard InputFolder.exists(path) else {
      _ = try InputFile(path, expected: "a picture file or a folder", advice: "expected a picture file or a folder")
      return [path]
    }
    let folder = try InputFolder(path, expected: "a folder", advice: "expected a folder")
    let pictures = pictures(in: folder)
    guard !pictures.isEmpty else {
      throw DatasetError(
        path: path,
        .malformed(
          expected: "a folder of PNG, JPEG, PPM or PGM pictures",
          received: "\(folder.files.count) other files and \(folder.folders.count) folders"))
    }
    return pictures
  }

  static func pictures(in folder: InputFolder) -> [String] {
    folder.files.map { folder.path.hasSuffix("/") ? folder.path + $0 : "\(folder.path)/\($0)" }.filter(isPicture)
  }

  private static let extensions = [".png", ".jpg", ".jpeg", ".ppm", ".pgm", ".pnm"]

  private static func isPicture(_ path: String) -> Bool {
    if extensions.contains(where: path.lowercased().hasSuffix) { return true }
    guard let file = try? InputFile(path, expected: "", advice: ""),
      let signature = try? file.read(min(file.size, PictureFormat.signatureBytes))
    else { return false }
    return PictureFormat(signature: signature) != nil
  }
}
