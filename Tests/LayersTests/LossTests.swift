import Layers
import PyTorchRecords
import Tensors
import Testing

struct LossTests {
  @Test func `softmax and its gradient agree with PyTorch`() throws {
    let recorded = try Recorded("layers")
    let (y, pullback) = softmaxPulledBack(Formula.numbers(6, [3, 2, 7], 8))
    #expect(y == softmax(Formula.numbers(6, [3, 2, 7], 8)))
    #expect(y.relativeDistance(to: recorded["softmax.y"]) < 1e-6)
    let gradient = pullback(Formula.numbers(50, y.shape, 1))
    #expect(gradient.relativeDistance(to: recorded["softmax.gradient.0"]) < 1e-5)
  }

  @Test func `the logarithm of softmax and its gradient agree with PyTorch`() throws {
    let recorded = try Recorded("layers")
    let (y, pullback) = logSoftmaxPulledBack(Formula.numbers(7, [3, 2, 7], 8))
    #expect(y == logSoftmax(Formula.numbers(7, [3, 2, 7], 8)))
    #expect(y.relativeDistance(to: recorded["logSoftmax.y"]) < 1e-6)
    let gradient = pullback(Formula.numbers(50, y.shape, 1))
    #expect(gradient.relativeDistance(to: recorded["logSoftmax.gradient.0"]) < 1e-5)
  }

  @Test func `cross-entropies and their weighted gradient agree with PyTorch`() throws {
    let recorded = try Recorded("layers")
    let entropy = CrossEntropy(Formula.numbers(8, [5, 7], 8), [6, 0, 3, 3, 1])
    let losses = Tensor(entropy.losses, shape: [5])
    #expect(losses.relativeDistance(to: recorded["crossEntropy.losses"]) < 1e-6)
    let gradient = entropy.gradient(weights: [1, 0.5, 0.25, 2, 0])
    #expect(gradient.relativeDistance(to: recorded["crossEntropy.gradient"]) < 1e-5)
  }

  @Test func `the mean cross-entropy has the gradient that differences have`() {
    var numbers = Numbers()
    let logits = 3 * numbers.tensor([4, 5])
    let labels = [0, 4, 2, 2]
    let (loss, gradient) = crossEntropy(logits, labels)
    #expect(abs(loss - CrossEntropy(logits, labels).losses.reduce(0, +) / 4) < 1e-6)
    let numerical = numericalGradient(at: logits, step: 1 / 64) { x in
      CrossEntropy(x, labels).losses.reduce(0) { $0 + Double($1) } / 4
    }
    #expect(gradient.relativeDistance(to: numerical) < 1e-3)
  }

  @Test func `huge logits neither overflow nor lose the loss`() {
    let logits = Tensor([1e4, -1e4, 0, 88, 89, 90], shape: [2, 3])
    #expect(softmax(logits).scalars.allSatisfy { $0.isFinite })
    #expect(crossEntropy(logits, [0, 2]).loss.isFinite)
    #expect(CrossEntropy(logits, [1, 2]).losses[0] == 2e4)
  }
}
