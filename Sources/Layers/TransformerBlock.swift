package import Tensors

/// a = x + attn(norm1(x)), y = a + mlp.fc2(gelu(mlp.fc1(norm2(a)))) on tokens `[batch, tokens, width]`: a pre-norm block
/// (Vaswani et al. 2017, Xiong et al. 2020), with the names that PyTorch's vision transformers have.
///
/// Inference is one kernel, with weights packed at the first use.
package struct TransformerBlock: Layer {
  private var norm1: LayerNormalisation { didSet { packed = PackedCache() } }
  private var attention: MultiHeadAttention { didSet { packed = PackedCache() } }
  private var norm2: LayerNormalisation { didSet { packed = PackedCache() } }
  private var fc1: Linear { didSet { packed = PackedCache() } }
  private var fc2: Linear { didSet { packed = PackedCache() } }
  /// What is done to the two branches in training.
  package var depths: (attention: StochasticDepth, mlp: StochasticDepth)?
  private let gelu = GELU()
  private var packed = PackedCache<any PackedWeights>()

  package init(
    _ width: Int, heads: Int, hidden: Int, using generator: inout some RandomNumberGenerator
  ) {
    norm1 = LayerNormalisation(width)
    attention = MultiHeadAttention(width, heads: heads, using: &generator)
    norm2 = LayerNormalisation(width)
    fc1 = Linear(tokens: width, hidden, using: &generator)
    fc2 = Linear(tokens: hidden, width, using: &generator)
  }

  private init(
    norm1: LayerNormalisation, attention: MultiHeadAttention, norm2: LayerNormalisation, fc1: Linear, fc2: Linear
  ) {
    self.norm1 = norm1
    self.attention = attention
    self.norm2 = norm2
    self.fc1 = fc1
    self.fc2 = fc2
  }

  package func callAsFunction(_ x: Tensor) -> Tensor {
    let block = packed.weights(for: Kernels.current) { $0.transformerBlock(weights) }
    return block(x)
  }

  private var weights: TransformerWeights {
    func parts(_ layer: Linear) -> TransformerWeights.Affine {
      (layer.weight, layer.bias ?? Tensor(zeros: [layer.weight.rowCount]))
    }
    return TransformerWeights(
      heads: attention.heads, norm1: (norm1.weight, norm1.bias), qkv: parts(attention.qkv),
      projection: parts(attention.projection), norm2: (norm2.weight, norm2.bias), fc1: parts(fc1), fc2: parts(fc2))
  }

  package func pulledBack(_ x: Tensor) -> (y: Tensor, pullback: Pullback<TransformerBlock>) {
    let (normal1, norm1Back) = norm1.pulledBack(x)
    let (mixed, attentionBack) = attention.pulledBack(normal1)
    let (branch1, depth1Back) = pulledBack(mixed, through: depths?.attention)
    let a = x + branch1
    let (normal2, norm2Back) = norm2.pulledBack(a)
    let (hidden, fc1Back) = fc1.pulledBack(normal2)
    let (active, geluBack) = gelu.pulledBack(hidden)
    let (out, fc2Back) = fc2.pulledBack(active)
    let (branch2, depth2Back) = pulledBack(out, through: depths?.mlp)
    return (
      a + branch2,
      { dy in
        let (dActive, fc2) = fc2Back(depth2Back(dy))
        let (dNormal2, fc1) = fc1Back(geluBack(dActive).dx)
        let (dBranch2, norm2) = norm2Back(dNormal2)
        let da = dy + dBranch2
        let (dNormal1, attention) = attentionBack(depth1Back(da))
        let (dBranch1, norm1) = norm1Back(dNormal1)
        return (da + dBranch1, TransformerBlock(norm1: norm1, attention: attention, norm2: norm2, fc1: fc1, fc2: fc2))
      }
    )
  }

  private func pulledBack(
    _ x: Tensor, through depth: StochasticDepth?
  ) -> (y: Tensor, pullback: (_ dy: Tensor) -> Tensor) {
    guard let (y, pullback) = depth?.pulledBack(x) else { return (x, { $0 }) }
    return (y, { pullback($0).dx })
  }

  package mutating func visitParameters(_ visit: ParameterVisitor) {
    norm1.visitParameters(visit.under("norm1"))
    attention.visitParameters(visit.under("attn"))
    norm2.visitParameters(visit.under("norm2"))
    fc1.visitParameters(visit.under("mlp").under("fc1"))
    fc2.visitParameters(visit.under("mlp").under("fc2"))
  }
}
