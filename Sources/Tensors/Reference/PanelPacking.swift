/// Brings matrices into packed panels: 8 columns side by side, the last panel padded with zeros.
enum PanelPacking {
  static func packedCount(columns: Int, depth: Int) -> Int {
    (columns + Panel.width - 1) / Panel.width * Panel.width * depth
  }

  /// The panels of a row-major matrix `[depth, columns]`.
  static func pack(
    _ source: UnsafePointer<Float>, depth: Int, columns: Int, stride: Int, into panels: UnsafeMutablePointer<Float>
  ) {
    for first in Swift.stride(from: 0, to: columns, by: Panel.width) {
      let panel = panels + first * depth
      let count = min(Panel.width, columns - first)
      for k in 0..<depth {
        let row = source + k * stride + first
        if count == Panel.width {
          Panel.load(row).store(to: panel + k * Panel.width)
        } else {
          for j in 0..<Panel.width { panel[k * Panel.width + j] = j < count ? row[j] : 0 }
        }
      }
    }
  }

  /// The panels of the transpose of a row-major matrix `[rows, columns]`, that is of a matrix `[columns, rows]`.
  static func transpose(
    _ source: UnsafePointer<Float>, rows: Int, columns: Int, stride: Int, into panels: UnsafeMutablePointer<Float>
  ) {
    for first in Swift.stride(from: 0, to: rows, by: Panel.width) {
      let panel = panels + first * columns
      let count = min(Panel.width, rows - first)
      for j in 0..<count {
        let row = source + (first + j) * stride
        for k in 0..<columns { panel[k * Panel.width + j] = row[k] }
      }
      for j in count..<Panel.width {
        for k in 0..<columns { panel[k * Panel.width + j] = 0 }
      }
    }
  }
}
