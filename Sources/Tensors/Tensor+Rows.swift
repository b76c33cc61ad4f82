extension Tensor {
  /// The rows at `indices`, copied, `[indices.count, …]`.
  package func selectingRows(_ indices: some Collection<Int>) -> Tensor {
    let length = rowLength
    return Tensor([indices.count] + shape.dropFirst()) { rows in
      withUnsafeBufferPointer { all in
        for (place, index) in indices.enumerated() {
          _ = rows[place * length..<(place + 1) * length].update(
            fromContentsOf: all[index * length..<(index + 1) * length])
        }
      }
    }
  }

  /// The transpose of ``selectingRows(_:)``: the rows at `indices`, no two alike, of `[count, …]`, and zeros elsewhere.
  package func spreadingRows(to indices: some Collection<Int>, of count: Int) -> Tensor {
    let length = rowLength
    var all = Tensor(zeros: [count] + shape.dropFirst())
    withUnsafeBufferPointer { rows in
      all.withUnsafeMutableBufferPointer { all in
        for (place, index) in indices.enumerated() {
          _ = all[index * length..<(index + 1) * length].update(
            fromContentsOf: rows[place * length..<(place + 1) * length])
        }
      }
    }
    return all
  }

  /// Of a matrix `[rows, columns]`: `[columns, rows]`.
  package var transposed: Tensor {
    let (rows, columns) = (shape[0], rowLength)
    return withUnsafeBufferPointer { x in
      Tensor([columns, rows]) { y in
        for i in 0..<rows { for j in 0..<columns { y[j * rows + i] = x[i * columns + j] } }
      }
    }
  }
}
