/// Pieces of its language that pictures share.
extension Gnuplot {
  static let blue = "#1f5fb4"
  static let red = "#c8401f"
  static let green = "#2a8a3e"
  static let grey = "#8a8f98"
  /// Of kinds of link, where gates have the others.
  static let purple = "#7a3fa0"
  static let orange = "#d9861a"

  /// Opens an SVG picture.
  static func canvas(_ path: String, width: Int, height: Int) -> [String] {
    [
      "set terminal svg size \(width),\(height) font 'sans,13' background '#ffffff'",
      "set output \(quoted(path))",
    ]
  }

  /// A named block of data.
  static func block(_ name: String, _ rows: [String]) -> [String] { ["\(name) << END"] + rows + ["END"] }

  static func block(_ name: String, _ rows: [[Double]]) -> [String] {
    block(name, rows.map { $0.map(sixDigits).joined(separator: " ") })
  }

  /// Panels side by side, in a row or more, and the legend of all of them at their right.
  struct Panels {
    let columns: Int
    var rows = 1

    private static let panelWidth = 480
    private static let legendWidth = 275
    /// For the first panel's numbers and their name.
    private static let leftMargin = 85
    private static let rowHeight = 400
    /// For the title.
    private static let headHeight = 30
    private var width: Int { Self.leftMargin + Self.panelWidth * columns + Self.legendWidth }
    private var height: Int { Self.headHeight + Self.rowHeight * rows }
    private var rightEdge: Double { 1 - Double(Self.legendWidth) / Double(width) }

    func opening(_ path: String, title: String) -> [String] {
      let left = Double(Self.leftMargin) / Double(width)
      let (foot, head) = (60 / Double(height), 1 - 72 / Double(height))
      let margins = [left, rightEdge, foot, head].map(sixDigits).joined(separator: ",")
      let spacing = "0.06,\(sixDigits(100 / Double(height)))"
      return canvas(path, width: width, height: height) + [
        "set multiplot layout \(rows),\(columns) margins \(margins) spacing \(spacing) "
          + "title \(quoted(title)) noenhanced font 'sans,15'",
        "set grid lc rgb '#e4e4e4'",
        "set border 3 lc rgb '#666666'",
        "set tics nomirror",
        "set bars small",
        "set pointintervalbox 0",
      ]
    }

    /// Shows the legend with the first panel of a row only.
    func legend(panel: Int) -> String {
      let y = 1 - (Double(panel / columns) + 0.25) / Double(rows)
      return panel % columns > 0
        ? "unset key"
        : "set key at screen \(sixDigits(rightEdge + 0.01)),\(sixDigits(y)) left top Left reverse noenhanced"
    }
  }
}
