import Layers
import Tensors
import Testing

struct LayerTests {
  @Test(arguments: backends) func `a layer whose weights change computes with the new ones`(_ backend: String) throws {
    try Kernels.with(backend: Kernels.backend(named: backend)) {
      var numbers = Numbers()
      let x = numbers.tensor([3, 4])
      var layer = Linear(4, 2, using: &numbers)
      let (original, before) = (layer, layer(x))
      layer.weight *= 2
      #expect(layer(x).relativeDistance(to: Linear(weight: 2 * original.weight, bias: original.bias)(x)) < 1e-6)
      layer.bias = nil
      #expect(layer(x).relativeDistance(to: Linear(weight: 2 * original.weight, bias: nil)(x)) < 1e-6)
      #expect(original(x) == before)

      let image = numbers.tensor([1, 2, 5, 5])
      var convolution = Convolution(2, 3, kernel: 3, using: &numbers)
      let blurred = convolution(image)
      convolution.updateParameters { _, _, value in value *= -1 }
      #expect(convolution(image).relativeDistance(to: -1 * blurred) < 1e-6)
    }
  }

  @Test func `the default initialisation is PyTorch's: uniform within one over the root of the fan-in`() throws {
    var numbers = Numbers()
    let linear = Linear(400, 300, using: &numbers)
    let convolution = Convolution(16, 64, kernel: 5, using: &numbers)
    for (values, fanIn) in [
      (linear.weight, 400), (try #require(linear.bias), 400), (convolution.weight, 400),
    ] {
      let bound = 1 / Float(fanIn).squareRoot()
      #expect(values.scalars.allSatisfy { abs($0) <= bound })
      let variance = values.scalars.reduce(0) { $0 + $1 * $1 } / Float(values.count)
      #expect(abs(variance / (bound * bound / 3) - 1) < 0.15)
    }
  }

  @Test func `parameters have PyTorch's names and are counted once`() {
    var numbers = Numbers()
    let network = leNet5(using: &numbers)
    #expect(
      network.parameters.map(\.name) == [
        "conv1.weight", "conv1.bias", "conv2.weight", "conv2.bias", "fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias",
        "fc3.weight", "fc3.bias",
      ])
    #expect(network.trainableCount == 62_006)
  }

  @Test func `gradients of two halves of a batch add up to the gradient of the batch`() {
    var numbers = Numbers()
    let network = leNet5(using: &numbers)
    let images = numbers.tensor([6, 3, 32, 32])
    let (y, pullback) = network.pulledBackFromData(images)
    let dy = numbers.tensor(y.shape)
    var sum = network.pulledBackFromData(images.rows(0..<2)).pullback(dy.rows(0..<2))
    sum += network.pulledBackFromData(images.rows(2..<6)).pullback(dy.rows(2..<6))
    for (a, b) in zip(sum.parameters, pullback(dy).parameters) {
      #expect(a.value.relativeDistance(to: b.value) < 1e-5, "\(a.name)")
    }
  }

  @Test func `a network loads what it saved, and says what a file lacks`() throws {
    var numbers = Numbers()
    let saved = leNet5(using: &numbers)
    var network = leNet5(using: &numbers)
    let file = Safetensors(saved.namedTensors.map { ("backbone." + $0.name, $0.value) })
    try network.load(file, prefix: "backbone.")
    for (a, b) in zip(network.parameters, saved.parameters) { #expect(a.value == b.value) }

    let before = network.parameters.map(\.value)
    func load(_ change: (inout [(name: String, value: Tensor)]) -> Void) -> SafetensorsError? {
      var tensors = leNet5(using: &numbers).namedTensors
      change(&tensors)
      return #expect(throws: SafetensorsError.self) { try network.load(Safetensors(tensors)) }
    }
    let error = load { tensors in
      tensors.removeLast(2)
      tensors.append(("head.weight", Tensor(zeros: [1])))
      tensors[1].value = Tensor(zeros: [7])
    }
    #expect(
      error
        == .mismatch(
          missing: ["fc3.weight", "fc3.bias"], unexpected: ["head.weight"],
          wrongShapes: [.init(tensor: "conv1.bias", expected: [6], received: [7])]))
    #expect(
      try #require(error).description
        == "missing: fc3.weight, fc3.bias; unexpected: head.weight; "
        + "wrong shape: conv1.bias (expected [6], received [7])")
    #expect(network.parameters.map(\.value) == before)
  }

  @Test func `initial weights are what the standard library draws`() {
    var (ours, theirs) = (Numbers(7), Numbers(7))
    let weights = Tensor(uniform: 0.3, shape: [1000], using: &ours)
    for i in 0..<1000 { #expect(weights[i] == Float.random(in: -0.3..<0.3, using: &theirs)) }
  }

  @Test func `normal initial weights have the deviation that was asked for`() {
    var numbers = Numbers(8)
    let weights = Tensor(normal: 0.5, shape: [100_000], using: &numbers)
    let (sum, squares) = weights.withUnsafeBufferPointer { w in
      w.reduce(into: (0.0, 0.0)) { total, x in
        total.0 += Double(x)
        total.1 += Double(x) * Double(x)
      }
    }
    #expect(abs(sum / 1e5) < 0.01)
    #expect(abs((squares / 1e5).squareRoot() - 0.5) < 0.005)
  }

  @Test func `a network made without draws is zero`() {
    var generator = NoDraws()
    let layer = Linear(7, 5, using: &generator)
    #expect(layer.weight == Tensor(zeros: [5, 7]))
    #expect(Tensor(normal: 1, shape: [3], using: &generator) == Tensor(zeros: [3]))
  }
}
