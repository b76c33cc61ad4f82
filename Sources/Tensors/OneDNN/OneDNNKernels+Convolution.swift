import COneDNN
import Synchronization

extension OneDNNKernels {
  var channelBlock: Int { Int(onednn_channel_block()) }

  var hasBFloat16: Bool { onednn_has_bfloat16() }

  func packConvolution(
    weight: Tensor, bias: Tensor?, window: Window, activation: Activation, layout: PictureLayout, precision: Precision
  ) -> any PackedFilters {
    PackedConvolution(
      kernels: self, weight: weight, bias: bias, window: window, activation: activation, layout: layout,
      precision: precision)
  }

  /// Training rounds to bfloat16 only where that is faster.
  private var precisionInTraining: Precision { hasBFloat16 ? Kernels.precision : .fp32 }

  /// Floats where oneDNN has no kernel for bfloat16, as for the gradients of few channels or of strides.
  private func gradientPrecision(_ key: (Precision) -> OneDNNOperation.Key) -> Precision {
    precisionInTraining == .bf16 && hasKernel(key(.bf16)) ? .bf16 : .fp32
  }

  private func hasKernel(_ key: OneDNNOperation.Key) -> Bool { operations.with(key) { _ in true } != nil }

  /// Winograd's algorithm is for floats: its transforms would lose what little precision bfloat16 has.
  private func suitsWinogradInTraining(_ g: ConvolutionGeometry, _ precision: Precision) -> Bool {
    precision == .fp32 && WinogradFilters.suit(g, tiles: Self.tilesInTraining)
  }

  func convolution(
    _ x: Tensor, weight: Tensor, bias: Tensor?, window: Window, activation: Activation, layout: PictureLayout,
    filters: TrainingFilters
  ) -> Tensor {
    let g = ConvolutionGeometry(
      input: x.shape, outChannels: weight.shape[0], window: window,
      outBlock: layout.block(ofChannels: weight.shape[0], preferring: channelBlock))
    if suitsWinogradInTraining(g, precisionInTraining) {
      return filters.forward(weight: weight, bias: bias, activation: activation)(x)
    }
    if precisionInTraining == .fp32, DirectFilters.suit(g) {
      return DirectFilters(weight: weight, bias: bias, window: window, activation: activation)(x)
    }
    let affine = PackedConvolution(
      kernels: self, weight: weight, bias: bias, window: window, activation: activation, layout: layout,
      precision: precisionInTraining)
    return affine(x)
  }

  func convolutionInputGradient(
    _ dy: Tensor, weight: Tensor, window: Window, inputShape: [Int], filters: TrainingFilters
  ) -> Tensor {
    let g = ConvolutionGeometry(
      input: inputShape, outChannels: weight.shape[0], window: window, outBlock: PictureShape(dy.shape).block)
    precondition(dy.shape == g.outputShape, "gradient \(dy.shape) for output \(g.outputShape)")
    func key(_ precision: Precision) -> OneDNNOperation.Key {
      OneDNNOperation.Key(pass: .inputGradient, geometry: g.with(batch: 1), bias: false, precision: precision)
    }
    let precision = gradientPrecision(key)
    if suitsWinogradInTraining(g, precision) {
      return filters.inputGradient(weight: weight)(dy)
    }
    if precision == .fp32, DirectGradient.suits(g) {
      return DirectGradient.inputGradient(dy, weight: weight, g, inputShape: inputShape)
    }
    guard let packed = operations.with(key(precision), { OneDNNPackedWeights(weight, for: $0) }) else {
      var plain = PictureShape(inputShape)
      plain.block = 1
      return portable.convolutionInputGradient(
        dy.plainPictures, weight: weight, window: window, inputShape: plain.extents
      ).blockedPictures(g.inBlock)
    }
    return dy.withUnsafePointer { dy in
      Tensor(inputShape) { dx in
        guard let dx = dx.baseAddress else { return }
        Parallel.split(g.batch) { images in
          operations.with(key(precision)) { operation in
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

  /// Summed within blocks of images, and over the blocks in their order; the blocks do not depend on the number of
  /// threads, so neither do the gradients.
  func convolutionWeightGradient(_ dy: Tensor, x: Tensor, window: Window) -> (weight: Tensor, bias: Tensor) {
    let output = PictureShape(dy.shape)
    let g = ConvolutionGeometry(
      input: x.shape, outChannels: output.channels, window: window, outBlock: output.block)
    precondition(dy.shape == g.outputShape, "gradient \(dy.shape) for output \(g.outputShape)")
    let block = g.with(batch: min(Self.gradientBlock, g.batch))
    let precision = gradientPrecision { key(ofBlock: block, $0) }
    if suitsWinogradInTraining(g, precision) {
      return sumOverBlocks(of: Self.winogradGradientBlock, dy, x, g) { WinogradGradient.write($0, x: $1, dy: $2, $3) }
    }
    if precision == .fp32, DirectGradient.suits(g) {
      return sumOverBlocks(of: Self.gradientBlock, dy, x, g) { DirectGradient.write($0, x: $1, dy: $2, $3) }
    }
    guard hasKernel(key(ofBlock: block, precision)) else {
      return portable.convolutionWeightGradient(dy.plainPictures, x: x.plainPictures, window: window)
    }
    return sumOverBlocks(of: Self.gradientBlock, dy, x, g) { dweights, x, dy, block in
      operations.with(key(ofBlock: block, precision)) { operation in
        let status = onednn_weight_gradient(
          operation.handle, dy, x, dweights, dweights + block.weightShape.reduce(1, *))
        Self.check(status, "the weight gradient of a convolution \(block)")
      }
    }
  }

  /// - Parameter write: the weight gradient and behind it the bias gradient of a block.
  private func sumOverBlocks(
    of size: Int, _ dy: Tensor, _ x: Tensor, _ g: ConvolutionGeometry,
    write: (
      _ dweights: UnsafeMutablePointer<Float>, _ x: UnsafePointer<Float>, _ dy: UnsafePointer<Float>,
      _ block: ConvolutionGeometry
    ) -> Void
  ) -> (weight: Tensor, bias: Tensor) {
    let blocks = (g.batch + size - 1) / size
    let weightCount = g.weightShape.reduce(1, *)
    let partCount = weightCount + g.outChannels
    let parts = blocks == 0 ? Scratch(zeros: partCount) : Scratch(uninitialized: blocks * partCount)
    withPointers(dy, x) { dy, x in
      Parallel.forEach(below: blocks) { index in
        let first = index * size
        write(
          parts.base + index * partCount, x + first * g.inImage, dy + first * g.outImage,
          g.with(batch: min(size, g.batch - first)))
      }
    }
    for index in 1..<max(blocks, 1) { parts.base.add(from: parts.base + index * partCount, count: partCount) }
    return (
      Tensor(copying: UnsafeBufferPointer(start: parts.base, count: weightCount), shape: g.weightShape),
      Tensor(
        copying: UnsafeBufferPointer(start: parts.base + weightCount, count: g.outChannels), shape: [g.outChannels])
    )
  }

  /// Tiles from which on Winograd's algorithm pays although the filters are packed for one call only.
  private static var tilesInTraining: Int { 48 }

  /// Images whose weight gradients are summed in one call: enough to hide the cost of a call, few enough for several threads to
  /// have one.
  private static var gradientBlock: Int { 32 }
  /// Winograd's sums are four times as large as the gradient they become, and pay from more images on.
  private static var winogradGradientBlock: Int { 64 }

  private func key(ofBlock block: ConvolutionGeometry, _ precision: Precision) -> OneDNNOperation.Key {
    OneDNNOperation.Key(pass: .weightGradient, geometry: block, bias: true, precision: precision)
  }
}

/// Filters, and for each picture size seen so far what oneDNN makes of them.
private final class PackedConvolution: PackedFilters {
  private let kernels: OneDNNKernels
  private let weight: Tensor
  private let bias: Tensor?
  private let window: Window
  private let activation: Activation
  private let layout: PictureLayout
  private let precision: Precision
  private let packed = Mutex<[OneDNNOperation.Key: OneDNNPackedWeights]>([:])
  /// Our own kernels' filters, by whether they are Winograd's.
  private let own = Mutex<[Bool: any PackedFilters]>([:])

  /// A network sees one picture size; somebody who feeds many gets them packed anew now and then.
  private static let sizeCapacity = 8

  init(
    kernels: OneDNNKernels, weight: Tensor, bias: Tensor?, window: Window, activation: Activation,
    layout: PictureLayout, precision: Precision
  ) {
    (self.kernels, self.weight, self.bias, self.window) = (kernels, weight, bias, window)
    (self.activation, self.layout, self.precision) = (activation, layout, precision)
  }

  func callAsFunction(_ x: Tensor) -> Tensor {
    let (g, key) = operation(for: x, adds: false)
    if let filters = ownFilters(for: g) { return filters(x) }
    guard let weights = weights(for: key) else {
      return kernels.portable.convolution(
        x.plainPictures, weight: weight, bias: bias, window: window, activation: activation, layout: .plain
      ).blockedPictures(g.outBlock)
    }
    return Tensor(g.outputShape) { run(key, g, weights, x, into: $0) }
  }

  func callAsFunction(_ x: Tensor, adding residual: Tensor) -> Tensor {
    let (g, key) = operation(for: x, adds: true)
    precondition(residual.shape == g.outputShape, "residual \(residual.shape) for output \(g.outputShape)")
    if let filters = ownFilters(for: g) { return filters(x, adding: residual) }
    guard g.outBlock > 1, let weights = weights(for: key) else {
      let sum =
        kernels.portable.convolution(
          x.plainPictures, weight: weight, bias: bias, window: window, activation: .identity, layout: .plain
        ).blockedPictures(g.outBlock) + residual
      return activation == .relu ? kernels.relu(sum) : sum
    }
    var y = residual
    y.withUnsafeMutableBufferPointer { run(key, g, weights, x, into: $0) }
    return y
  }

  /// Our own kernels' filters, chosen by the size of one image, so that an image is computed alike in every batch.
  private func ownFilters(for g: ConvolutionGeometry) -> (any PackedFilters)? {
    guard precision == .fp32, DirectFilters.suit(g) else { return nil }
    let usesWinograd = WinogradFilters.suit(g.with(batch: 1), tiles: Self.tilesInInference)
    return own.withLock { own in
      if let filters = own[usesWinograd] { return filters }
      let filters: any PackedFilters =
        usesWinograd
        ? WinogradFilters(weight: weight, bias: bias, activation: activation)
        : DirectFilters(weight: weight, bias: bias, window: window, activation: activation)
      own[usesWinograd] = filters
      return filters
    }
  }

  /// Four times as many numbers as the filters have must come from memory; with fewer tiles that takes longer than it saves.
  private static let tilesInInference = 4

  private func operation(for x: Tensor, adds: Bool) -> (ConvolutionGeometry, OneDNNOperation.Key) {
    let channels = weight.shape[0]
    let g = ConvolutionGeometry(
      input: x.shape, outChannels: channels, window: window,
      outBlock: layout.block(ofChannels: channels, preferring: kernels.channelBlock))
    precondition(weight.shape == g.weightShape, "filters \(weight.shape) for input \(x.shape)")
    return (
      g,
      OneDNNOperation.Key(
        pass: .forward, geometry: g.with(batch: 1), bias: bias != nil, adds: adds, relu: activation == .relu,
        precision: precision)
    )
  }

  private func run(
    _ key: OneDNNOperation.Key, _ g: ConvolutionGeometry, _ weights: OneDNNPackedWeights, _ x: Tensor,
    into y: UnsafeMutableBufferPointer<Float>
  ) {
    guard let y = y.baseAddress else { return }
    x.withUnsafePointer { x in
      withOptionalPointer(bias) { bias in
        Parallel.split(g.batch) { images in
          kernels.operations.with(key) { operation in
            for image in images {
              let status = onednn_forward(
                operation.handle, x + image * g.inImage, weights.handle, bias, y + image * g.outImage)
              OneDNNKernels.check(status, "a convolution \(g)")
            }
          }
        }
      }
    }
  }

  private func weights(for key: OneDNNOperation.Key) -> OneDNNPackedWeights? {
    packed.withLock { packed in
      if let found = packed[key] { return found }
      if packed.count >= Self.sizeCapacity { packed = [:] }
      let weights = kernels.operations.with(key) { OneDNNPackedWeights(weight, for: $0) }
      packed[key] = weights
      return weights
    }
  }
}
