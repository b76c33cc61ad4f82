import Tensors

/// The part of G_AW's scores that link k adds to expert k's: Σ_c v_c s_ck, s `[n, C, K]` behind z in the input's rows.
extension Gate {
  func addingDirect(_ x: Tensor, to logits: Tensor) -> Tensor {
    guard let v = directWeight?.scalars else { return logits }
    var logits = logits
    logits.withUnsafeMutableBufferPointer { logits in
      forEachCode(x) { row, c, k, code in logits[row * expertCount + k] += v[c] * code }
    }
    return logits
  }

  /// ∂L/∂v of a batch, from ∂L/∂logits `[n, K]`.
  func directGradient(_ x: Tensor, _ dLogits: Tensor) -> Tensor? {
    guard directWeight != nil else { return nil }
    var dv = [Float](repeating: 0, count: numbersPerLink)
    dLogits.withUnsafeBufferPointer { dLogits in
      forEachCode(x) { row, c, k, code in dv[c] += dLogits[row * expertCount + k] * code }
    }
    return Tensor(dv, shape: [numbersPerLink])
  }

  /// Adds to ∂L/∂x what comes by way of the direct weights.
  func addDirectGradient(_ dLogits: Tensor, to dx: inout Tensor) {
    guard let v = directWeight?.scalars else { return }
    let (width, first) = (dx.rowLength, dx.rowLength - numbersPerLink * expertCount)
    dx.withUnsafeMutableBufferPointer { dx in
      dLogits.withUnsafeBufferPointer { dLogits in
        for i in dLogits.indices {
          let (row, k) = i.quotientAndRemainder(dividingBy: expertCount)
          for c in v.indices { dx[row * width + first + c * expertCount + k] += v[c] * dLogits[i] }
        }
      }
    }
  }

  private func forEachCode(_ x: Tensor, _ body: (_ row: Int, _ c: Int, _ k: Int, _ code: Float) -> Void) {
    let (width, first) = (x.rowLength, x.rowLength - numbersPerLink * expertCount)
    x.withUnsafeBufferPointer { x in
      for row in 0..<x.count / width {
        for c in 0..<numbersPerLink {
          for k in 0..<expertCount { body(row, c, k, x[row * width + first + c * expertCount + k]) }
        }
      }
    }
  }
}
