/// Text in columns: those with numbers are right-aligned.
struct Table {
  private let headings: [String]
  private let isNumeric: [Bool]
  private var rows: [[String]] = []

  /// - Parameter columns: headings; one that starts with ">" is of a column of numbers.
  init(_ columns: String...) { self.init(columns: columns) }

  /// The same for columns that are found out at run time.
  init(columns: [String]) {
    isNumeric = columns.map { $0.hasPrefix(">") }
    headings = columns.map { $0.hasPrefix(">") ? String($0.dropFirst()) : $0 }
  }

  mutating func add(_ cells: String...) { add(cells: cells) }

  mutating func add(cells: [String]) {
    precondition(cells.count == headings.count, "\(cells.count) cells in a table of \(headings.count) columns")
    rows.append(cells)
  }

  func show() {
    for line in lines { print(line) }
  }

  var lines: [String] {
    let widths = headings.indices.map { column in
      ([headings] + rows).map { $0[column].count }.max() ?? 0
    }
    return ([headings, widths.map { String(repeating: "-", count: $0) }] + rows).map { row in
      var line = ""
      for (column, cell) in row.enumerated() {
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        line += (isNumeric[column] ? padding + cell : cell + padding) + "  "
      }
      while line.last == " " { line.removeLast() }
      return line
    }
  }
}
