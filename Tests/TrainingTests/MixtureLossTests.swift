import MixtureOfExperts
import Tensors
import Testing
import Training

@Suite struct MixtureLossTests {
  private let labels = [2, 0, 1].map { SoftLabel($0) }
  private let K = 2
  private let classes = 3
  private let logits = Tensor([0.3, -0.2, 1.1, 0.4, -0.7, 0.9], shape: [3, 2])
  private let outputs = [
    Tensor([0.1, -0.4, 0.9, 1.2, 0.3, -0.5, 0.0, 0.8, -1.1], shape: [3, 3]),
    Tensor([-0.6, 0.2, 0.4, 0.7, -0.9, 1.3, 0.5, -0.3, 0.2], shape: [3, 3]),
  ]
  private let everybody = [ExpertSet](repeating: .all(2), count: 3)

  private let teacherScores = Tensor([2, -1, 0.5, 0.3, 1.7, -0.4, -2.2, 0.6, 1.1], shape: [3, 3])

  /// The teacher's scores, where the loss has a teacher.
  private func taught(_ loss: MixtureLoss) -> Tensor? { loss.distillation == nil ? nil : teacherScores }

  /// The whole batch's loss, λ R_bal included.
  private func total(
    _ loss: MixtureLoss, _ logits: Tensor, _ outputs: [Tensor], _ up: [ExpertSet], _ labels: [SoftLabel]
  )
    -> Double
  {
    let g = maskedSoftmax(logits, eligible: up)
    let mean = meanGate(g)
    let value = loss(
      g: g, outputs: outputs, labels: labels, teacherScores: taught(loss), batchSize: 3, meanGate: mean)
    return value.sum / 3 + Double(loss.balanceWeight * BalanceRegulariser.value(mean))
  }

  private func meanGate(_ g: Tensor) -> [Float] {
    (0..<K).map { k in (0..<3).reduce(0) { $0 + g[$1, k] } / 3 }
  }

  private func check(_ loss: MixtureLoss, up: [ExpertSet], labels: [SoftLabel]? = nil) {
    let labels = labels ?? self.labels
    let g = maskedSoftmax(logits, eligible: up)
    let value = loss(
      g: g, outputs: outputs, labels: labels, teacherScores: taught(loss), batchSize: 3, meanGate: meanGate(g))
    let step: Float = 1e-2
    for i in 0..<3 {
      for k in 0..<K {
        var (above, below) = (logits, logits)
        above[i, k] += step
        below[i, k] -= step
        let slope =
          (total(loss, above, outputs, up, labels) - total(loss, below, outputs, up, labels)) / Double(2 * step)
        #expect(abs(Double(value.gateLogitsGradient[i, k]) - slope) < 2e-4)
        for c in 0..<classes {
          var (above, below) = (outputs, outputs)
          above[k][i, c] += step
          below[k][i, c] -= step
          let slope =
            (total(loss, logits, above, up, labels) - total(loss, logits, below, up, labels)) / Double(2 * step)
          #expect(abs(Double(value.outputGradients[k][i, c]) - slope) < 2e-4)
        }
      }
    }
  }

  @Test(arguments: [Combination.logits, .probabilities])
  func `the gradients are those of the loss`(mixing: Combination) {
    check(
      MixtureLoss(mixing: mixing, gatedExpertWeight: 0.7, meanExpertWeight: 0.3, balanceWeight: 2), up: everybody)
    check(MixtureLoss(mixing: mixing), up: everybody)
    check(
      MixtureLoss(mixing: mixing, gatedExpertWeight: 0.7, meanExpertWeight: 0.3, labelSmoothing: 0.2), up: everybody)
  }

  @Test(arguments: [Combination.logits, .probabilities], [0, 0.2] as [Float])
  func `the gradients are those of the loss where images show two classes`(mixing: Combination, smoothing: Float) {
    check(
      MixtureLoss(
        mixing: mixing, gatedExpertWeight: 0.7, meanExpertWeight: 0.3, balanceWeight: 2, labelSmoothing: smoothing),
      up: everybody, labels: [SoftLabel(2, 0, share: 0.7), SoftLabel(0, 0, share: 0.4), SoftLabel(1, 2, share: 0)])
  }

  @Test(arguments: [Combination.logits, .probabilities])
  func `the loss of two classes is the mean of theirs, by share`(mixing: Combination) {
    let loss = MixtureLoss(mixing: mixing, gatedExpertWeight: 0.7, meanExpertWeight: 0.3, labelSmoothing: 0.1)
    func sum(_ labels: [SoftLabel]) -> Double {
      let g = maskedSoftmax(logits, eligible: everybody)
      return loss(g: g, outputs: outputs, labels: labels, batchSize: 3, meanGate: meanGate(g)).sum
    }
    let (first, second) = ([2, 0, 1], [0, 1, 1])
    let mixed = sum(zip(first, second).map { SoftLabel($0, $1, share: 0.75) })
    #expect(abs(mixed - 0.75 * sum(first.map { SoftLabel($0) }) - 0.25 * sum(second.map { SoftLabel($0) })) < 1e-5)
  }

  @Test(arguments: [0.7, 1] as [Float], [1, 4] as [Float])
  func `the gradients are those of the loss where a teacher has a part of it`(weight: Float, temperature: Float) {
    let loss = MixtureLoss(
      mixing: .logits, gatedExpertWeight: 0.6, meanExpertWeight: 0.3, balanceWeight: 2, labelSmoothing: 0.1,
      distillation: Distillation(weight: weight, temperature: temperature))
    check(loss, up: everybody, labels: [SoftLabel(2, 0, share: 0.75), SoftLabel(0), SoftLabel(1)])
    check(loss, up: [ExpertSet([0]), ExpertSet([1]), ExpertSet.all(2)])
  }

  @Test func `a loss with a teacher, and its gradients, agree with PyTorch`() {
    let loss = MixtureLoss(
      mixing: .logits, gatedExpertWeight: 0.6, meanExpertWeight: 0.3, labelSmoothing: 0.1,
      distillation: Distillation(weight: 0.7, temperature: 4))
    let g = maskedSoftmax(logits, eligible: everybody)
    let value = loss(
      g: g, outputs: outputs, labels: [SoftLabel(2, 0, share: 0.75), SoftLabel(0), SoftLabel(1)],
      teacherScores: teacherScores, batchSize: 3, meanGate: meanGate(g))
    // 0.3 cross_entropy(x, targets) + 0.7 · 16 kl_div(log_softmax(x/4), softmax(t/4)) of the mix and of both outputs.
    #expect(abs(value.sum - 5.482_949_97) < 1e-5)
    let ofGate: [Float] = [-0.055_191_56, 0.055_191_56, -0.096_773_84, 0.096_773_84, -0.023_326_87, 0.023_326_87]
    let ofOutputs: [[Float]] = [
      [
        -0.160_417_81, 0.102_256_69, 0.058_161_12, 0.065_431_62, -0.120_834_99, 0.055_403_37, 0.074_425_28,
        -0.022_192_49, -0.052_232_78,
      ],
      [
        -0.121_501_92, 0.097_042_06, 0.024_459_86, 0.009_064_92, -0.101_645_95, 0.092_581_03, 0.301_550_75,
        -0.202_894_74, -0.098_656_01,
      ],
    ]
    for (mine, theirs) in zip(value.gateLogitsGradient.scalars, ofGate) { #expect(abs(mine - theirs) < 1e-6) }
    for (mine, theirs) in zip(value.outputGradients, ofOutputs) {
      for (mine, theirs) in zip(mine.scalars, theirs) { #expect(abs(mine - theirs) < 1e-6) }
    }
  }

  @Test func `a student that gives the teacher's scores has nothing to learn from it`() {
    let loss = MixtureLoss(
      mixing: .logits, gatedExpertWeight: 1, distillation: Distillation(weight: 1, temperature: 3))
    let g = maskedSoftmax(logits, eligible: everybody)
    let value = loss(
      g: g, outputs: [teacherScores, teacherScores], labels: labels, teacherScores: teacherScores, batchSize: 3,
      meanGate: meanGate(g))
    #expect(abs(value.sum) < 1e-5)
    #expect(value.outputGradients.allSatisfy { $0.scalars.allSatisfy { abs($0) < 1e-6 } })
  }

  @Test func `experts that are down get no gradient and no weight`() {
    let up = [ExpertSet([0]), ExpertSet([1]), ExpertSet.all(2)]
    let loss = MixtureLoss(mixing: .logits, gatedExpertWeight: 1, balanceWeight: 1)
    check(loss, up: up)
    let g = maskedSoftmax(logits, eligible: up)
    #expect(g[0, 0] == 1 && g[0, 1] == 0 && g[1, 0] == 0)
  }

  @Test func `the paper's loss is the cross-entropy of the weighted outputs`() {
    let g = maskedSoftmax(logits, eligible: everybody)
    let value = MixtureLoss(mixing: .logits)(
      g: g, outputs: outputs, labels: labels, batchSize: 3, meanGate: meanGate(g))
    // log Σ exp(Σ g o) - (Σ g o)[y], image by image, computed with PyTorch.
    #expect(abs(value.sum - 2.4787) < 1e-4)
  }
}

@Suite struct BalanceRegulariserTests {
  @Test func `an even gate costs nothing, a collapsed one 1 - 1/K`() {
    #expect(BalanceRegulariser.value([0.25, 0.25, 0.25, 0.25]) == 0)
    #expect(abs(BalanceRegulariser.value([1, 0, 0, 0]) - 0.75) < 1e-6)
  }

  @Test func `its gradient is 2/B of the excess over 1/K`() {
    let gradient = BalanceRegulariser.gradient([0.5, 0.3, 0.2], batchSize: 10)
    for (got, mean) in zip(gradient, [0.5, 0.3, 0.2] as [Float]) { #expect(abs(got - 0.2 * (mean - 1 / 3)) < 1e-6) }
  }
}
