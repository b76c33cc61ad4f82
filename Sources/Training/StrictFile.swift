import Foundation
package import MixtureOfExperts

/// A JSON file written by people: a field that is absent, unknown, of another type or out of range is refused by its name,
/// before anything is computed.
package protocol StrictFile: Codable {
  /// The first field that is out of range, as a sentence; nil if none is.
  var firstViolation: String? { get }

  /// The first value that a decoder would refuse without saying what is expected; nil if there is none.
  ///
  /// - Parameter written: the fields of a file under dotted names.
  static func misfit(in written: [String: TrainingRecord.Setting]) -> String?
}

extension StrictFile {
  package static func misfit(in written: [String: TrainingRecord.Setting]) -> String? { nil }
}

extension StrictFile {
  /// Reads and checks a file.
  ///
  /// - Throws: `file`, naming the field, what was expected and what came.
  package init(path: String) throws(TrainingError) {
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      throw .file(path: path, reason: "cannot be read: no such file, or not permitted")
    }
    try self.init(decoding: data, of: path)
  }

  /// Decodes and checks what stands in a file.
  init(decoding data: Data, of path: String) throws(TrainingError) {
    do {
      let written = try JSONDecoder().decode(JSONFields.self, from: data)
      if let misfit = Self.misfit(in: written.flattened()) { throw TrainingError.file(path: path, reason: misfit) }
      self = try JSONDecoder().decode(Self.self, from: data)
      if let stranger = written.stranger(to: try JSONFields(of: self)) {
        throw TrainingError.file(path: path, reason: "\(stranger): no such field")
      }
    } catch let error as DecodingError {
      throw .file(path: path, reason: error.oneLine)
    } catch let error as TrainingError {
      throw error
    } catch {
      throw .file(path: path, reason: "\(error)")
    }
    if let wrong = firstViolation { throw .file(path: path, reason: wrong) }
  }
}

/// The sentence for a field that is out of its range; nil if it is not.
func violation<Value: Comparable>(_ name: String, _ value: Value, _ range: ClosedRange<Value>) -> String? {
  range.contains(value) ? nil : "\(name): expected \(range.lowerBound) to \(range.upperBound), received \(value)"
}
