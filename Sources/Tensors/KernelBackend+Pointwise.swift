import Foundation

extension KernelBackend {
  package func relu(_ x: Tensor) -> Tensor { x.map { max($0, 0) } }

  package func reluGradient(_ dy: Tensor, y: Tensor) -> Tensor {
    precondition(dy.shape == y.shape, "gradient \(dy.shape) for output \(y.shape)")
    let shape = y.shape
    return withPointers(dy, y) { dy, y in
      Tensor(shape) { dx in
        Parallel.split(dx.count, multipleOf: 1 << 14) { range in
          for i in range {
            // Loaded in any case, so that the choice is a mask and not a branch.
            let gradient = dy[i]
            dx[i] = y[i] > 0 ? gradient : 0
          }
        }
      }
    }
  }

  package func softmax(_ x: Tensor) -> Tensor {
    x.mapRows { x, y in
      let largest = x.max() ?? 0
      var sum: Float = 0
      for i in x.indices {
        y[i] = exp(x[i] - largest)
        sum += y[i]
      }
      for i in y.indices { y[i] /= sum }
    }
  }

  /// dx = y (dy - Σ dy y).
  package func softmaxGradient(_ dy: Tensor, y: Tensor) -> Tensor {
    dy.mapRows(with: y) { dy, y, dx in
      var dot: Float = 0
      for i in dy.indices { dot += dy[i] * y[i] }
      for i in dy.indices { dx[i] = y[i] * (dy[i] - dot) }
    }
  }

  package func logSoftmax(_ x: Tensor) -> Tensor {
    x.mapRows { x, y in
      let largest = x.max() ?? 0
      var sum: Float = 0
      for i in x.indices { sum += exp(x[i] - largest) }
      let logSum = largest + log(sum)
      for i in x.indices { y[i] = x[i] - logSum }
    }
  }

  /// dx = dy - exp(y) Σ dy.
  package func logSoftmaxGradient(_ dy: Tensor, y: Tensor) -> Tensor {
    dy.mapRows(with: y) { dy, y, dx in
      var sum: Float = 0
      for i in dy.indices { sum += dy[i] }
      for i in dy.indices { dx[i] = dy[i] - exp(y[i]) * sum }
    }
  }
}

extension Tensor {
  typealias Row = UnsafeBufferPointer<Float>
  typealias MutableRow = UnsafeMutableBufferPointer<Float>

  /// Applies `body` to every vector along the innermost axis.
  func mapRows(_ body: (Row, MutableRow) -> Void) -> Tensor {
    let length = shape.last ?? 1
    return withUnsafeBufferPointer { x in
      Tensor(shape) { y in
        guard length > 0 else { return }
        for start in stride(from: 0, to: x.count, by: length) {
          body(Row(rebasing: x[start..<start + length]), MutableRow(rebasing: y[start..<start + length]))
        }
      }
    }
  }

  func mapRows(with other: Tensor, _ body: (Row, Row, MutableRow) -> Void) -> Tensor {
    precondition(shape == other.shape, "shapes \(shape) and \(other.shape) differ")
    let length = shape.last ?? 1
    return withUnsafeBufferPointer { a in
      other.withUnsafeBufferPointer { b in
        Tensor(shape) { y in
          guard length > 0 else { return }
          for start in stride(from: 0, to: a.count, by: length) {
            let range = start..<start + length
            body(Row(rebasing: a[range]), Row(rebasing: b[range]), MutableRow(rebasing: y[range]))
          }
        }
      }
    }
  }
}
