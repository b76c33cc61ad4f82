/// Pieces of its language that pictures share.
extension Gnuplot {
  static let blue = "#1f5fb4"
  static let red = "#c8401f"
  static let green = "#2a8a3e"
  static let grey = "#8a8f98"

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

  /// Panels side by side, and the legend of all of them at their right.
  struct PanelRow {
    let count: Int

    private static let panelWidth = 480
    private static let legendWidth = 275
    /// For the first panel's numbers and their name.
    private static let leftMargin = 85
    private static let height = 430
    private var width: Int { Self.leftMargin + Self.panelWidth * count + Self.legendWidth }
    private var rightEdge: Double { 1 - Double(Self.legendWidth) / Double(width) }

    func opening(_ path: String, title: String) -> [String] {
      let left = Double(Self.leftMargin) / Double(width)
      let margins = [left, rightEdge, 0.16, 0.84].map(sixDigits).joined(separator: ",")
      return canvas(path, width: width, height: Self.height) + [
        "set multiplot layout 1,\(count) margins \(margins) spacing 0.06 title \(quoted(title)) noenhanced font 'sans,15'",
        "set grid lc rgb '#e4e4e4'",
        "set border 3 lc rgb '#666666'",
        "set tics nomirror",
        "set bars small",
        "set pointintervalbox 0",
      ]
    }

    /// Shows the legend with the first panel only.
    func legend(panel: Int) -> String {
      panel > 0
        ? "unset key" : "set key at screen \(sixDigits(rightEdge + 0.01)),0.75 left top Left reverse noenhanced"
    }
  }
}
