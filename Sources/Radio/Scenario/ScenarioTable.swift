/// The lines of a scenario file as keys and values, each used once.
struct ScenarioTable {
  static let maximumLength = 1 << 16

  enum Value: Hashable {
    case number(Double)
    case word(String)
  }

  let name: String
  private var entries: [String: (line: Int, value: Value, text: String)] = [:]
  private var used: Set<String> = []

  init(parsing text: String, name: String, keys: Set<String>) throws(ScenarioError) {
    self.name = name
    guard text.utf8.count <= Self.maximumLength else {
      throw ScenarioError(
        name: name, line: nil, field: "file", expected: "at most \(Self.maximumLength) bytes",
        received: "\(text.utf8.count)")
    }
    for (index, row) in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
      let line = index + 1
      let content = Self.withoutComment(row)
      if content.isEmpty { continue }
      guard let equals = content.firstIndex(of: UInt8(ascii: "=")) else {
        throw ScenarioError(
          name: name, line: line, field: "line", expected: "key = value", received: Self.quoted(Substring(content)))
      }
      let key = String(Substring(Self.trimmed(content[..<equals])))
      guard keys.contains(key) else {
        throw ScenarioError(
          name: name, line: line, field: String(key.prefix(40)), expected: Self.expectation(for: key, among: keys),
          received: "an unknown key")
      }
      if let first = entries[key] {
        throw ScenarioError(
          name: name, line: line, field: key, expected: "each key once",
          received: "it again, after line \(first.line)")
      }
      let text = Substring(Self.trimmed(content[content.index(after: equals)...]))
      guard let value = Self.value(text) else {
        throw ScenarioError(
          name: name, line: line, field: key, expected: "a number or a \"quoted\" word",
          received: text.isEmpty ? "nothing" : Self.quoted(text))
      }
      entries[key] = (line, value, String(text.prefix(60)))
    }
  }

  /// The number under a key; nil where the key is absent.
  mutating func number(_ key: String) throws(ScenarioError) -> Double? {
    used.insert(key)
    guard let entry = entries[key] else { return nil }
    guard case .number(let number) = entry.value else { throw error(key, expected: "a number") }
    return number
  }

  /// The number under a key that must be there, because of what another key says.
  mutating func number(_ key: String, requiredBy reason: String) throws(ScenarioError) -> Double {
    guard let number = try number(key) else {
      throw ScenarioError(
        name: name, line: nil, field: key, expected: "a number, because of \(reason)", received: "none")
    }
    return number
  }

  /// The whole number from 0 on under a key.
  mutating func count(_ key: String) throws(ScenarioError) -> UInt64? {
    guard let number = try number(key) else { return nil }
    guard let count = UInt64(exactly: number) else { throw error(key, expected: "a whole number from 0 on") }
    return count
  }

  mutating func word(_ key: String) throws(ScenarioError) -> String? {
    used.insert(key)
    guard let entry = entries[key] else { return nil }
    guard case .word(let word) = entry.value else { throw error(key, expected: "a \"quoted\" word") }
    return word
  }

  /// The word under a key, one of some.
  mutating func word(_ key: String, among words: [String], default first: String) throws(ScenarioError) -> String {
    guard let word = try word(key) else { return first }
    guard words.contains(word) else {
      throw error(key, expected: words.map { "\"\($0)\"" }.joined(separator: ", "))
    }
    return word
  }

  /// Throws for the first key that nothing asked for.
  func finish() throws(ScenarioError) {
    let left = entries.filter { !used.contains($0.key) }.min { $0.value.line < $1.value.line }
    if let left {
      throw error(left.key, expected: "no such key beside the other choices of this file")
    }
  }

  /// An error at a key's line.
  func error(_ key: String, expected: String, received: String? = nil) -> ScenarioError {
    ScenarioError(
      name: name, line: entries[key]?.line, field: key, expected: expected,
      received: received ?? entries[key]?.text ?? "nothing")
  }

  private static func value(_ text: Substring) -> Value? {
    if text.hasPrefix("\""), text.count >= 2, text.hasSuffix("\"") {
      let word = text.dropFirst().dropLast()
      return word.contains("\"") ? nil : .word(String(word))
    }
    guard let number = Double(text), number.isFinite else { return nil }
    return .number(number)
  }

  /// A comment begins at a `#` outside quotation marks.
  private static func withoutComment(_ row: Substring.UTF8View) -> Substring.UTF8View {
    var quoted = false
    for index in row.indices {
      if row[index] == UInt8(ascii: "\"") { quoted.toggle() }
      if row[index] == UInt8(ascii: "#"), !quoted { return trimmed(row[..<index]) }
    }
    return trimmed(row)
  }

  private static func trimmed(_ text: Substring.UTF8View) -> Substring.UTF8View {
    func isSpace(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }
    var text = text.drop(while: isSpace)
    while let last = text.last, isSpace(last) { text.removeLast() }
    return text
  }

  private static func quoted(_ text: Substring) -> String { "\"\(text.prefix(60))\"" }

  /// The key that was perhaps meant, or where to find them all.
  private static func expectation(for key: String, among keys: Set<String>) -> String {
    let near = keys.filter { $0.hasPrefix(key.prefix(4)) && key.count >= 4 }.sorted()
    return near.isEmpty ? "a key of Scenario.keys" : "perhaps " + near.joined(separator: " or ")
  }
}
