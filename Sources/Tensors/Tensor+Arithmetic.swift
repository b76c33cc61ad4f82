/// Element by element arithmetic; shapes must be equal.
extension Tensor {
  package func map(_ transform: (Float) -> Float) -> Tensor {
    withUnsafeBufferPointer { x in
      Tensor(shape) { y in for i in x.indices { y[i] = transform(x[i]) } }
    }
  }

  package static func + (a: Tensor, b: Tensor) -> Tensor { a.combined(with: b) { $0 + $1 } }
  package static func - (a: Tensor, b: Tensor) -> Tensor { a.combined(with: b) { $0 - $1 } }
  package static func * (a: Tensor, b: Tensor) -> Tensor { a.combined(with: b) { $0 * $1 } }
  package static func * (factor: Float, a: Tensor) -> Tensor { a.map { factor * $0 } }

  package static func += (a: inout Tensor, b: Tensor) { a.add(b, scaledBy: 1) }
  package static func *= (a: inout Tensor, factor: Float) {
    a.withUnsafeMutableBufferPointer { a in
      Parallel.splitElements(a.count) { for i in $0 { a[i] *= factor } }
    }
  }

  /// `self += factor * b`.
  package mutating func add(_ b: Tensor, scaledBy factor: Float) {
    precondition(shape == b.shape, "\(shape) + \(b.shape)")
    withUnsafeMutableBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        Parallel.splitElements(a.count) { for i in $0 { a[i] += factor * b[i] } }
      }
    }
  }

  @inline(__always)
  private func combined(with b: Tensor, _ operation: (Float, Float) -> Float) -> Tensor {
    precondition(shape == b.shape, "shapes \(shape) and \(b.shape) differ")
    return withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        Tensor(shape) { y in for i in a.indices { y[i] = operation(a[i], b[i]) } }
      }
    }
  }

  /// The sum of all elements, accumulated in double precision.
  package var sum: Float { withUnsafeBufferPointer { Float($0.reduce(0.0) { $0 + Double($1) }) } }

  /// The sum of all elements' squares, accumulated in double precision, eight sums side by side.
  package var sumOfSquares: Double {
    withUnsafeBufferPointer { x in
      var sums = SIMD8<Double>()
      let whole = x.count / 8 * 8
      for start in stride(from: 0, to: whole, by: 8) {
        var part = SIMD8<Float>()
        for lane in 0..<8 { part[lane] = x[start + lane] }
        let wide = SIMD8<Double>(part)
        sums += wide * wide
      }
      return x[whole...].reduce(sums.sum()) { $0 + Double($1) * Double($1) }
    }
  }

  /// The index of the largest element of every row; the first of equals.
  package var argmaxOfRows: [Int] {
    let length = rowLength
    precondition(length > 0, "rows of \(shape) are empty")
    return withUnsafeBufferPointer { x in
      (0..<rowCount).map { row in
        let start = row * length
        return (1..<length).reduce(0) { x[start + $1] > x[start + $0] ? $1 : $0 }
      }
    }
  }
}
