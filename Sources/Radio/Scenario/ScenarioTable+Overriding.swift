extension ScenarioTable {
  /// This table with options in the place of the file's values.
  ///
  /// An option that belongs to another choice than the file's makes that choice too, unless the choice is an option
  /// itself: `--snr-mean-db 10` makes the law normal where the file's follows the device's place.
  func overridden(by settings: [(key: String, value: String)]) throws(ScenarioError) -> ScenarioTable {
    var table = self
    if settings.contains(where: { Self.rivals.contains($0.key) }) { Self.rivals.forEach { table.remove($0) } }
    for (key, value) in settings { table.override(key, with: value) }
    for (key, choice, values) in Self.choices where table.isOption(key) && !table.isOption(choice) {
      if let chosen = try table.word(choice), values.contains(chosen) { continue }
      table.override(choice, with: values[0])
    }
    return table
  }

  /// Keys that exclude each other.
  private static let rivals = ["feedback-delay-blocks", "feedback-delay-ms", "feedback-correlation"]

  /// Keys that have a meaning beside certain values of another one only.
  private static let choices: [(key: String, choice: String, values: [String])] = [
    ("snr-mean-db", "snr-law", ["normal", "fixed"]),
    ("snr-std-db", "snr-law", ["normal"]),
    ("snr-trace", "snr-law", ["trace"]),
    ("rician-k", "fading", ["rician"]),
    ("nakagami-m", "fading", ["nakagami"]),
    ("carrier-hz", "time-correlation", ["clarke"]),
  ]
}
