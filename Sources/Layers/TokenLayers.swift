package import Tensors

/// Pictures to sequences of their places: `[batch, channels, height, width]`, or in blocks of channels, to
/// `[batch, places, channels]`.
package struct PictureTokens: ParameterlessLayer {
  package init() {}

  package func callAsFunction(_ x: Tensor) -> Tensor { x.tokens }

  package func pulledBack(_ x: Tensor) -> (y: Tensor, pullback: Pullback<PictureTokens>) {
    let shape = x.shape
    return (x.tokens, { dy in (dy.pictures(shape), self) })
  }
}

/// The mean over all tokens, `[batch, tokens, width]` to `[batch, width]`.
package struct TokenMean: ParameterlessLayer {
  package init() {}

  package func callAsFunction(_ x: Tensor) -> Tensor { x.meanOfTokens }

  package func pulledBack(_ x: Tensor) -> (y: Tensor, pullback: Pullback<TokenMean>) {
    let tokens = x.shape[1]
    return (x.meanOfTokens, { dy in (dy.spreadOverTokens(tokens), self) })
  }
}
