package import Randomness
package import Tensors

/// Zeroes a share of the numbers in training and scales up the others, so that means stay; inference changes nothing
/// (Srivastava et al. 2014).
///
/// What is zeroed is a pure function of the stream, the row's number and the column, however a batch is cut into parts.
package struct Dropout: ParameterlessLayer {
  package let rate: Float
  private let stream: StreamKey
  private let firstRow: UInt64

  /// - Parameters:
  ///   - rate: the share that is zeroed, below 1.
  ///   - firstRow: the number, in the stream, of the first row of what it is applied to.
  package init(_ rate: Float, stream: StreamKey, firstRow: UInt64 = 0) {
    precondition((0..<1).contains(rate), "a dropout of \(rate)")
    self.rate = rate
    self.stream = stream
    self.firstRow = firstRow
  }

  package func callAsFunction(_ x: Tensor) -> Tensor { x }

  package func pulledBack(_ x: Tensor) -> (y: Tensor, pullback: Pullback<Dropout>) {
    guard rate > 0 else { return (x, { dy in (dy, self) }) }
    let mask = mask(x.shape)
    return (x * mask, { dy in (dy * mask, self) })
  }

  /// 0 where a number is dropped, 1/(1 - rate) elsewhere.
  private func mask(_ shape: [Int]) -> Tensor {
    let length = shape.dropFirst().reduce(1, *)
    let threshold = UInt64(Double(rate) * 0x1p32)
    let kept = 1 / (1 - rate)
    return Tensor(shape) { mask in
      for row in 0..<(shape.first ?? 1) {
        let words = stream.appending(firstRow + UInt64(row))
        for column in stride(from: 0, to: length, by: 4) {
          let block = words.block(at: UInt64(column / 4))
          for lane in 0..<min(4, length - column) {
            mask[row * length + column + lane] = UInt64(block[lane]) < threshold ? 0 : kept
          }
        }
      }
    }
  }
}
