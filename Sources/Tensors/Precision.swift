/// The numbers that convolutions and transformer blocks multiply; they sum floats in any case.
package enum Precision: String, Codable, CaseIterable, Sendable {
  case fp32
  /// bfloat16: 8 bits of exponent as a float has, 8 of significand; half the memory, and on some processors twice the speed.
  case bf16
}

extension KernelBackend {
  /// Filters for inference at the precision of the caller's context.
  ///
  /// Where the kernels do not multiply bfloat16 numbers themselves, weights and pictures are rounded to them and multiplied
  /// as floats: the products are the same, so the accuracy at that precision can be told on any processor.
  package func filters(
    weight: Tensor, bias: Tensor?, window: Window, activation: Activation, layout: PictureLayout
  ) -> any PackedFilters {
    let precision = Kernels.precision
    guard precision == .bf16, !hasBFloat16 else {
      return packConvolution(
        weight: weight, bias: bias, window: window, activation: activation, layout: layout, precision: precision)
    }
    return RoundingFilters(
      filters: packConvolution(
        weight: weight.roundedToBFloat16, bias: bias, window: window, activation: activation, layout: layout,
        precision: .fp32))
  }
}

private struct RoundingFilters: PackedFilters {
  let filters: any PackedFilters

  func callAsFunction(_ x: Tensor) -> Tensor { filters(x.roundedToBFloat16) }

  func callAsFunction(_ x: Tensor, adding residual: Tensor) -> Tensor {
    filters(x.roundedToBFloat16, adding: residual)
  }
}
