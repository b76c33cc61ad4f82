import Tensors
import Testing

/// Every backend's affine kernels against sums written out.
struct AffineKernelTests {
  static let tolerance: Float = 2e-5

  struct LinearCase: Sendable, CustomTestStringConvertible {
    let leading: [Int]
    let inputs: Int
    let outputs: Int
    var testDescription: String { "\(leading)×\(inputs)→\(outputs)" }
  }

  /// Rows around the tile's six, columns around the panel's eight, depth around the block's 256.
  static let linearCases =
    [1, 2, 3, 4, 5, 6, 7, 13].map { LinearCase(leading: [$0], inputs: 19, outputs: 21) }
    + [
      LinearCase(leading: [9], inputs: 1, outputs: 1), LinearCase(leading: [130], inputs: 257, outputs: 40),
      LinearCase(leading: [3, 5], inputs: 600, outputs: 8), LinearCase(leading: [1], inputs: 400, outputs: 120),
    ]

  @Test(arguments: backends, linearCases)
  func `linear kernels agree with their definition`(_ name: String, _ shape: LinearCase) throws {
    let backend = try Kernels.backend(named: name)
    var numbers = Numbers()
    let x = numbers.tensor(shape.leading + [shape.inputs])
    let weight = numbers.tensor([shape.outputs, shape.inputs])
    let bias = numbers.tensor([shape.outputs])
    let dy = numbers.tensor(shape.leading + [shape.outputs])

    for activation in [Activation.identity, .relu] {
      for bias in [bias, nil] {
        let expected = Oracle.linear(x, weight: weight, bias: bias, activation: activation)
        let y = backend.linear(x, weight: weight, bias: bias, activation: activation)
        #expect(y.relativeDistance(to: expected) < Self.tolerance)
        let packed = backend.packLinear(weight: weight, bias: bias, activation: activation)
        #expect(packed(x).relativeDistance(to: expected) < Self.tolerance)
      }
    }
    let dx = backend.linearInputGradient(dy, weight: weight, inputShape: x.shape)
    #expect(dx.relativeDistance(to: Oracle.linearInputGradient(dy, weight: weight)) < Self.tolerance)
    let gradient = backend.linearWeightGradient(dy, x: x)
    let expected = Oracle.linearWeightGradient(dy, x: x)
    #expect(gradient.weight.relativeDistance(to: expected.weight) < Self.tolerance)
    #expect(gradient.bias.relativeDistance(to: expected.bias) < Self.tolerance)
  }

  struct ConvolutionCase: Sendable, CustomTestStringConvertible {
    let input: [Int]
    let outChannels: Int
    let window: Window
    var testDescription: String { "\(input)→\(outChannels), \(window)" }
  }

  static let convolutionCases = [
    ConvolutionCase(input: [2, 3, 32, 32], outChannels: 6, window: Window(5)),
    ConvolutionCase(input: [3, 6, 14, 14], outChannels: 16, window: Window(5)),
    ConvolutionCase(input: [2, 4, 9, 7], outChannels: 5, window: Window(3, padding: 1)),
    ConvolutionCase(input: [1, 2, 11, 13], outChannels: 9, window: Window(3, stride: 2, padding: 1)),
    ConvolutionCase(input: [2, 5, 8, 8], outChannels: 7, window: Window(1)),
    ConvolutionCase(input: [1, 8, 8, 8], outChannels: 16, window: Window(1, stride: 2)),
    ConvolutionCase(input: [1, 3, 12, 12], outChannels: 4, window: Window(4, stride: 4)),
    ConvolutionCase(input: [37, 1, 3, 3], outChannels: 1, window: Window(3, padding: 2)),
    ConvolutionCase(input: [1, 33, 4, 4], outChannels: 34, window: Window(3, padding: 1)),
    ConvolutionCase(input: [1, 1, 2, 70], outChannels: 2, window: Window(2, stride: 3, padding: 1)),
  ]

  @Test(arguments: backends, convolutionCases)
  func `convolution kernels agree with their definition`(_ name: String, _ shape: ConvolutionCase) throws {
    let backend = try Kernels.backend(named: name)
    let window = shape.window
    var numbers = Numbers()
    let x = numbers.tensor(shape.input)
    let weight = numbers.tensor([shape.outChannels, shape.input[1], window.size, window.size])
    let bias = numbers.tensor([shape.outChannels])
    let dy = numbers.tensor(Oracle.outputShape(shape.input, channels: shape.outChannels, window: window))

    for activation in [Activation.identity, .relu] {
      for bias in [bias, nil] {
        let expected = Oracle.convolution(x, weight: weight, bias: bias, window: window, activation: activation)
        let y = backend.convolution(
          x, weight: weight, bias: bias, window: window, activation: activation, layout: .plain)
        #expect(y.relativeDistance(to: expected) < Self.tolerance)
        let packed = backend.filters(
          weight: weight, bias: bias, window: window, activation: activation, layout: .plain)
        #expect(packed(x).relativeDistance(to: expected) < Self.tolerance)
      }
    }
    let dx = backend.convolutionInputGradient(dy, weight: weight, window: window, inputShape: x.shape)
    let expectedDx = Oracle.convolutionInputGradient(dy, weight: weight, window: window, inputShape: x.shape)
    #expect(dx.relativeDistance(to: expectedDx) < Self.tolerance)
    let gradient = backend.convolutionWeightGradient(dy, x: x, window: window)
    let expected = Oracle.convolutionWeightGradient(dy, x: x, window: window)
    #expect(gradient.weight.relativeDistance(to: expected.weight) < Self.tolerance)
    #expect(gradient.bias.relativeDistance(to: expected.bias) < Self.tolerance)
  }

  @Test(
    arguments: backends,
    [
      ConvolutionCase(input: [3, 16, 8, 8], outChannels: 32, window: Window(3, padding: 1)),
      ConvolutionCase(input: [2, 32, 8, 6], outChannels: 16, window: Window(3, stride: 2, padding: 1)),
      ConvolutionCase(input: [2, 16, 8, 8], outChannels: 32, window: Window(1, stride: 2)),
      ConvolutionCase(input: [1, 3, 8, 8], outChannels: 16, window: Window(3, padding: 1)),
      ConvolutionCase(input: [1, 16, 4, 4], outChannels: 5, window: Window(3, padding: 1)),
      // Strides, with and without remainders of images and places in hand.
      ConvolutionCase(input: [5, 32, 9, 11], outChannels: 32, window: Window(3, stride: 2, padding: 1)),
      ConvolutionCase(input: [3, 32, 26, 26], outChannels: 64, window: Window(3, stride: 2, padding: 1)),
      ConvolutionCase(input: [7, 64, 8, 8], outChannels: 32, window: Window(1, stride: 2)),
      ConvolutionCase(input: [2, 32, 6, 6], outChannels: 32, window: Window(2, stride: 1, padding: 1)),
      // Enough tiles for Winograd's algorithm, with and without remainders of tiles and of rows of products.
      ConvolutionCase(input: [13, 32, 8, 8], outChannels: 32, window: Window(3, padding: 1)),
      ConvolutionCase(input: [3, 64, 17, 19], outChannels: 32, window: Window(3, padding: 1)),
      ConvolutionCase(input: [2, 32, 5, 30], outChannels: 64, window: Window(3, padding: 1)),
    ])
  func `channels in blocks give the same pictures and gradients`(_ name: String, _ shape: ConvolutionCase) throws {
    let backend = try Kernels.backend(named: name)
    let window = shape.window
    var numbers = Numbers()
    let plain = numbers.tensor(shape.input)
    let block = shape.input[1] % backend.channelBlock == 0 ? backend.channelBlock : 1
    let x = plain.blockedPictures(block)
    let weight = numbers.tensor([shape.outChannels, shape.input[1], window.size, window.size])
    let bias = numbers.tensor([shape.outChannels])
    let plainResidual = numbers.tensor(Oracle.outputShape(shape.input, channels: shape.outChannels, window: window))
    let outBlock = shape.outChannels % backend.channelBlock == 0 ? backend.channelBlock : 1
    let residual = plainResidual.blockedPictures(outBlock)
    for activation in [Activation.identity, .relu] {
      let expected = Oracle.convolution(plain, weight: weight, bias: bias, window: window, activation: activation)
      let packed = backend.filters(
        weight: weight, bias: bias, window: window, activation: activation, layout: .blocked)
      let y = packed(x)
      #expect(PictureShape(y.shape).block == outBlock)
      #expect(y.plainPictures.relativeDistance(to: expected) < Self.tolerance)
      let before = residual
      let sum =
        Oracle.convolution(plain, weight: weight, bias: bias, window: window, activation: .identity) + plainResidual
      let expectedSum = activation == .relu ? backend.relu(sum) : sum
      #expect(packed(x, adding: residual).plainPictures.relativeDistance(to: expectedSum) < Self.tolerance)
      #expect(residual == before)
    }
    let dx = backend.convolutionInputGradient(residual, weight: weight, window: window, inputShape: x.shape)
    #expect(dx.shape == x.shape)
    let expectedDx = Oracle.convolutionInputGradient(
      plainResidual, weight: weight, window: window, inputShape: plain.shape)
    #expect(dx.plainPictures.relativeDistance(to: expectedDx) < Self.tolerance)
    let gradient = backend.convolutionWeightGradient(residual, x: x, window: window)
    let expected = Oracle.convolutionWeightGradient(plainResidual, x: plain, window: window)
    #expect(gradient.weight.relativeDistance(to: expected.weight) < Self.tolerance)
    #expect(gradient.bias.relativeDistance(to: expected.bias) < Self.tolerance)
    Kernels.with(precision: .bf16) {
      let dx = backend.convolutionInputGradient(residual, weight: weight, window: window, inputShape: x.shape)
      #expect(dx.plainPictures.relativeDistance(to: expectedDx) < Self.toleranceOfBFloat16)
      let gradient = backend.convolutionWeightGradient(residual, x: x, window: window)
      #expect(gradient.weight.relativeDistance(to: expected.weight) < Self.toleranceOfBFloat16)
      #expect(gradient.bias.relativeDistance(to: expected.bias) < Self.toleranceOfBFloat16)
    }
  }

  /// Numbers are rounded by one of 512 at most, and so are sums of them about.
  private static let toleranceOfBFloat16: Float = 0.01

  @Test(arguments: backends)
  func `bfloat16 filters multiply numbers of eight significant bits and sum floats`(_ name: String) throws {
    let backend = try Kernels.backend(named: name)
    var numbers = Numbers()
    let window = Window(3, padding: 1)
    let plain = numbers.tensor([2, 32, 4, 4])
    let weight = numbers.tensor([16, 32, 3, 3])
    let bias = numbers.tensor([16])
    let expected = Oracle.convolution(
      plain.roundedToBFloat16, weight: weight.roundedToBFloat16, bias: bias, window: window, activation: .relu)
    let filters = Kernels.with(precision: .bf16) {
      backend.filters(weight: weight, bias: bias, window: window, activation: .relu, layout: .blocked)
    }
    let y = filters(plain.blockedPictures(backend.channelBlock)).plainPictures
    #expect(y.relativeDistance(to: expected) < Self.tolerance)
    let floats = Oracle.convolution(plain, weight: weight, bias: bias, window: window, activation: .relu)
    #expect(y.relativeDistance(to: floats) > 10 * Self.tolerance)
  }

  @Test func `numbers are rounded to the nearest of eight significant bits, halfway to even`() {
    let x = Tensor([1, 1.003_906_25, 1.011_718_75, -1.004, 3.4e38, .infinity, 0, -0.0], shape: [8])
    let rounded = x.roundedToBFloat16
    let expected: [Float] = [1, 1, 1.015_625, -1.007_812_5, .infinity, .infinity, 0, -0.0]
    for i in expected.indices { #expect(rounded[i].bitPattern == expected[i].bitPattern, "of \(x[i])") }
    #expect(Tensor([.nan], shape: [1]).roundedToBFloat16[0].isNaN)
  }

  @Test func `pictures go into blocks of channels and back`() {
    var numbers = Numbers()
    let plain = numbers.tensor([2, 32, 3, 5])
    let blocked = plain.blockedPictures(8)
    #expect(blocked.shape == [2, 4, 3, 5, 8])
    #expect(blocked[1, 2, 1, 4, 3] == plain[1, 19, 1, 4])
    #expect(blocked.plainPictures == plain)
    #expect(blocked.blockedPictures(16).plainPictures == plain)
  }
}
