import Foundation

/// Puts a file in place in one step, so that a reader sees the old or the new one.
///
/// - Throws: `unwritable`.
func storeFile(_ text: String, at path: String) throws(TrainingError) {
  do {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
  } catch {
    throw .unwritable(path: path, reason: (error as NSError).localizedDescription)
  }
}
