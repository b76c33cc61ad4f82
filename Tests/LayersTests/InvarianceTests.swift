import Layers
import Tensors
import Testing

/// An image's result depends on nothing but the image.
struct InvarianceTests {
  static let networks: [(name: String, input: [Int])] = [
    ("LeNet-5", [3, 32, 32]), ("perceptron", [120]), ("wide perceptron", [512]), ("tokens", [65, 48]),
    ("strided convolution", [16, 9, 9]),
  ]

  private func network(_ name: String, _ numbers: inout Numbers) -> any Layer {
    switch name {
    case "LeNet-5": leNet5(using: &numbers)
    case "perceptron":
      ["fc1": Linear(120, 84, activation: .relu, using: &numbers), "fc2": Linear(84, 10, using: &numbers)]
        as Sequential
    case "wide perceptron":
      ["fc1": Linear(512, 256, activation: .relu, using: &numbers), "fc2": Linear(256, 8, using: &numbers)]
        as Sequential
    case "tokens": Linear(48, 100, using: &numbers)
    default: Convolution(16, 24, kernel: 3, stride: 2, padding: 1, activation: .relu, using: &numbers)
    }
  }

  @Test(arguments: backends, networks)
  func `an image alone and in any batch gives the same bits`(_ backend: String, _ test: (name: String, input: [Int]))
    throws
  {
    try Kernels.with(backend: Kernels.backend(named: backend)) {
      var numbers = Numbers()
      let network = network(test.name, &numbers)
      let images = numbers.tensor([67] + test.input)
      let alone = Tensor(stacking: (0..<67).map { network(images.rows($0..<$0 + 1)) })
      for batch in [2, 3, 5, 6, 7, 8, 16, 33, 64, 67] {
        for first in stride(from: 0, to: 67, by: batch) {
          let rows = first..<min(first + batch, 67)
          #expect(network(images.rows(rows)) == alone.rows(rows), "\(rows) of \(test.name)")
        }
      }
    }
  }

  @Test(arguments: backends, networks)
  func `any number of threads gives the same bits`(_ backend: String, _ test: (name: String, input: [Int])) throws {
    try Kernels.with(backend: Kernels.backend(named: backend)) {
      var numbers = Numbers()
      let network = network(test.name, &numbers)
      let images = numbers.tensor([13] + test.input)
      let expected = network(images)
      for threads in [2, 3, 8] {
        #expect(Kernels.with(threads: threads) { network(images) } == expected)
        #expect(Kernels.with(threads: threads) { network(images.rows(4..<5)) } == expected.rows(4..<5))
      }
    }
  }

  @Test(arguments: backends) func `weight gradients of convolutions do not depend on threads`(_ backend: String) throws
  {
    try Kernels.with(backend: Kernels.backend(named: backend)) {
      var numbers = Numbers()
      let layer = Convolution(3, 6, kernel: 5, using: &numbers)
      let (y, pullback) = layer.pulledBack(numbers.tensor([70, 3, 12, 12]))
      let dy = numbers.tensor(y.shape)
      let expected = pullback(dy).gradient
      for threads in [2, 5] {
        let gradient = Kernels.with(threads: threads) { pullback(dy).gradient }
        #expect(gradient.weight == expected.weight && gradient.bias == expected.bias)
      }
    }
  }

  @Test(arguments: backends) func `many threads may use one layer at once`(_ backend: String) async throws {
    let backend = try Kernels.backend(named: backend)
    var numbers = Numbers()
    let network = leNet5(using: &numbers)
    let images = numbers.tensor([8, 3, 32, 32])
    let expected = Kernels.with(backend: backend) { network(images) }
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<16 {
        group.addTask {
          Kernels.with(backend: backend) { (0..<20).allSatisfy { _ in network(images) == expected } }
        }
      }
      for await same in group { #expect(same) }
    }
  }
}
