import COneDNN
import Synchronization

extension OneDNNKernels {
  func packConvolution(weight: Tensor, bias: Tensor?, window: Window, activation: Activation) -> any PackedWeights {
    PackedConvolution(
      kernels: self, weight: weight, bias: bias, window: window, activation: activation)
  }

  func convolution(_ x: Tensor, weight: Tensor, bias: Tensor?, window: Window, activation: Activation) -> Tensor {
    PackedConvolution(kernels: self, weight: weight, bias: bias, window: window, activation: activation)(x)
  }

  func convolutionInputGradient(_ dy: Tensor, weight: Tensor, window: Window, inputShape: [Int]) -> Tensor {
    let g = ConvolutionGeometry(input: inputShape, outChannels: weight.shape[0], window: window)
    precondition(dy.shape == g.outputShape, "gradient \(dy.shape) for output \(g.outputShape)")
    let key = OneDNNOperation.Key(pass: .inputGradient, geometry: g.with(batch: 1), bias: false, relu: false)
    guard let packed = operations.with(key, { OneDNNPackedWeights(weight, for: $0) }) else {
      return portable.convolutionInputGradient(dy, weight: weight, window: window, inputShape: inputShape)
    }
    return dy.withUnsafePointer { dy in
      Tensor(inputShape) { dx in
        guard let dx = dx.baseAddress else { return }
        Parallel.split(g.batch) { images in
          operations.with(key) { operation in
            for image in images {
              let status = onednn_input_gradient(
                operation.handle, dy + image * g.outImage, packed.handle, dx + image * g.inImage)
              Self.check(status, "the input gradient of a convolution \(g)")
            }
          }
        }
      }
    }
  }

  /// Summed within blocks of images by oneDNN, and over the blocks in their order by us; the blocks do not depend on the
  /// number of threads, so neither do the gradients.
  func convolutionWeightGradient(_ dy: Tensor, x: Tensor, window: Window) -> (weight: Tensor, bias: Tensor) {
    let g = ConvolutionGeometry(input: x.shape, outChannels: dy.shape[1], window: window)
    precondition(dy.shape == g.outputShape, "gradient \(dy.shape) for output \(g.outputShape)")
    let blocks = stride(from: 0, to: g.batch, by: Self.gradientBlock).map { $0..<min($0 + Self.gradientBlock, g.batch) }
    guard operations.with(key(of: blocks.first ?? 0..<1, g), { _ in true }) != nil else {
      return portable.convolutionWeightGradient(dy, x: x, window: window)
    }
    let weightCount = g.weightShape.reduce(1, *)
    let parts = Scratch(zeros: blocks.count * (weightCount + g.outChannels))
    withPointers(dy, x) { dy, x in
      Parallel.forEach(below: blocks.count) { index in
        let block = blocks[index]
        let dweights = parts.base + index * (weightCount + g.outChannels)
        operations.with(key(of: block, g)) { operation in
          let status = onednn_weight_gradient(
            operation.handle, dy + block.lowerBound * g.outImage, x + block.lowerBound * g.inImage, dweights,
            dweights + weightCount)
          Self.check(status, "the weight gradient of a convolution \(g)")
        }
      }
    }
    for index in 1..<max(blocks.count, 1) {
      parts.base.add(from: parts.base + index * (weightCount + g.outChannels), count: weightCount + g.outChannels)
    }
    return (
      Tensor(copying: UnsafeBufferPointer(start: parts.base, count: weightCount), shape: g.weightShape),
      Tensor(
        copying: UnsafeBufferPointer(start: parts.base + weightCount, count: g.outChannels), shape: [g.outChannels])
    )
  }

  /// Images whose weight gradients oneDNN sums in one call: enough to hide the cost of a call, few enough for several
  /// threads to have one.
  private static var gradientBlock: Int { 32 }

  private func key(of block: Range<Int>, _ g: ConvolutionGeometry) -> OneDNNOperation.Key {
    OneDNNOperation.Key(pass: .weightGradient, geometry: g.with(batch: block.count), bias: true, relu: false)
  }
}

/// Filters, and for each picture size seen so far what oneDNN makes of them.
private final class PackedConvolution: PackedWeights {
  private let kernels: OneDNNKernels
  private let weight: Tensor
  private let bias: Tensor?
  private let window: Window
  private let activation: Activation
  private let packed = Mutex<[ConvolutionGeometry: OneDNNPackedWeights]>([:])

  /// A network sees one picture size; somebody who feeds many gets them packed anew now and then.
  private static let sizeCapacity = 8

  init(kernels: OneDNNKernels, weight: Tensor, bias: Tensor?, window: Window, activation: Activation) {
    (self.kernels, self.weight, self.bias, self.window, self.activation) = (kernels, weight, bias, window, activation)
  }

  func callAsFunction(_ x: Tensor) -> Tensor {
    let g = ConvolutionGeometry(input: x.shape, outChannels: weight.shape[0], window: window)
    precondition(weight.shape == g.weightShape, "filters \(weight.shape) for input \(x.shape)")
    let key = OneDNNOperation.Key(
      pass: .forward, geometry: g.with(batch: 1), bias: bias != nil, relu: activation == .relu)
    guard let packed = weights(for: key) else {
      return kernels.portable.convolution(x, weight: weight, bias: bias, window: window, activation: activation)
    }
    return x.withUnsafePointer { x in
      withOptionalPointer(bias) { bias in
        Tensor(g.outputShape) { y in
          guard let y = y.baseAddress else { return }
          Parallel.split(g.batch) { images in
            kernels.operations.with(key) { operation in
              for image in images {
                let status = onednn_forward(
                  operation.handle, x + image * g.inImage, packed.handle, bias, y + image * g.outImage)
                OneDNNKernels.check(status, "a convolution \(g)")
              }
            }
          }
        }
      }
    }
  }

  private func weights(for key: OneDNNOperation.Key) -> OneDNNPackedWeights? {
    packed.withLock { packed in
      if let found = packed[key.geometry] { return found }
      if packed.count >= Self.sizeCapacity { packed = [:] }
      let weights = kernels.operations.with(key) { OneDNNPackedWeights(weight, for: $0) }
      packed[key.geometry] = weights
      return weights
    }
  }
}
