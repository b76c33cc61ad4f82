import Tensors
import Testing

struct PoolingKernelTests {
  static let cases: [(input: [Int], window: Window)] = [
    ([2, 3, 28, 28], Window(2, stride: 2)), ([1, 2, 11, 7], Window(2, stride: 2)),
    ([1, 1, 2, 2], Window(2, stride: 2)),
    ([2, 2, 9, 9], Window(3, stride: 2, padding: 1)), ([1, 3, 6, 5], Window(2, stride: 1)),
    ([2, 4, 4, 4], Window(4, stride: 4)), ([1, 1, 7, 7], Window(3, stride: 1, padding: 1)),
  ]

  @Test(arguments: cases) func `pooling agrees with its definition`(_ input: [Int], _ window: Window) {
    let kernels = Kernels.reference
    var numbers = Numbers()
    let x = numbers.tensor(input)
    let (shape, covered) = Oracle.windows(x, window: window)
    let dy = numbers.tensor(shape)
    let (values, gradients) = (x.scalars, dy.scalars)

    let maxima = covered.map { $0.map { values[$0] }.max()! }
    #expect(kernels.maxPool(x, window: window) == Tensor(maxima, shape: shape))
    let means = covered.map { $0.map { values[$0] }.reduce(0, +) / Float($0.count) }
    #expect(kernels.averagePool(x, window: window).relativeDistance(to: Tensor(means, shape: shape)) < 1e-6)

    var toMaxima = [Float](repeating: 0, count: x.count)
    var toAll = toMaxima
    for (i, places) in covered.enumerated() {
      toMaxima[places.first { values[$0] == maxima[i] }!] += gradients[i]
      for place in places { toAll[place] += gradients[i] / Float(places.count) }
    }
    let maxGradient = kernels.maxPoolGradient(dy, x: x, window: window)
    #expect(maxGradient.relativeDistance(to: Tensor(toMaxima, shape: input)) < 1e-6)
    let averageGradient = kernels.averagePoolGradient(dy, window: window, inputShape: input)
    #expect(averageGradient.relativeDistance(to: Tensor(toAll, shape: input)) < 1e-6)
  }

  @Test func `of equal inputs the first takes the gradient`() {
    let x = Tensor([1, 1, 1, 1], shape: [1, 1, 2, 2])
    let dy = Tensor([5], shape: [1, 1, 1, 1])
    for window in [Window(2, stride: 2), Window(2, stride: 1)] {
      #expect(Kernels.reference.maxPoolGradient(dy, x: x, window: window).scalars == [5, 0, 0, 0])
    }
  }
}
