package import Tensors

/// proj(softmax(q kᵀ / √head width) v), head by head, with q, k and v of one linear layer (Vaswani et al. 2017); on tokens
/// `[batch, tokens, width]`.
package struct MultiHeadAttention: Layer {
  /// All heads' q, then all k, then all v: `[3 · width, width]`.
  package var qkv: Linear
  package var projection: Linear
  package let heads: Int

  package init(_ width: Int, heads: Int, using generator: inout some RandomNumberGenerator) {
    precondition(width % heads == 0, "\(heads) heads of \(width) numbers")
    self.heads = heads
    qkv = Linear(tokens: width, 3 * width, using: &generator)
    projection = Linear(tokens: width, width, using: &generator)
  }

  private init(qkv: Linear, projection: Linear, heads: Int) {
    self.qkv = qkv
    self.projection = projection
    self.heads = heads
  }

  package func callAsFunction(_ x: Tensor) -> Tensor {
    projection(Kernels.current.attention(qkv(x), heads: heads).y)
  }

  package func pulledBack(_ x: Tensor) -> (y: Tensor, pullback: Pullback<MultiHeadAttention>) {
    let kernels = Kernels.current
    let (a, qkvBack) = qkv.pulledBack(x)
    let (mixed, probabilities) = kernels.attention(a, heads: heads)
    let (y, projectionBack) = projection.pulledBack(mixed)
    return (
      y,
      { [heads] dy in
        let (dMixed, projection) = projectionBack(dy)
        let (dx, qkv) = qkvBack(kernels.attentionGradient(dMixed, qkv: a, probabilities: probabilities))
        return (dx, MultiHeadAttention(qkv: qkv, projection: projection, heads: heads))
      }
    )
  }

  package mutating func visitParameters(_ visit: ParameterVisitor) {
    qkv.visitParameters(visit.under("qkv"))
    projection.visitParameters(visit.under("proj"))
  }
}
