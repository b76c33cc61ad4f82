extension ReferenceKernels {
  func maxPool(_ x: Tensor, window: Window) -> Tensor {
    let g = ConvolutionGeometry(input: x.shape, outChannels: x.shape[1], window: window)
    return x.withUnsafeBufferPointer { x in
      Tensor(g.outputShape) { y in
        y.initialize(repeating: -.infinity)
        g.forEachPooledTap { xi, yi in y[yi] = max(y[yi], x[xi]) }
      }
    }
  }

  func maxPoolGradient(_ dy: Tensor, x: Tensor, window: Window) -> Tensor {
    let g = ConvolutionGeometry(input: x.shape, outChannels: x.shape[1], window: window)
    var best = [Int](repeating: -1, count: dy.count)
    return x.withUnsafeBufferPointer { source in
      g.forEachPooledTap { xi, yi in if best[yi] < 0 || source[xi] > source[best[yi]] { best[yi] = xi } }
      return dy.withUnsafeBufferPointer { dy in
        Tensor(x.shape) { dx in
          dx.initialize(repeating: 0)
          for i in dy.indices { dx[best[i]] += dy[i] }
        }
      }
    }
  }

  func averagePool(_ x: Tensor, window: Window) -> Tensor {
    let g = ConvolutionGeometry(input: x.shape, outChannels: x.shape[1], window: window)
    let counts = g.tapCounts
    return x.withUnsafeBufferPointer { x in
      Tensor(g.outputShape) { y in
        y.initialize(repeating: 0)
        g.forEachPooledTap { xi, yi in y[yi] += x[xi] }
        for i in y.indices { y[i] /= counts[i % counts.count] }
      }
    }
  }

  func averagePoolGradient(_ dy: Tensor, window: Window, inputShape: [Int]) -> Tensor {
    let g = ConvolutionGeometry(input: inputShape, outChannels: inputShape[1], window: window)
    let counts = g.tapCounts
    return dy.withUnsafeBufferPointer { dy in
      Tensor(inputShape) { dx in
        dx.initialize(repeating: 0)
        g.forEachPooledTap { xi, yi in dx[xi] += dy[yi] / counts[yi % counts.count] }
      }
    }
  }
}

extension ConvolutionGeometry {
  @inline(__always)
  func forEachPooledTap(_ body: (_ x: Int, _ y: Int) -> Void) {
    for plane in 0..<batch * inChannels {
      for oy in 0..<outHeight {
        for ox in 0..<outWidth {
          for ky in 0..<window.size {
            let iy = oy * window.stride + ky - window.padding
            guard iy >= 0, iy < height else { continue }
            for kx in 0..<window.size {
              let ix = ox * window.stride + kx - window.padding
              guard ix >= 0, ix < width else { continue }
              body((plane * height + iy) * width + ix, (plane * outHeight + oy) * outWidth + ox)
            }
          }
        }
      }
    }
  }

  /// How many inputs each output position of a plane sees.
  var tapCounts: [Float] {
    let plane = ConvolutionGeometry(input: [1, 1, height, width], outChannels: 1, window: window)
    var counts = [Float](repeating: 0, count: outHeight * outWidth)
    plane.forEachPooledTap { _, yi in counts[yi] += 1 }
    return counts
  }
}
