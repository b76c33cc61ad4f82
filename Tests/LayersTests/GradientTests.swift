import Layers
import Tensors
import Testing

/// Every layer's pullback against differences of its output.
struct GradientTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let input: [Int]
    let make: @Sendable (inout Numbers) -> any Layer
  }

  static let cases = [
    Case(testDescription: "Linear", input: [5, 7]) { Linear(7, 9, using: &$0) },
    Case(testDescription: "Linear with ReLU", input: [5, 7]) {
      withoutKinks(Linear(7, 9, activation: .relu, using: &$0))
    },
    Case(testDescription: "Linear without bias, on sequences", input: [2, 3, 4]) {
      Linear(4, 5, bias: false, using: &$0)
    },
    Case(testDescription: "Convolution", input: [2, 3, 7, 6]) { Convolution(3, 4, kernel: 3, using: &$0) },
    Case(testDescription: "Convolution with stride, padding and ReLU", input: [2, 2, 7, 8]) {
      withoutKinks(Convolution(2, 5, kernel: 3, stride: 2, padding: 1, activation: .relu, using: &$0))
    },
    Case(testDescription: "Convolution without bias", input: [1, 3, 4, 4]) {
      Convolution(3, 2, kernel: 1, bias: false, using: &$0)
    },
    Case(testDescription: "MaxPool", input: [2, 2, 8, 8]) { _ in MaxPool(2) },
    Case(testDescription: "MaxPool with overlap and padding", input: [1, 2, 7, 6]) { _ in
      MaxPool(3, stride: 2, padding: 1)
    },
    Case(testDescription: "MaxPool that leaves a rest", input: [1, 2, 7, 9]) { _ in MaxPool(2) },
    Case(testDescription: "MaxPool of few columns", input: [1, 2, 6, 6]) { _ in MaxPool(2) },
    Case(testDescription: "AveragePool", input: [2, 2, 4, 4]) { _ in AveragePool(4) },
    Case(testDescription: "AveragePool with overlap and padding", input: [1, 2, 7, 6]) { _ in
      AveragePool(3, stride: 2, padding: 1)
    },
    Case(testDescription: "ReLU", input: [3, 5]) { _ in ReLU() },
    Case(testDescription: "Flatten", input: [2, 3, 2]) { _ in Flatten() },
    Case(testDescription: "Sequential", input: [2, 2, 8, 8]) {
      [
        "conv": withoutKinks(Convolution(2, 3, kernel: 3, activation: .relu, using: &$0)), "pool": AveragePool(2),
        "flatten": Flatten(), "fc": Linear(27, 4, using: &$0),
      ] as Sequential
    },
  ]

  /// Biases so large that every output's ReLU is always on or always off.
  private static func withoutKinks<L: Layer>(_ layer: L) -> L {
    var layer = layer
    layer.updateParameters { _, role, value in
      guard role == .bias else { return }
      value = Tensor((0..<value.count).map { $0 % 3 == 0 ? -8 : 8 }, shape: value.shape)
    }
    return layer
  }

  @Test(arguments: backends, cases) func `a pullback is the derivative`(_ backend: String, _ test: Case) throws {
    try Kernels.with(backend: Kernels.backend(named: backend)) {
      var numbers = Numbers(3)
      let layer = test.make(&numbers)
      let isChoosing = test.testDescription.hasPrefix("MaxPool") || layer is ReLU
      check(layer, at: isChoosing ? numbers.spreadTensor(test.input, gap: 1.25) : numbers.tensor(test.input), &numbers)
    }
  }

  /// The loss is the sum of y times fixed numbers, so that dloss/dy are these numbers.
  private func check<L: Layer>(_ layer: L, at x: Tensor, _ numbers: inout Numbers) {
    let (y, pullback) = layer.pulledBack(x)
    let dy = numbers.tensor(y.shape)
    let (dx, gradient) = pullback(dy)
    func loss(_ layer: L, _ x: Tensor) -> Double {
      zip(layer.pulledBack(x).y.scalars, dy.scalars).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }

    #expect(layer(x).relativeDistance(to: y) < 1e-6)
    #expect(dx.relativeDistance(to: numericalGradient(at: x) { loss(layer, $0) }) < Self.tolerance)
    for (index, parameter) in gradient.parameters.enumerated() {
      let numerical = numericalGradient(at: layer.parameters[index].value) { value in
        var changed = layer
        changed.replaceParameter(index, by: value)
        return loss(changed, x)
      }
      #expect(parameter.value.relativeDistance(to: numerical) < Self.tolerance, "\(parameter.name)")
    }

    let (_, fromData) = layer.pulledBackFromData(x)
    for (a, b) in zip(fromData(dy).parameters, gradient.parameters) { #expect(a.value == b.value, "\(a.name)") }
  }

  /// Piecewise linear functions have exact differences; what is left is the rounding of float32.
  private static let tolerance: Float = 5e-5
}

/// df/dx by central differences, element by element; exact but for rounding where f is linear within the step.
func numericalGradient(at x: Tensor, step: Float = 1 / 2, _ f: (Tensor) -> Double) -> Tensor {
  let values = x.scalars
  let slopes = values.indices.map { i in
    var (above, below) = (values, values)
    above[i] += step
    below[i] -= step
    return Float(
      (f(Tensor(above, shape: x.shape)) - f(Tensor(below, shape: x.shape))) / Double(above[i] - below[i]))
  }
  return Tensor(slopes, shape: x.shape)
}

extension Parameterised {
  mutating func replaceParameter(_ index: Int, by new: Tensor) {
    var next = 0
    updateParameters { _, _, value in
      if next == index { value = new }
      next += 1
    }
  }
}
