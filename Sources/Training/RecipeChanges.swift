import Foundation

/// Fields that take the place of a recipe's own: an object of the recipe's shape, as deep as it needs to be; null takes out a
/// field that may be absent (JSON merge patch, RFC 7396).
package struct RecipeChanges: Codable, Hashable, Sendable {
  private let fields: JSONFields

  package static let none = RecipeChanges(fields: .nested([:]))

  private init(fields: JSONFields) { self.fields = fields }

  package init(from decoder: any Decoder) throws {
    fields = try JSONFields(from: decoder)
    guard case .nested = fields else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "expected an object of fields of a recipe"))
    }
  }

  package func encode(to encoder: any Encoder) throws { try fields.encode(to: encoder) }

  /// These changes and then others.
  package func merging(_ later: RecipeChanges) -> RecipeChanges {
    RecipeChanges(fields: fields.combining(later.fields))
  }

  fileprivate func applied(to recipe: Data) throws -> Data {
    try JSONEncoder().encode(JSONDecoder().decode(JSONFields.self, from: recipe).merging(fields))
  }
}

extension Recipe {
  /// A file's recipe with some fields changed, as strictly read as if they stood in the file.
  package init(path: String, changes: RecipeChanges?) throws(TrainingError) {
    guard let changes else {
      try self.init(path: path)
      return
    }
    // The file has to be sound without the changes, too.
    _ = try Recipe(path: path)
    guard let data = FileManager.default.contents(atPath: path), let changed = try? changes.applied(to: data) else {
      throw .file(path: path, reason: "cannot be read")
    }
    try self.init(decoding: changed, of: path)
  }

  /// The dotted name of the first field of which the other recipe has another value; nil if there is none.
  func firstField(differingFrom other: Recipe) -> String? {
    guard let own = try? JSONFields.flattened(self), let others = try? JSONFields.flattened(other) else { return nil }
    return Set(own.keys).union(others.keys).sorted().first { own[$0] != others[$0] }
  }
}
