import Foundation

/// What the rounds have measured, by name, in the order in which it came.
struct Measurements {
  private struct Row {
    let what: String
    let unit: String
    var values: [Double] = []
  }

  private var rows: [Row] = []

  mutating func add(_ what: String, _ value: Double, _ unit: String) {
    let index = rows.firstIndex { $0.what == what } ?? rows.count
    if index == rows.count { rows.append(Row(what: what, unit: unit)) }
    rows[index].values.append(value)
  }

  func median(_ what: String) -> Double? { rows.first { $0.what == what }.map { serving_benchmark.median($0.values) } }

  /// Medians over the rounds, then one median by another.
  func show(ratios: [(what: String, of: String, by: String, times: Double)]) {
    func line(_ what: String, _ value: Double, _ unit: String) {
      let label = what.padding(toLength: 56, withPad: " ", startingAt: 0)
      print("\(label)  \(String(format: value < 10 ? "%.2f" : "%.0f", value)) \(unit)")
    }
    for row in rows { line(row.what, serving_benchmark.median(row.values), row.unit) }
    for ratio in ratios {
      guard let of = median(ratio.of), let by = median(ratio.by), by > 0 else { continue }
      line(ratio.what, of / by / ratio.times, "times")
    }
  }

  func json(ratios: [(what: String, of: String, by: String, times: Double)]) throws -> String {
    var all = Dictionary(
      uniqueKeysWithValues: rows.map { ("\($0.what), \($0.unit)", serving_benchmark.median($0.values)) })
    for ratio in ratios {
      guard let of = median(ratio.of), let by = median(ratio.by), by > 0 else { continue }
      all[ratio.what] = of / by / ratio.times
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(all), as: UTF8.self)
  }
}

func median(_ values: [Double]) -> Double { values.isEmpty ? 0 : values.sorted()[values.count / 2] }
