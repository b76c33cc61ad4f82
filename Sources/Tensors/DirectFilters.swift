import CConvolution

/// Filters of convolutions by their definition, in the order in which they are read: for windows with strides, and for
/// pictures of a single tile, where Winograd's algorithm would read more than it saves.
///
/// Sendable without checking because the packed filters are written once, by `init`.
final class DirectFilters: PackedFilters, @unchecked Sendable {
  private let inChannels: Int
  private let outChannels: Int
  private let window: Window
  private let packed: Scratch
  private let bias: Tensor?
  private let activation: Activation

  /// Whether there are kernels for a convolution; those of a single tap are left to others, who multiply matrices.
  static func suit(_ g: ConvolutionGeometry) -> Bool { ConvolutionBlock.suits(g) && g.window.size > 1 }

  /// - Parameter weight: `[out, in, size, size]`
  init(weight: Tensor, bias: Tensor?, window: Window, activation: Activation) {
    (outChannels, inChannels, self.window) = (weight.shape[0], weight.shape[1], window)
    (self.bias, self.activation) = (bias, activation)
    var shape = DirectShape(
      height: 1, width: 1, outHeight: 1, outWidth: 1, inChannels: Int64(inChannels), outChannels: Int64(outChannels),
      size: Int64(window.size), stride: 1, padding: 0, relu: false)
    packed = Scratch(uninitialized: direct_packed_count(&shape))
    weight.withUnsafePointer { direct_pack(&shape, $0, packed.base) }
  }

  func callAsFunction(_ x: Tensor) -> Tensor { convolve(x, adding: nil) }

  func callAsFunction(_ x: Tensor, adding residual: Tensor) -> Tensor { convolve(x, adding: residual) }

  private func convolve(_ x: Tensor, adding residual: Tensor?) -> Tensor {
    let g = ConvolutionGeometry(
      input: x.shape, outChannels: outChannels, window: window, outBlock: ConvolutionBlock.size)
    precondition(Self.suit(g) && g.inChannels == inChannels, "\(inChannels) channels are in \(x.shape)")
    precondition(residual.map { $0.shape == g.outputShape } ?? true, "a residual for output \(g.outputShape)")
    let shape = DirectShape(
      height: Int64(g.height), width: Int64(g.width), outHeight: Int64(g.outHeight), outWidth: Int64(g.outWidth),
      inChannels: Int64(inChannels), outChannels: Int64(outChannels), size: Int64(window.size),
      stride: Int64(window.stride), padding: Int64(window.padding), relu: activation == .relu)
    return x.withUnsafePointer { x in
      withOptionalPointer(bias) { bias in
        withOptionalPointer(residual) { residual in
          Tensor(g.outputShape) { y in
            guard let y = y.baseAddress else { return }
            Parallel.split(g.batch) { images in
              var shape = shape
              let scratch = Scratch(uninitialized: direct_scratch_count(&shape))
              for image in images {
                direct_convolve(
                  &shape, x + image * g.inImage, packed.base, bias, residual.map { $0 + image * g.outImage },
                  y + image * g.outImage, scratch.base)
              }
            }
          }
        }
      }
    }
  }
}
