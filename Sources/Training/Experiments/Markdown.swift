import Foundation

/// Pieces of the documents that results are told in.
enum Markdown {
  static func table(_ head: [String], _ rows: [[String]]) -> [String] {
    ["| " + head.joined(separator: " | ") + " |", "|" + String(repeating: "---|", count: head.count)]
      + rows.map { "| " + $0.joined(separator: " | ") + " |" } + [""]
  }

  /// A table whose first `columns` cells are left empty where they repeat those of the row above.
  static func table(_ head: [String], grouping columns: Int, _ rows: [[String]]) -> [String] {
    table(
      head,
      rows.enumerated().map { place, row in
        let same = place == 0 ? 0 : zip(row.prefix(columns), rows[place - 1]).prefix { $0 == $1 }.count
        return [String](repeating: "", count: same) + row.dropFirst(same)
      })
  }

  /// Two digits after the point.
  static func number(_ value: Double) -> String { String(format: "%.2f", value) }

  /// A mean with the lowest and the highest of what it is of: `72.69 (72.46 to 72.88)`.
  static func spread(_ values: [Double]) -> String {
    guard let low = values.min(), let high = values.max() else { return "" }
    let mean = number(values.reduce(0, +) / Double(values.count))
    return values.count == 1 ? mean : "\(mean) (\(number(low)) to \(number(high)))"
  }

  /// A difference with its 95 % interval: `+1.40 ± 0.37`.
  static func difference(_ interval: Interval) -> String {
    "\(signed(interval.mean)) ± \(number((interval.high - interval.low) / 2))"
  }

  /// Differences: their mean with the lowest and the highest, all with their signs.
  static func signedSpread(_ values: [Double]) -> String {
    guard let low = values.min(), let high = values.max() else { return "" }
    return values.count == 1 ? signed(values.mean) : "\(signed(values.mean)) (\(signed(low)) to \(signed(high)))"
  }

  /// Of what rounds to zero, zero without a sign.
  static func signed(_ value: Double) -> String {
    let rounded = (100 * value).rounded() / 100
    return rounded == 0 ? number(0) : String(format: "%+.2f", rounded)
  }

  /// Seconds as minutes, one digit after the point.
  static func minutes(_ seconds: Double) -> String { String(format: "%.1f", seconds / 60) }

  static func madeBy(_ command: String) -> [String] { ["```sh", command, "```", ""] }
}

extension Sequence where Element: Hashable {
  /// Each element once, in the order of first occurrence.
  var unique: [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
