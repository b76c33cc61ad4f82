import Layers
import MixtureOfExperts
import Randomness
import Tensors
import Testing

@Suite struct NetworkTests {
  /// Compares a network's gradient with the slope of Σ y·dy along a random direction of its parameters.
  private func checkGradient<Network: Layer>(_ network: Network, x: Tensor, step: Float, tolerance: Float) {
    let (y, pullback) = network.pulledBack(x)
    let dy = noise(y.shape, seed: 21)
    let gradient = pullback(dy).gradient
    // A network that reads data goes without dx, and has the same gradient.
    let fromData = network.pulledBackFromData(x).pullback(dy)
    for (a, b) in zip(gradient.parameters, fromData.parameters) { #expect(a.value == b.value) }
    // One parameter after the other, so that an error is found where it is.
    for (place, parameter) in gradient.parameters.enumerated() {
      let direction = noise(parameter.value.shape, seed: 100 + UInt64(place))
      func moved(_ factor: Float) -> Float {
        var other = network
        other.updateParameters { name, _, value in
          if name == parameter.name { value.add(direction, scaledBy: factor) }
        }
        return (other.pulledBack(x).y * dy).sum
      }
      let expected = (parameter.value * direction).sum
      let slope = (moved(step) - moved(-step)) / (2 * step)
      #expect(
        abs(slope - expected) < tolerance * max(1, abs(expected)),
        "\(parameter.name): slope \(slope), gradient \(expected)")
    }
  }

  @Test func `LeNet-5 has the paper's shapes and PyTorch's names`() {
    var generator = CounterGenerator(seed: 1)
    let network = Backbone(.leNet5, using: &generator)
    #expect(
      network.namedTensors.map(\.name) == [
        "conv1.weight", "conv1.bias", "conv2.weight", "conv2.bias", "fc1.weight", "fc1.bias",
      ])
    #expect(network(noise([2, 3, 32, 32])).shape == [2, 120])
    let expert = Expert(expertFor: .leNet5, outputCount: 10, using: &generator)
    #expect(
      expert.namedTensors.map { "\($0.name) \($0.value.shape)" } == [
        "fc1.weight [84, 120]", "fc1.bias [84]", "fc2.weight [10, 84]", "fc2.bias [10]",
      ])
    let gate = Gate(.channelAware, for: .leNet5, expertCount: 8, using: &generator)
    #expect(gate.namedTensors.map(\.value.shape) == [[64, 128], [64], [8, 64], [8]])
    let direct = Gate(
      .channelAware, for: .leNet5, expertCount: 8, numbersPerLink: 3, seesLinksDirectly: true, using: &generator)
    #expect(direct.namedTensors.map(\.value.shape) == [[64, 144], [64], [8, 64], [8], [3]])
    #expect(direct.namedTensors.last?.name == "direct.weight")
    let naive = Gate(
      .naive, for: .leNet5, expertCount: 8, numbersPerLink: 3, seesLinksDirectly: true, using: &generator)
    #expect(naive.namedTensors.map(\.value.shape) == [[64, 120], [64], [8, 64], [8]])
  }

  @Test func `what is told of a link counts directly for its expert`() {
    var generator = CounterGenerator(seed: 5)
    var gate = Gate(
      .channelAware, for: .leNet5, expertCount: 4, numbersPerLink: 2, seesLinksDirectly: true, using: &generator)
    gate.directWeight = Tensor([0.5, -3], shape: [2])
    let (z, links) = (noise([3, 120], seed: 51), noise([3, 8], seed: 52))
    let network = gate.network(gate.input(z, links))
    let logits = gate(z, linkEncoding: links)
    for row in 0..<3 {
      for k in 0..<4 {
        let direct = 0.5 * links[row, k] - 3 * links[row, 4 + k]
        #expect(abs(logits[row, k] - network[row, k] - direct) < 1e-5)
      }
    }
    // What comes back by that way reaches the links, and them alone.
    let (x, dy) = (gate.input(z, links), noise([3, 4], seed: 53))
    let (dx, throughNetwork) = (gate.pulledBack(x).pullback(dy).dx, gate.network.pulledBack(x).pullback(dy).dx)
    for row in 0..<3 {
      for i in 0..<128 {
        let direct = i < 120 ? 0 : [0.5, -3][(i - 120) / 4] * dy[row, i % 4]
        #expect(abs(dx[row, i] - throughNetwork[row, i] - direct) < 1e-5)
      }
    }
  }

  @Test func `the gradients of backbone, gate and expert are those of their outputs`() {
    var generator = CounterGenerator(seed: 2)
    checkGradient(Backbone(.leNet5, using: &generator), x: noise([3, 3, 32, 32]), step: 3e-5, tolerance: 3e-2)
    checkGradient(
      Gate(.channelAware, for: .leNet5, expertCount: 4, using: &generator), x: noise([5, 124]), step: 1e-3,
      tolerance: 2e-2)
    checkGradient(
      Expert(expertFor: .leNet5, outputCount: 10, using: &generator), x: noise([5, 120]), step: 1e-3, tolerance: 2e-2)
    checkGradient(
      Gate(.channelAware, for: .leNet5, expertCount: 4, numbersPerLink: 3, seesLinksDirectly: true, using: &generator),
      x: noise([5, 132]), step: 1e-4, tolerance: 2e-2)
  }

  @Test func `a gate's network is weighed against what it is told of links directly`() throws {
    var generator = CounterGenerator(seed: 3)
    let gate = Gate(
      .channelAware, for: .leNet5, expertCount: 4, numbersPerLink: 3, seesLinksDirectly: true, using: &generator)
    let x = noise([6, 132], seed: 35)
    let network = gate.network(x).scalars
    for (place, (whole, half)) in zip(gate(x).scalars, gate.weighingNetwork(0.5)(x).scalars).enumerated() {
      #expect(abs(whole - half - network[place] / 2) < 1e-5)
    }
    #expect(gate.weighingNetwork(1)(x) == gate(x))
  }

  @Test(arguments: [GateKind.naive, .channelAware])
  func `a folded gate does to z what the gate does to the standardised z`(kind: GateKind) {
    var generator = CounterGenerator(seed: 3)
    let gate = Gate(kind, for: .leNet5, expertCount: 4, using: &generator)
    let mean = noise([120], seed: 31).scalars
    let deviation = noise([120], seed: 32).scalars.map { 1.5 + $0 }
    let z = noise([6, 120], seed: 33)
    let links = noise([6, 4], seed: 34)
    let standardised = Tensor(
      z.scalars.enumerated().map { ($1 - mean[$0 % 120]) / deviation[$0 % 120] }, shape: [6, 120])
    let folded = gate.foldingStandardisation(mean: mean, deviation: deviation)
    for (a, b) in zip(folded(z, linkEncoding: links).scalars, gate(standardised, linkEncoding: links).scalars) {
      #expect(abs(a - b) < 1e-4)
    }
  }
}

@Suite struct PixelNormalisationTests {
  @Test func `each channel is shifted by its mean and divided by its deviation`() {
    let normalisation = PixelNormalisation(mean: [0.5, 0, 0.25], deviation: [0.5, 1, 0.25])
    let pixels: [UInt8] = [0, 255, 0, 255, 51, 0]
    var x = [Float](repeating: 0, count: 6)
    pixels.withUnsafeBufferPointer { pixels in
      x.withUnsafeMutableBufferPointer { normalisation.normalise(pixels, into: $0, imageCount: 1) }
    }
    for (got, wanted) in zip(x, [-1, 1, 0, 1, -0.2, -1] as [Float]) { #expect(abs(got - wanted) < 1e-6) }
  }
}
