package import Foundation

extension FileHandle {
  /// Writes to whoever listens. What nobody can be told any more, the reader gone or the file closed, ends nothing;
  /// Foundation's `write(_:)` would end the process.
  package func tell(_ data: Data) { try? write(contentsOf: data) }
}
