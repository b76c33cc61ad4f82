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
    let shape = DirectShape(g, relu: activation == .relu)
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

/// The gradients of the same convolutions, tap by tap.
enum DirectGradient {
  /// Whether there are kernels for it.
  static func suits(_ g: ConvolutionGeometry) -> Bool {
    ConvolutionBlock.suits(g) && g.inChannels % (2 * ConvolutionBlock.size) == 0
  }

  /// dx of all images.
  static func inputGradient(_ dy: Tensor, weight: Tensor, _ g: ConvolutionGeometry, inputShape: [Int]) -> Tensor {
    var shape = DirectShape(g)
    let packed = Scratch(uninitialized: direct_gradient_packed_count(&shape))
    return withPointers(dy, weight) { dy, weight in
      direct_gradient_pack(&shape, weight, packed.base)
      return Tensor(inputShape) { dx in
        guard let dx = dx.baseAddress else { return }
        Parallel.split(g.batch) { images in
          var shape = shape
          let scratch = Scratch(uninitialized: direct_input_gradient_scratch_count(&shape))
          direct_input_gradient(
            &shape, Int64(images.count), dy + images.lowerBound * g.outImage, packed.base,
            dx + images.lowerBound * g.inImage, scratch.base)
        }
      }
    }
  }

  /// Writes dW `[out, in, size, size]` and, behind it, the sums of dy over batch and picture `[out]`.
  static func write(
    _ dweights: UnsafeMutablePointer<Float>, x: UnsafePointer<Float>, dy: UnsafePointer<Float>,
    _ g: ConvolutionGeometry
  ) {
    var shape = DirectShape(g)
    let scratch = Scratch(uninitialized: direct_weight_gradient_scratch_count(&shape))
    direct_weight_gradient(
      &shape, Int64(g.batch), x, dy, dweights, dweights + g.weightShape.reduce(1, *), scratch.base)
  }
}

extension DirectShape {
  fileprivate init(_ g: ConvolutionGeometry, relu: Bool = false) {
    self.init(
      height: Int64(g.height), width: Int64(g.width), outHeight: Int64(g.outHeight), outWidth: Int64(g.outWidth),
      inChannels: Int64(g.inChannels), outChannels: Int64(g.outChannels), size: Int64(g.window.size),
      stride: Int64(g.window.stride), padding: Int64(g.window.padding), relu: relu)
  }
}
