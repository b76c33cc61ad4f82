import CConvolution

/// Filters of 3x3 convolutions with stride 1 and padding 1 as Winograd's algorithm wants them: a quarter of the
/// products of the definition, which pays where pictures are large enough for a few tiles.
///
/// Sendable without checking because the packed filters are written once, by `init`.
final class WinogradFilters: PackedFilters, @unchecked Sendable {
  private let inChannels: Int
  private let outChannels: Int
  private let packed: Scratch
  private let bias: Tensor?
  private let activation: Activation

  /// Whether there are kernels for a convolution, and at least `tiles` tiles for them to work on.
  static func suit(_ g: ConvolutionGeometry, tiles: Int) -> Bool {
    ConvolutionBlock.suits(g) && g.window == Window(3, stride: 1, padding: 1)
      && g.inChannels % (2 * ConvolutionBlock.size) == 0
      && g.batch * ((g.height + 3) / 4) * ((g.width + 3) / 4) >= tiles
  }

  /// - Parameters:
  ///   - weight: `[out, in, 3, 3]`; for a gradient, of the convolution whose input gradient it is.
  ///   - forInputGradient: whether x is to be dy, and y dx.
  init(weight: Tensor, bias: Tensor?, activation: Activation, forInputGradient: Bool = false) {
    inChannels = weight.shape[forInputGradient ? 0 : 1]
    outChannels = weight.shape[forInputGradient ? 1 : 0]
    self.bias = bias
    self.activation = activation
    var shape = WinogradShape(
      batch: 1, height: 4, width: 4, inChannels: Int64(inChannels), outChannels: Int64(outChannels), relu: false)
    packed = Scratch(uninitialized: winograd_packed_count(&shape))
    weight.withUnsafePointer { winograd_pack(&shape, forInputGradient, $0, packed.base) }
  }

  func callAsFunction(_ x: Tensor) -> Tensor { convolve(x, adding: nil) }

  func callAsFunction(_ x: Tensor, adding residual: Tensor) -> Tensor { convolve(x, adding: residual) }

  private func convolve(_ x: Tensor, adding residual: Tensor?) -> Tensor {
    var picture = PictureShape(x.shape)
    precondition(
      picture.channels == inChannels && picture.block == ConvolutionBlock.size,
      "\(inChannels) channels are in \(x.shape)")
    var shape = WinogradShape(
      batch: Int64(picture.batch), height: Int64(picture.height), width: Int64(picture.width),
      inChannels: Int64(inChannels), outChannels: Int64(outChannels), relu: activation == .relu)
    picture.channels = outChannels
    precondition(residual.map { $0.shape == picture.extents } ?? true, "a residual for output \(picture.extents)")
    let scratchCount = winograd_scratch_count(&shape)
    return x.withUnsafePointer { x in
      withOptionalPointer(bias) { bias in
        withOptionalPointer(residual) { residual in
          Tensor(picture.extents) { y in
            guard let y = y.baseAddress else { return }
            Parallel.split(Int(winograd_tile_count(&shape)), multipleOf: Self.tilesAThread) { tiles in
              let scratch = Scratch(uninitialized: scratchCount)
              var shape = shape
              winograd_convolve(
                &shape, Int64(tiles.lowerBound), Int64(tiles.upperBound), x, packed.base, bias, residual, y,
                scratch.base)
            }
          }
        }
      }
    }
  }

  /// A thread for fewer tiles costs more than it brings.
  private static let tilesAThread = 24
}

/// The weight gradient of the same convolutions, by the transpose of the same algorithm.
enum WinogradGradient {
  /// Writes dW `[out, in, 3, 3]` and, behind it, the sums of dy over batch and picture `[out]`.
  static func write(
    _ dweights: UnsafeMutablePointer<Float>, x: UnsafePointer<Float>, dy: UnsafePointer<Float>,
    _ g: ConvolutionGeometry
  ) {
    var shape = WinogradShape(
      batch: Int64(g.batch), height: Int64(g.height), width: Int64(g.width), inChannels: Int64(g.inChannels),
      outChannels: Int64(g.outChannels), relu: false)
    let scratch = Scratch(uninitialized: winograd_gradient_scratch_count(&shape))
    winograd_weight_gradient(
      &shape, 0, winograd_tile_count(&shape), x, dy, dweights, dweights + g.weightShape.reduce(1, *), scratch.base)
  }
}
