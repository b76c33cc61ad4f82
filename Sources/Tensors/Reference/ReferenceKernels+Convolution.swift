extension ReferenceKernels {
  func convolution(_ x: Tensor, weight: Tensor, bias: Tensor?, window: Window, activation: Activation) -> Tensor {
    let g = ConvolutionGeometry(input: x.shape, outChannels: weight.shape[0], window: window)
    return x.withUnsafeBufferPointer { x in
      weight.withUnsafeBufferPointer { w in
        Tensor(g.outputShape) { y in
          for i in y.indices {
            let channel = i / (g.outHeight * g.outWidth) % g.outChannels
            y[i] = bias?[channel] ?? 0
          }
          g.forEachTap { xi, wi, yi in y[yi] += x[xi] * w[wi] }
          if activation == .relu { for i in y.indices { y[i] = max(y[i], 0) } }
        }
      }
    }
  }

  func convolutionInputGradient(_ dy: Tensor, weight: Tensor, window: Window, inputShape: [Int]) -> Tensor {
    let g = ConvolutionGeometry(input: inputShape, outChannels: weight.shape[0], window: window)
    return dy.withUnsafeBufferPointer { dy in
      weight.withUnsafeBufferPointer { w in
        Tensor(inputShape) { dx in
          dx.initialize(repeating: 0)
          g.forEachTap { xi, wi, yi in dx[xi] += dy[yi] * w[wi] }
        }
      }
    }
  }

  func convolutionWeightGradient(_ dy: Tensor, x: Tensor, window: Window) -> (weight: Tensor, bias: Tensor) {
    let g = ConvolutionGeometry(input: x.shape, outChannels: dy.shape[1], window: window)
    var weight = Tensor(zeros: [g.outChannels, g.inChannels, window.size, window.size])
    var bias = Tensor(zeros: [g.outChannels])
    dy.withUnsafeBufferPointer { dy in
      x.withUnsafeBufferPointer { x in
        weight.withUnsafeMutableBufferPointer { dw in g.forEachTap { xi, wi, yi in dw[wi] += dy[yi] * x[xi] } }
      }
      bias.withUnsafeMutableBufferPointer { db in
        for i in dy.indices { db[i / (g.outHeight * g.outWidth) % g.outChannels] += dy[i] }
      }
    }
    return (weight, bias)
  }
}

/// The extents of one convolution.
struct ConvolutionGeometry {
  let batch, inChannels, height, width, outChannels, outHeight, outWidth: Int
  let window: Window

  init(input: [Int], outChannels: Int, window: Window) {
    precondition(input.count == 4, "a convolution reads [batch, channels, height, width], not \(input)")
    (batch, inChannels, height, width) = (input[0], input[1], input[2], input[3])
    self.outChannels = outChannels
    outHeight = window.positions(along: height)
    outWidth = window.positions(along: width)
    self.window = window
  }

  var outputShape: [Int] { [batch, outChannels, outHeight, outWidth] }

  @inline(__always)
  func forEachTap(_ body: (_ x: Int, _ w: Int, _ y: Int) -> Void) {
    for n in 0..<batch {
      for o in 0..<outChannels {
        for c in 0..<inChannels {
          for ky in 0..<window.size {
            for kx in 0..<window.size {
              let wi = ((o * inChannels + c) * window.size + ky) * window.size + kx
              for oy in 0..<outHeight {
                let iy = oy * window.stride + ky - window.padding
                guard iy >= 0, iy < height else { continue }
                for ox in 0..<outWidth {
                  let ix = ox * window.stride + kx - window.padding
                  guard ix >= 0, ix < width else { continue }
                  body(
                    ((n * inChannels + c) * height + iy) * width + ix, wi,
                    ((n * outChannels + o) * outHeight + oy) * outWidth + ox)
                }
              }
            }
          }
        }
      }
    }
  }
}
