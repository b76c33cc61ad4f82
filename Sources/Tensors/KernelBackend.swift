/// The numerical kernels that every backend provides; layers call nothing else.
///
/// Pictures are `[batch, channels, height, width]` or in blocks of channels (``PictureShape``), vectors `[…, features]`; weights have PyTorch's layouts. Inference
/// kernels (those that take packed weights) are batch-invariant bit for bit: what shares a batch with an image does not
/// change its result. Training kernels need not be.
package protocol KernelBackend: Sendable {
  /// The name by which `MOE_KERNELS` selects it.
  var name: String { get }
  /// One line for `--version`.
  var description: String { get }

  /// How many channels the convolutions want side by side.
  var channelBlock: Int { get }

  /// Whether there are kernels that multiply bfloat16 numbers, on a processor that does so faster than floats.
  var hasBFloat16: Bool { get }

  // MARK: Affine, for inference

  /// Weights brought into the order in which the kernel reads them, once for many calls.
  func packLinear(weight: Tensor, bias: Tensor?, activation: Activation) -> any PackedWeights
  /// - Parameter precision: `.bf16` only where ``hasBFloat16``.
  func packConvolution(
    weight: Tensor, bias: Tensor?, window: Window, activation: Activation, layout: PictureLayout, precision: Precision
  ) -> any PackedFilters
  /// - Parameter precision: what its linear layers multiply, by rounding where there are no kernels for bfloat16.
  func packTransformerBlock(_ weights: TransformerWeights, precision: Precision) -> any PackedWeights

  // MARK: Affine, for training; products are of bfloat16 numbers where that is asked for and faster

  /// y = activation(x Wᵀ + b); x `[…, inputs]`, weight `[outputs, inputs]`.
  func linear(_ x: Tensor, weight: Tensor, bias: Tensor?, activation: Activation, precision: Precision) -> Tensor
  /// dx = dy W, of the shape `inputShape`.
  func linearInputGradient(_ dy: Tensor, weight: Tensor, inputShape: [Int], precision: Precision) -> Tensor
  /// dW = dyᵀ x and db = the sum of dy over all rows.
  func linearWeightGradient(_ dy: Tensor, x: Tensor, precision: Precision) -> (weight: Tensor, bias: Tensor)

  /// Cross-correlation; x `[batch, in, height, width]`, weight `[out, in, size, size]`.
  /// - Parameter filters: where what is packed of these weights, bias and activation is kept between calls.
  func convolution(
    _ x: Tensor, weight: Tensor, bias: Tensor?, window: Window, activation: Activation, layout: PictureLayout,
    filters: TrainingFilters
  ) -> Tensor
  func convolutionInputGradient(
    _ dy: Tensor, weight: Tensor, window: Window, inputShape: [Int], filters: TrainingFilters
  ) -> Tensor
  func convolutionWeightGradient(_ dy: Tensor, x: Tensor, window: Window) -> (weight: Tensor, bias: Tensor)

  // MARK: Pooling; padding never wins a maximum and is not counted in an average

  func maxPool(_ x: Tensor, window: Window) -> Tensor
  /// Gives each output's maximum to the first input that has it.
  func maxPoolGradient(_ dy: Tensor, x: Tensor, window: Window) -> Tensor
  func averagePool(_ x: Tensor, window: Window) -> Tensor
  func averagePoolGradient(_ dy: Tensor, window: Window, inputShape: [Int]) -> Tensor

  // MARK: Element by element and row by row

  func relu(_ x: Tensor) -> Tensor
  /// dy where y > 0, else 0; y is the output (or, equivalently, the input) of the ReLU.
  func reluGradient(_ dy: Tensor, y: Tensor) -> Tensor
  /// Over the innermost axis.
  func softmax(_ x: Tensor) -> Tensor
  func softmaxGradient(_ dy: Tensor, y: Tensor) -> Tensor
  func logSoftmax(_ x: Tensor) -> Tensor
  func logSoftmaxGradient(_ dy: Tensor, y: Tensor) -> Tensor

  // MARK: Transformers; tokens are `[batch, tokens, width]`

  /// (x - mean)/deviation · gain + bias over the innermost axis; moments are each row's mean and 1/deviation, `[rows, 2]`.
  func layerNorm(_ x: Tensor, gain: Tensor, bias: Tensor) -> (y: Tensor, moments: Tensor)
  func layerNormGradient(_ dy: Tensor, x: Tensor, moments: Tensor, gain: Tensor) -> (
    dx: Tensor, gain: Tensor, bias: Tensor
  )
  /// x Φ(x), Φ the distribution function of the normal law.
  func gelu(_ x: Tensor) -> Tensor
  func geluGradient(_ dy: Tensor, x: Tensor) -> Tensor
  /// softmax(q kᵀ / √head width) v of each head; qkv `[batch, tokens, 3 · width]` holds all heads' q, then k, then v.
  /// - Returns: y `[batch, tokens, width]` and the softmax `[batch, heads, tokens, tokens]`.
  func attention(_ qkv: Tensor, heads: Int) -> (y: Tensor, probabilities: Tensor)
  func attentionGradient(_ dy: Tensor, qkv: Tensor, probabilities: Tensor) -> Tensor
}

extension KernelBackend {
  package func linear(_ x: Tensor, weight: Tensor, bias: Tensor?, activation: Activation) -> Tensor {
    linear(x, weight: weight, bias: bias, activation: activation, precision: .fp32)
  }
  package func linearInputGradient(_ dy: Tensor, weight: Tensor, inputShape: [Int]) -> Tensor {
    linearInputGradient(dy, weight: weight, inputShape: inputShape, precision: .fp32)
  }
  package func linearWeightGradient(_ dy: Tensor, x: Tensor) -> (weight: Tensor, bias: Tensor) {
    linearWeightGradient(dy, x: x, precision: .fp32)
  }
  package func convolution(
    _ x: Tensor, weight: Tensor, bias: Tensor?, window: Window, activation: Activation, layout: PictureLayout
  ) -> Tensor {
    convolution(
      x, weight: weight, bias: bias, window: window, activation: activation, layout: layout,
      filters: TrainingFilters())
  }
  package func convolutionInputGradient(_ dy: Tensor, weight: Tensor, window: Window, inputShape: [Int]) -> Tensor {
    convolutionInputGradient(dy, weight: weight, window: window, inputShape: inputShape, filters: TrainingFilters())
  }
}

/// An affine map whose weights are packed for inference.
package protocol PackedWeights: Sendable {
  func callAsFunction(_ x: Tensor) -> Tensor
}

/// A convolution whose weights are packed for inference.
package protocol PackedFilters: PackedWeights {
  /// activation(x * W + b + residual), the residual of the output's shape.
  func callAsFunction(_ x: Tensor, adding residual: Tensor) -> Tensor
}
