import Tensors

/// Kernels written out as their definitions say, in double precision and without any thought of speed.
enum Oracle {
  static func linear(_ x: Tensor, weight: Tensor, bias: Tensor?, activation: Activation) -> Tensor {
    let (outputs, inputs) = (weight.shape[0], weight.shape[1])
    let rows = x.count / inputs
    let flat = x.reshaped([rows, inputs])
    let y = build([rows, outputs]) { i in
      (0..<inputs).reduce(Double(bias?[i[1]] ?? 0)) { $0 + Double(flat[i[0], $1]) * Double(weight[i[1], $1]) }
    }
    return rectified(y, activation).reshaped(x.shape.dropLast() + [outputs])
  }

  static func linearInputGradient(_ dy: Tensor, weight: Tensor) -> Tensor {
    let (outputs, inputs) = (weight.shape[0], weight.shape[1])
    let rows = dy.count / outputs
    let flat = dy.reshaped([rows, outputs])
    return build([rows, inputs]) { i in
      (0..<outputs).reduce(0) { $0 + Double(flat[i[0], $1]) * Double(weight[$1, i[1]]) }
    }
    .reshaped(dy.shape.dropLast() + [inputs])
  }

  static func linearWeightGradient(_ dy: Tensor, x: Tensor) -> (weight: Tensor, bias: Tensor) {
    let (outputs, inputs) = (dy.shape[dy.shape.count - 1], x.shape[x.shape.count - 1])
    let rows = dy.count / outputs
    let (dy, x) = (dy.reshaped([rows, outputs]), x.reshaped([rows, inputs]))
    return (
      build([outputs, inputs]) { i in (0..<rows).reduce(0) { $0 + Double(dy[$1, i[0]]) * Double(x[$1, i[1]]) } },
      build([outputs]) { i in (0..<rows).reduce(0) { $0 + Double(dy[$1, i[0]]) } }
    )
  }

  static func convolution(
    _ x: Tensor, weight: Tensor, bias: Tensor?, window: Window, activation: Activation
  ) -> Tensor {
    let shape = outputShape(x.shape, channels: weight.shape[0], window: window)
    var sums = [Double](repeating: 0, count: shape.reduce(1, *))
    let plane = shape[2] * shape[3]
    if let bias { for i in sums.indices { sums[i] = Double(bias[i / plane % shape[1]]) } }
    let (xs, ws) = (x.scalars, weight.scalars)
    forEachTap(x.shape, outputs: shape, window: window) { xi, wi, yi in sums[yi] += Double(xs[xi]) * Double(ws[wi]) }
    return rectified(Tensor(sums.map { Float($0) }, shape: shape), activation)
  }

  static func convolutionInputGradient(
    _ dy: Tensor, weight: Tensor, window: Window, inputShape: [Int]
  ) -> Tensor {
    var sums = [Double](repeating: 0, count: inputShape.reduce(1, *))
    let (dys, ws) = (dy.scalars, weight.scalars)
    forEachTap(inputShape, outputs: dy.shape, window: window) { xi, wi, yi in
      sums[xi] += Double(dys[yi]) * Double(ws[wi])
    }
    return Tensor(sums.map { Float($0) }, shape: inputShape)
  }

  static func convolutionWeightGradient(
    _ dy: Tensor, x: Tensor, window: Window
  ) -> (weight: Tensor, bias: Tensor) {
    let shape = [dy.shape[1], x.shape[1], window.size, window.size]
    var sums = [Double](repeating: 0, count: shape.reduce(1, *))
    var bias = [Double](repeating: 0, count: dy.shape[1])
    let (dys, xs) = (dy.scalars, x.scalars)
    forEachTap(x.shape, outputs: dy.shape, window: window) { xi, wi, yi in
      sums[wi] += Double(dys[yi]) * Double(xs[xi])
    }
    for i in dys.indices { bias[i / (dy.shape[2] * dy.shape[3]) % dy.shape[1]] += Double(dys[i]) }
    return (Tensor(sums.map { Float($0) }, shape: shape), Tensor(bias.map { Float($0) }, shape: [dy.shape[1]]))
  }

  /// All values that each pooling window covers, with their places, in row-major order.
  static func windows(_ x: Tensor, window: Window) -> (shape: [Int], covered: [[Int]]) {
    let shape = outputShape(x.shape, channels: x.shape[1], window: window)
    let (height, width) = (x.shape[2], x.shape[3])
    var covered = [[Int]](repeating: [], count: shape.reduce(1, *))
    for i in covered.indices {
      let (plane, row, column) = (i / (shape[2] * shape[3]), i / shape[3] % shape[2], i % shape[3])
      for y in row * window.stride - window.padding..<row * window.stride - window.padding + window.size {
        for x in column * window.stride - window.padding..<column * window.stride - window.padding + window.size
        where y >= 0 && y < height && x >= 0 && x < width {
          covered[i].append((plane * height + y) * width + x)
        }
      }
    }
    return (shape, covered)
  }

  static func outputShape(_ input: [Int], channels: Int, window: Window) -> [Int] {
    [input[0], channels, window.positions(along: input[2]), window.positions(along: input[3])]
  }

  private static func forEachTap(
    _ x: [Int], outputs y: [Int], window: Window, _ body: (_ x: Int, _ w: Int, _ y: Int) -> Void
  ) {
    for n in 0..<y[0] {
      for o in 0..<y[1] {
        for oy in 0..<y[2] {
          for ox in 0..<y[3] {
            for c in 0..<x[1] {
              for ky in 0..<window.size {
                for kx in 0..<window.size {
                  let (iy, ix) = (oy * window.stride + ky - window.padding, ox * window.stride + kx - window.padding)
                  guard iy >= 0, iy < x[2], ix >= 0, ix < x[3] else { continue }
                  body(
                    ((n * x[1] + c) * x[2] + iy) * x[3] + ix,
                    ((o * x[1] + c) * window.size + ky) * window.size + kx,
                    ((n * y[1] + o) * y[2] + oy) * y[3] + ox)
                }
              }
            }
          }
        }
      }
    }
  }

  private static func rectified(_ y: Tensor, _ activation: Activation) -> Tensor {
    activation == .relu ? y.map { max($0, 0) } : y
  }

  private static func build(_ shape: [Int], _ element: ([Int]) -> Double) -> Tensor {
    Tensor(
      (0..<shape.reduce(1, *)).map { flat in
        var rest = flat
        let index = shape.reversed().map { extent in
          defer { rest /= extent }
          return rest % extent
        }
        return Float(element(index.reversed()))
      }, shape: shape)
  }
}
