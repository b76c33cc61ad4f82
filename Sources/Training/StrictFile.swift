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
    do {
      let written = try JSONDecoder().decode(JSONFields.self, from: data).flattened()
      if let misfit = Self.misfit(in: written) { throw TrainingError.file(path: path, reason: misfit) }
      self = try JSONDecoder().decode(Self.self, from: data)
      let known = try JSONFields.flattened(self)
      if let stranger = written.keys.filter({ known[$0] == nil }).min() {
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

/// JSON as it is written, whatever the fields.
indirect enum JSONFields: Decodable {
  case nested([String: JSONFields])
  case list([JSONFields])
  case one(TrainingRecord.Setting)

  init(from decoder: any Decoder) throws {
    if let nested = try? decoder.singleValueContainer().decode([String: JSONFields].self) {
      self = .nested(nested)
    } else if let list = try? decoder.singleValueContainer().decode([JSONFields].self) {
      self = .list(list)
    } else {
      self = .one(try TrainingRecord.Setting(from: decoder))
    }
  }

  /// A value's fields under dotted names.
  static func flattened(_ value: some Encodable) throws -> [String: TrainingRecord.Setting] {
    try JSONDecoder().decode(JSONFields.self, from: try JSONEncoder().encode(value)).flattened()
  }

  private static func flattened(
    _ fields: [(key: String, value: JSONFields)], under prefix: String
  ) -> [String: TrainingRecord.Setting] {
    fields.reduce(into: [:]) { flat, field in
      flat.merge(field.value.flattened(under: prefix.isEmpty ? field.key : prefix + "." + field.key)) { $1 }
    }
  }

  func flattened(under prefix: String = "") -> [String: TrainingRecord.Setting] {
    switch self {
    case .one(let setting): [prefix: setting]
    case .nested(let fields): Self.flattened(fields.map { ($0.key, $0.value) }, under: prefix)
    case .list(let fields): Self.flattened(fields.enumerated().map { ("\($0.offset)", $0.element) }, under: prefix)
    }
  }
}
