import Foundation

/// The kernels of transformers in plain Swift: what other kernels are tested against.
extension KernelBackend {
  /// What layer normalisation adds to variances.
  private var epsilon: Float { 1e-5 }

  package func layerNorm(_ x: Tensor, gain: Tensor, bias: Tensor) -> (y: Tensor, moments: Tensor) {
    let width = gain.count
    precondition(x.shape.last == width && bias.count == width, "a normalisation of \(width) for \(x.shape)")
    let rows = x.count / width
    var moments = Tensor(zeros: [rows, 2])
    let y = moments.withUnsafeMutableBufferPointer { moments in
      x.withUnsafePointer { x in
        withPointers(gain, bias) { gain, bias in
          Tensor(x: x, rows: rows, width: width) { x, y, row in
            var (sum, squares) = (0.0, 0.0)
            for i in 0..<width { sum += Double(x[i]) }
            let mean = Float(sum / Double(width))
            for i in 0..<width { squares += Double((x[i] - mean) * (x[i] - mean)) }
            let inverse = 1 / (Float(squares / Double(width)) + epsilon).squareRoot()
            for i in 0..<width { y[i] = (x[i] - mean) * inverse * gain[i] + bias[i] }
            moments[2 * row] = mean
            moments[2 * row + 1] = inverse
          }
        }
      }
    }
    return (y.reshaped(x.shape), moments)
  }

  /// With x^ = (x - mean)/deviation and g = dy · gain: dx = (g - mean g - x^ mean(g x^))/deviation (Ba et al. 2016).
  package func layerNormGradient(_ dy: Tensor, x: Tensor, moments: Tensor, gain: Tensor) -> (
    dx: Tensor, gain: Tensor, bias: Tensor
  ) {
    precondition(dy.shape == x.shape, "gradient \(dy.shape) for output \(x.shape)")
    let width = gain.count
    let rows = x.count / width
    var (dgain, dbias) = ([Double](repeating: 0, count: width), [Double](repeating: 0, count: width))
    let dx = withPointers(dy, x) { dy, x in
      withPointers(moments, gain) { moments, gain in
        Tensor(x: x, rows: rows, width: width) { x, dx, row in
          let dy = dy + row * width
          let (mean, inverse) = (moments[2 * row], moments[2 * row + 1])
          var (sum, slope) = (0.0, 0.0)
          for i in 0..<width {
            let normal = (x[i] - mean) * inverse
            dgain[i] += Double(dy[i] * normal)
            dbias[i] += Double(dy[i])
            sum += Double(dy[i] * gain[i])
            slope += Double(dy[i] * gain[i] * normal)
          }
          let (a, b) = (Float(sum / Double(width)), Float(slope / Double(width)))
          for i in 0..<width { dx[i] = (dy[i] * gain[i] - a - (x[i] - mean) * inverse * b) * inverse }
        }
      }
    }
    return (
      dx.reshaped(x.shape), Tensor(dgain.map { Float($0) }, shape: [width]),
      Tensor(dbias.map { Float($0) }, shape: [width])
    )
  }

  package func gelu(_ x: Tensor) -> Tensor { x.map { $0 * normalDistribution($0) } }

  /// d(x Φ(x))/dx = Φ(x) + x φ(x).
  package func geluGradient(_ dy: Tensor, x: Tensor) -> Tensor {
    dy * x.map { normalDistribution($0) + $0 * expf(-0.5 * $0 * $0) / (2 * Float.pi).squareRoot() }
  }

  package func attention(_ qkv: Tensor, heads: Int) -> (y: Tensor, probabilities: Tensor) {
    let g = AttentionGeometry(qkv: qkv.shape, heads: heads)
    var probabilities = Tensor(zeros: [g.batch, heads, g.tokens, g.tokens])
    let y = probabilities.withUnsafeMutableBufferPointer { probabilities in
      qkv.withUnsafePointer { qkv in
        Tensor([g.batch, g.tokens, g.width]) { y in
          guard let y = y.baseAddress, let probabilities = probabilities.baseAddress else { return }
          y.initialize(repeating: 0, count: g.batch * g.tokens * g.width)
          Parallel.forEach(below: g.batch * heads) { index in
            let (q, k, v) = g.parts(of: qkv, head: index)
            let p = probabilities + index * g.tokens * g.tokens
            g.product(q, 3 * g.width, 1, transposed: k, into: p)
            for row in 0..<g.tokens { g.softmax(p + row * g.tokens) }
            g.product(p, g.tokens, 1, v, 3 * g.width, into: y + g.offset(ofHead: index), g.width)
          }
        }
      }
    }
    return (y, probabilities)
  }

  /// With o = p v and p = softmax(s q kᵀ): dv = pᵀ do, dp = do vᵀ, dq = s p (dp - Σ dp p) k, and dk the same with q.
  package func attentionGradient(_ dy: Tensor, qkv: Tensor, probabilities: Tensor) -> Tensor {
    let g = AttentionGeometry(qkv: qkv.shape, heads: probabilities.shape[1])
    precondition(dy.shape == [g.batch, g.tokens, g.width], "gradient \(dy.shape) for attention on \(qkv.shape)")
    let shape = qkv.shape
    return withPointers(dy, qkv) { dy, qkv in
      probabilities.withUnsafePointer { probabilities in
        Tensor(shape) { dqkv in
          guard let dqkv = dqkv.baseAddress else { return }
          dqkv.initialize(repeating: 0, count: 3 * g.batch * g.tokens * g.width)
          Parallel.forEach(below: g.batch * g.heads) { index in
            let (q, k, v) = g.parts(of: qkv, head: index)
            let (dq, dk, dv) = g.parts(of: dqkv, head: index)
            let p = probabilities + index * g.tokens * g.tokens
            let dout = dy + g.offset(ofHead: index)
            let ds = Scratch(zeros: g.tokens * g.tokens)
            g.product(p, 1, g.tokens, dout, g.width, into: dv, 3 * g.width)
            g.product(dout, g.width, 1, transposed: v, into: ds.base)
            for i in stride(from: 0, to: g.tokens * g.tokens, by: g.tokens) {
              var mean: Float = 0
              for j in i..<i + g.tokens { mean += ds.base[j] * p[j] }
              for j in i..<i + g.tokens { ds.base[j] = g.scale * p[j] * (ds.base[j] - mean) }
            }
            g.product(ds.base, g.tokens, 1, k, 3 * g.width, into: dq, 3 * g.width)
            g.product(ds.base, 1, g.tokens, q, 3 * g.width, into: dk, 3 * g.width)
          }
        }
      }
    }
  }

  /// Φ(x).
  private func normalDistribution(_ x: Float) -> Float { 0.5 * (1 + erff(x / Float(2).squareRoot())) }
}

extension Tensor {
  /// Rows made of rows.
  fileprivate init(
    x: UnsafePointer<Float>, rows: Int, width: Int,
    _ body: (_ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ row: Int) -> Void
  ) {
    self.init([rows, width]) { y in
      guard let y = y.baseAddress else { return }
      for row in 0..<rows { body(x + row * width, y + row * width, row) }
    }
  }
}

/// The extents of attention.
struct AttentionGeometry {
  let batch: Int
  let tokens: Int
  /// Of all heads together.
  let width: Int
  let heads: Int
  var headWidth: Int { width / heads }
  var scale: Float { 1 / Float(headWidth).squareRoot() }

  init(qkv shape: [Int], heads: Int) {
    precondition(
      shape.count == 3 && shape[2] % (3 * heads) == 0, "\(shape) is not [batch, tokens, 3 x \(heads) heads]")
    (batch, tokens, width, self.heads) = (shape[0], shape[1], shape[2] / 3, heads)
  }

  /// Where head `index` of all images' begins in `[batch, tokens, width]`.
  func offset(ofHead index: Int) -> Int { index / heads * tokens * width + index % heads * headWidth }

  /// q, k and v of head `index`; their rows are 3 widths apart.
  func parts<Pointer: Strideable>(of qkv: Pointer, head index: Int) -> (q: Pointer, k: Pointer, v: Pointer)
  where Pointer.Stride == Int {
    let q = qkv.advanced(by: index / heads * tokens * 3 * width + index % heads * headWidth)
    return (q, q.advanced(by: width), q.advanced(by: 2 * width))
  }

  /// c `[tokens, tokens]` += a bᵀ for a `[tokens, head width]` and b with rows as far apart as those of q, k and v.
  func product(
    _ a: UnsafePointer<Float>, _ aStride: Int, _ aStep: Int, transposed b: UnsafePointer<Float>,
    into c: UnsafeMutablePointer<Float>
  ) {
    let panels = Scratch(zeros: PanelPacking.packedCount(columns: tokens, depth: headWidth))
    PanelPacking.transpose(b, rows: tokens, columns: headWidth, stride: 3 * width, into: panels.base)
    MatrixProduct.accumulate(
      rows: tokens, columns: tokens, depth: headWidth, a: LeftMatrix(base: a, rowStride: aStride, step: aStep),
      b: RightMatrix(packed: panels.base, depth: headWidth), c: c, cStride: tokens)
  }

  /// c `[tokens, head width]` += a b for a `[tokens, tokens]` and b `[tokens, head width]`.
  func product(
    _ a: UnsafePointer<Float>, _ aStride: Int, _ aStep: Int, _ b: UnsafePointer<Float>, _ bStride: Int,
    into c: UnsafeMutablePointer<Float>, _ cStride: Int
  ) {
    let panels = Scratch(zeros: PanelPacking.packedCount(columns: headWidth, depth: tokens))
    PanelPacking.pack(b, depth: tokens, columns: headWidth, stride: bStride, into: panels.base)
    MatrixProduct.accumulate(
      rows: tokens, columns: headWidth, depth: tokens, a: LeftMatrix(base: a, rowStride: aStride, step: aStep),
      b: RightMatrix(packed: panels.base, depth: tokens), c: c, cStride: cStride)
  }

  /// softmax(scale x) of a row of scores, in place.
  func softmax(_ x: UnsafeMutablePointer<Float>) {
    var peak = -Float.infinity
    for i in 0..<tokens { peak = max(peak, x[i]) }
    var total: Float = 0
    for i in 0..<tokens {
      x[i] = expf((x[i] - peak) * scale)
      total += x[i]
    }
    for i in 0..<tokens { x[i] /= total }
  }
}
