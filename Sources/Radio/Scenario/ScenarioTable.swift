/// A scenario's keys and values, each used once: the lines of a file, and options in their place.
struct ScenarioTable {
  static let maximumLength = 1 << 16

  private enum Value {
    case number(Double)
    case word(String)
    /// An option's: whichever of both is asked for.
    case either(String)
  }

  private struct Entry {
    let place: ScenarioError.Place
    let value: Value
    /// What errors show.
    let text: String
  }

  let name: String
  private var entries: [String: Entry] = [:]
  private var used: Set<String> = []
  private var isOverridden = false

  init(parsing text: String, name: String, keys: Set<String>) throws(ScenarioError) {
    self.name = name
    guard text.utf8.count <= Self.maximumLength else {
      throw ScenarioError(
        place: .file(name, line: nil), field: "file", expected: "at most \(Self.maximumLength) bytes",
        received: "\(text.utf8.count)")
    }
    for (index, row) in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
      let line = index + 1
      let place = ScenarioError.Place.file(name, line: line)
      let content = Self.withoutComment(row)
      if content.isEmpty { continue }
      guard let equals = content.firstIndex(of: UInt8(ascii: "=")) else {
        throw ScenarioError(
          place: place, field: "line", expected: "key = value", received: Self.quoted(Substring(content)))
      }
      let key = String(Substring(Self.trimmed(content[..<equals])))
      guard keys.contains(key) else {
        throw ScenarioError(
          place: place, field: String(key.prefix(40)), expected: Self.expectation(for: key, among: keys),
          received: "an unknown key")
      }
      if case .file(_, let first?) = entries[key]?.place {
        throw ScenarioError(
          place: place, field: key, expected: "each key once",
          received: "it again, after line \(first)")
      }
      let text = Substring(Self.trimmed(content[content.index(after: equals)...]))
      guard let value = Self.value(text) else {
        throw ScenarioError(
          place: place, field: key, expected: "a number or a \"quoted\" word",
          received: text.isEmpty ? "nothing" : Self.quoted(text))
      }
      entries[key] = Entry(place: place, value: value, text: String(text.prefix(60)))
    }
  }

  /// Whether a key has come from an option.
  func isOption(_ key: String) -> Bool { entries[key]?.place == .option }

  /// Puts an option's value in the place of the file's.
  mutating func override(_ key: String, with value: String) {
    entries[key] = Entry(place: .option, value: .either(value), text: Self.quoted(Substring(value)))
    isOverridden = true
  }

  mutating func remove(_ key: String) { entries[key] = nil }

  /// The number under a key; nil where the key is absent.
  mutating func number(_ key: String) throws(ScenarioError) -> Double? {
    used.insert(key)
    guard let entry = entries[key] else { return nil }
    switch entry.value {
    case .number(let number): return number
    case .either(let text):
      guard let number = Double(text), number.isFinite else { throw error(key, expected: "a number") }
      return number
    case .word: throw error(key, expected: "a number")
    }
  }

  /// The number under a key that must be there, because of what another key says.
  mutating func number(_ key: String, requiredBy reason: String) throws(ScenarioError) -> Double {
    guard let number = try number(key) else {
      throw ScenarioError(
        place: .file(name, line: nil), field: key, expected: "a number, because of \(reason)", received: "none")
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
    switch entry.value {
    case .word(let word), .either(let word): return word
    case .number: throw error(key, expected: "a \"quoted\" word")
    }
  }

  /// The word under a key, one of some.
  mutating func word(_ key: String, among words: [String], default first: String) throws(ScenarioError) -> String {
    guard let word = try word(key) else { return first }
    guard words.contains(word) else {
      throw error(key, expected: words.map { "\"\($0)\"" }.joined(separator: ", "))
    }
    return word
  }

  /// Throws for the first key that nothing asked for; options may make keys of the file idle.
  func finish() throws(ScenarioError) {
    let idle = entries.filter { !used.contains($0.key) && (!isOverridden || $0.value.place == .option) }
    let first = idle.min { ($0.value.place.line ?? 0, $0.key) < ($1.value.place.line ?? 0, $1.key) }
    if let first { throw error(first.key, expected: "no such key beside the other choices") }
  }

  /// An error where a key stands.
  func error(_ key: String, expected: String, received: String? = nil) -> ScenarioError {
    ScenarioError(
      place: entries[key]?.place ?? .file(name, line: nil), field: key, expected: expected,
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
