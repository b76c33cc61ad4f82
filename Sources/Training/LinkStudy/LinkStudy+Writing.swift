import Foundation

extension LinkStudy {
  /// One row a point.
  package var csv: String {
    func field(_ text: String) -> String { text.contains(",") ? "\"\(text)\"" : text }
    var rows = ["figure,curve,x,simulated,half_width_95,samples,closed_form"]
    for figure in figures {
      for curve in figure.curves {
        for point in curve.points {
          let measured = point.measured
          let numbers = [point.x, measured.mean, measured.halfWidth].map(sixDigits)
          let last = point.closedForm.map(sixDigits) ?? ""
          rows.append(
            "\(figure.name),\(field(curve.name)),\(numbers.joined(separator: ",")),\(measured.samples),\(last)")
        }
      }
    }
    return rows.joined(separator: "\n") + "\n"
  }

  package var json: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
  }

  /// For people: each curve's largest distance from its closed form.
  package var table: String {
    let rows = figures.flatMap { figure in
      figure.curves.map { curve in
        let deviation =
          figure.largestDeviation(of: curve).map { String(format: "%.1f", $0) }
          ?? (curve.isBounded ? "a bound" : "none")
        return [figure.name, curve.name, "\(curve.points.count)", deviation]
      }
    }
    let all = [["figure", "curve", "points", "largest distance from theory (standard errors)"]] + rows
    let widths = (0..<3).map { column in all.map { $0[column].count }.max() ?? 0 }
    return all.map { row in
      zip(row, widths).map { $0.padding(toLength: $1 + 2, withPad: " ", startingAt: 0) }.joined() + row[3]
    }.joined(separator: "\n")
  }

}
