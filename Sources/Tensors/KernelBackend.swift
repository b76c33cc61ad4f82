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

  // MARK: Affine, for training

  /// y = activation(x Wᵀ + b); x `[…, inputs]`, weight `[outputs, inputs]`.
  func linear(_ x: Tensor, weight: Tensor, bias: Tensor?, activation: Activation) -> Tensor
  /// dx = dy W, of the shape `inputShape`.
  func linearInputGradient(_ dy: Tensor, weight: Tensor, inputShape: [Int]) -> Tensor
  /// dW = dyᵀ x and db = the sum of dy over all rows.
  func linearWeightGradient(_ dy: Tensor, x: Tensor) -> (weight: Tensor, bias: Tensor)

  /// Cross-correlation; x `[batch, in, height, width]`, weight `[out, in, size, size]`.
  func convolution(
    _ x: Tensor, weight: Tensor, bias: Tensor?, window: Window, activation: Activation, layout: PictureLayout
  ) -> Tensor
  func convolutionInputGradient(_ dy: Tensor, weight: Tensor, window: Window, inputShape: [Int]) -> Tensor
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
