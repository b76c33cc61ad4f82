extension KernelBackend {
  package func maxPool(_ x: Tensor, window: Window) -> Tensor {
    let g = ConvolutionGeometry(input: x.shape, outChannels: x.shape[1], window: window)
    return x.withUnsafePointer { x in
      Tensor(g.outputShape) { y in
        guard let y = y.baseAddress else { return }
        Parallel.split(g.batch * g.inChannels) { planes in
          for plane in planes {
            let (x, y) = (x + plane * g.inPlane, y + plane * g.outPlane)
            if g.isHalving {
              g.halve(x, into: y)
            } else {
              y.initialize(repeating: -.infinity, count: g.outPlane)
              g.forEachTap { input, output in y[output] = max(x[input], y[output]) }
            }
          }
        }
      }
    }
  }

  package func maxPoolGradient(_ dy: Tensor, x: Tensor, window: Window) -> Tensor {
    let g = ConvolutionGeometry(input: x.shape, outChannels: x.shape[1], window: window)
    precondition(dy.shape == g.outputShape, "gradient \(dy.shape) for output \(g.outputShape)")
    let shape = x.shape
    return withPointers(dy, x) { dy, x in
      Tensor(shape) { dx in
        guard let dx = dx.baseAddress else { return }
        Parallel.split(g.batch * g.inChannels) { planes in
          var winners = [Int](repeating: -1, count: g.outPlane)
          for plane in planes {
            let (x, dx, dy) = (x + plane * g.inPlane, dx + plane * g.inPlane, dy + plane * g.outPlane)
            if g.isHalving && g.height % 2 == 0 && g.width % 2 == 0 && g.outWidth >= 4 {
              g.giveBack(dy, toLargestOf: x, in: dx)
            } else {
              dx.initialize(repeating: 0, count: g.inPlane)
              for output in winners.indices { winners[output] = -1 }
              g.forEachTap { input, output in
                if winners[output] < 0 || x[input] > x[winners[output]] { winners[output] = input }
              }
              for output in winners.indices { dx[winners[output]] += dy[output] }
            }
          }
        }
      }
    }
  }

  package func averagePool(_ x: Tensor, window: Window) -> Tensor {
    let g = ConvolutionGeometry(input: x.shape, outChannels: x.shape[1], window: window)
    let shares = g.tapShares
    return x.withUnsafePointer { x in
      Tensor(g.outputShape) { y in
        guard let y = y.baseAddress else { return }
        Parallel.split(g.batch * g.inChannels) { planes in
          for plane in planes {
            let (x, y) = (x + plane * g.inPlane, y + plane * g.outPlane)
            y.initialize(repeating: 0, count: g.outPlane)
            g.forEachTap { input, output in y[output] += x[input] }
            for output in 0..<g.outPlane { y[output] *= shares[output] }
          }
        }
      }
    }
  }

  package func averagePoolGradient(_ dy: Tensor, window: Window, inputShape: [Int]) -> Tensor {
    let g = ConvolutionGeometry(input: inputShape, outChannels: inputShape[1], window: window)
    precondition(dy.shape == g.outputShape, "gradient \(dy.shape) for output \(g.outputShape)")
    let shares = g.tapShares
    return dy.withUnsafePointer { dy in
      Tensor(inputShape) { dx in
        guard let dx = dx.baseAddress else { return }
        Parallel.split(g.batch * g.inChannels) { planes in
          for plane in planes {
            let (dx, dy) = (dx + plane * g.inPlane, dy + plane * g.outPlane)
            dx.initialize(repeating: 0, count: g.inPlane)
            g.forEachTap { input, output in dx[input] += dy[output] * shares[output] }
          }
        }
      }
    }
  }
}

extension ConvolutionGeometry {
  /// Every pair of an input and an output of one plane that a pooling window connects.
  @inline(__always)
  fileprivate func forEachTap(_ body: (_ input: Int, _ output: Int) -> Void) {
    for row in 0..<outHeight {
      let top = row * window.stride - window.padding
      for column in 0..<outWidth {
        let left = column * window.stride - window.padding
        for y in max(top, 0)..<min(top + window.size, height) {
          for x in max(left, 0)..<min(left + window.size, width) { body(y * width + x, row * outWidth + column) }
        }
      }
    }
  }

  /// What one input counts in the average of each output of a plane.
  fileprivate var tapShares: [Float] {
    var counts = [Float](repeating: 0, count: outPlane)
    forEachTap { _, output in counts[output] += 1 }
    return counts.map { 1 / $0 }
  }

  /// The commonest pooling: windows of 2, side by side.
  fileprivate var isHalving: Bool { window == Window(2, stride: 2) }

  fileprivate func halve(_ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>) {
    for row in 0..<outHeight {
      let upper = x + 2 * row * width
      let lower = upper + width
      let target = y + row * outWidth
      for column in 0..<outWidth {
        let left = max(upper[2 &* column], lower[2 &* column])
        let right = max(upper[2 &* column &+ 1], lower[2 &* column &+ 1])
        target[column] = max(left, right)
      }
    }
  }

  /// Four windows at a time and with masks: which of four is largest is a coin toss that no branch predictor wins.
  fileprivate func giveBack(
    _ dy: UnsafePointer<Float>, toLargestOf x: UnsafePointer<Float>, in dx: UnsafeMutablePointer<Float>
  ) {
    for row in 0..<outHeight {
      let (upper, lower) = (x + 2 * row * width, x + (2 * row + 1) * width)
      let (upperTarget, lowerTarget) = (dx + 2 * row * width, dx + (2 * row + 1) * width)
      let gradients = dy + row * outWidth
      var next = 0
      while next < outWidth {
        // The last four overlap those before: they get the same once more.
        let column = min(next, outWidth - 4)
        let gradient = UnsafeRawPointer(gradients + column).loadUnaligned(as: SIMD4<Float>.self)
        let shares = Self.shares(
          of: gradient, upper: Panel.load(upper + 2 * column), lower: Panel.load(lower + 2 * column))
        shares.upper.store(to: upperTarget + 2 * column)
        shares.lower.store(to: lowerTarget + 2 * column)
        next += 4
      }
    }
  }

  @inline(__always)
  private static func shares(
    of gradient: SIMD4<Float>, upper: Panel, lower: Panel
  ) -> (upper: Panel, lower: Panel) {
    let leftOfUpper = upper.evenHalf .>= upper.oddHalf
    let leftOfLower = lower.evenHalf .>= lower.oddHalf
    let largestUpper = upper.oddHalf.replacing(with: upper.evenHalf, where: leftOfUpper)
    let largestLower = lower.oddHalf.replacing(with: lower.evenHalf, where: leftOfLower)
    let toUpper = SIMD4<Float>.zero.replacing(with: gradient, where: largestUpper .>= largestLower)
    let toLower = gradient.replacing(with: 0, where: largestUpper .>= largestLower)
    var shares = (upper: Panel.zero, lower: Panel.zero)
    shares.upper.evenHalf.replace(with: toUpper, where: leftOfUpper)
    shares.upper.oddHalf = toUpper.replacing(with: 0, where: leftOfUpper)
    shares.lower.evenHalf.replace(with: toLower, where: leftOfLower)
    shares.lower.oddHalf = toLower.replacing(with: 0, where: leftOfLower)
    return shares
  }
}
