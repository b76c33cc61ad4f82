import Foundation
import MixtureOfExperts

/// JSON as it is written, whatever the fields.
indirect enum JSONFields: Codable, Hashable, Sendable {
  case nested([String: JSONFields])
  case list([JSONFields])
  case one(TrainingRecord.Setting)
  case null

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let nested = try? container.decode([String: JSONFields].self) {
      self = .nested(nested)
    } else if let list = try? container.decode([JSONFields].self) {
      self = .list(list)
    } else {
      self = .one(try TrainingRecord.Setting(from: decoder))
    }
  }

  /// A value as JSON has it.
  init(of value: some Encodable) throws {
    self = try JSONDecoder().decode(JSONFields.self, from: try JSONEncoder().encode(value))
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .nested(let fields): try container.encode(fields)
    case .list(let fields): try container.encode(fields)
    case .one(let setting): try container.encode(setting)
    case .null: try container.encodeNil()
    }
  }

  /// With the fields of `patch` in the place of its own, as deep as they go; a null takes a field out (RFC 7396).
  func merging(_ patch: JSONFields) -> JSONFields {
    guard case .nested(let changes) = patch else { return patch }
    var fields: [String: JSONFields] = [:]
    if case .nested(let own) = self { fields = own }
    for (name, change) in changes { fields[name] = change == .null ? nil : (fields[name] ?? .null).merging(change) }
    return .nested(fields)
  }

  /// One patch for this patch and then another: as ``merging(_:)``, but with nulls kept.
  func combining(_ later: JSONFields) -> JSONFields {
    guard case .nested(var fields) = self, case .nested(let changes) = later else { return later }
    for (name, change) in changes { fields[name] = fields[name].map { $0.combining(change) } ?? change }
    return .nested(fields)
  }

  /// The name of the first field that `known` does not have in its place, level by level; nil if it has all.
  ///
  /// A name that is dotted itself stands in quotes.
  func stranger(to known: JSONFields?, under prefix: String = "") -> String? {
    func name(_ part: String) -> String { prefix.isEmpty ? part : prefix + "." + part }
    switch (self, known) {
    case (.nested(let fields), .nested(let known)):
      return fields.sorted { $0.key < $1.key }.lazy.compactMap { key, field in
        field.stranger(to: known[key], under: name(key.contains(".") ? "\"\(key)\"" : key))
      }.first
    case (.list(let fields), .list(let known)):
      return fields.enumerated().lazy.compactMap { place, field in
        field.stranger(to: place < known.count ? known[place] : nil, under: name("\(place)"))
      }.first
    case (.one, .one), (.null, .null): return nil
    default: return prefix
    }
  }

  /// A value's fields under dotted names.
  static func flattened(_ value: some Encodable) throws -> [String: TrainingRecord.Setting] {
    try JSONFields(of: value).flattened()
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
    case .null: [prefix: .text("null")]
    case .one(let setting): [prefix: setting]
    case .nested(let fields): Self.flattened(fields.map { ($0.key, $0.value) }, under: prefix)
    case .list(let fields): Self.flattened(fields.enumerated().map { ("\($0.offset)", $0.element) }, under: prefix)
    }
  }
}
