import Layers
import PyTorchRecords
import Tensors
import Testing

struct OptimiserTests {
  struct Pair: Parameterised {
    var weight: Tensor
    var bias: Tensor
    var mean = Tensor(zeros: [1])

    mutating func visitParameters(_ visit: ParameterVisitor) {
      visit("weight", .weight, &weight)
      visit("bias", .bias, &bias)
      visit("mean", .buffer, &mean)
    }
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let make: @Sendable () -> any Optimiser
  }

  static let cases = [
    Case(testDescription: "sgd") { SGD(learningRate: 0) },
    Case(testDescription: "momentum") { SGD(learningRate: 0, momentum: 0.9, weightDecay: 0.05) },
    Case(testDescription: "nesterov") { SGD(learningRate: 0, momentum: 0.8, nesterov: true) },
    Case(testDescription: "adamw") { AdamW(learningRate: 0, weightDecay: 0.1) },
    Case(testDescription: "adamwSparingBiases") { AdamW(learningRate: 0, weightDecay: 0.1, decaysBiases: false) },
  ]
  private static let muon = Muon(AdamW(learningRate: 0, weightDecay: 0.1)) { $0 == "weight" }

  @Test(arguments: cases) func `six steps agree with PyTorch`(_ test: Case) throws {
    let recorded = try Recorded("optimisers")
    var optimiser = test.make()
    var pair = Self.start
    for step in 0..<6 {
      Self.advance(&optimiser, &pair, step, test.testDescription)
      let name = "\(test.testDescription).\(step)"
      #expect(pair.weight.relativeDistance(to: recorded[name + ".weight"]) < 2e-6, "\(name)")
      #expect(pair.bias.relativeDistance(to: recorded[name + ".bias"]) < 2e-6, "\(name)")
    }
  }

  @Test(arguments: [[3, 4], [7, 3]]) func `six steps of Muon agree with PyTorch, and biases move by AdamW`(shape: [Int])
    throws
  {
    let recorded = try Recorded("optimisers")
    var optimiser: any Optimiser = Self.muon
    var pair = Pair(weight: Formula.numbers(1, shape, 1), bias: Formula.numbers(2, [3], 1))
    for step in 0..<6 {
      optimiser.learningRate = 0.01 * Float(step + 1)
      optimiser.momentum = 0.9 - 0.01 * Float(step)
      let gradient = Pair(
        weight: Formula.numbers(UInt64(10 + step), shape, 1), bias: Formula.numbers(UInt64(20 + step), [3], 1))
      optimiser.update(&pair, along: gradient)
      #expect(pair.weight.relativeDistance(to: recorded["muon\(shape[0]).\(step).weight"]) < 1e-5, "\(step)")
      #expect(pair.bias.relativeDistance(to: recorded["adamw.\(step).bias"]) < 2e-6, "\(step)")
    }
  }

  @Test func `Muon's directions have singular values near 1, on any number of threads`() {
    let x = Formula.numbers(5, [96, 64], 1)
    let direction = Muon.orthogonal(x)
    #expect(direction.shape == [96, 64])
    #expect(Kernels.with(threads: 3) { Muon.orthogonal(x) } == direction)
    // The columns' products are about those of an orthonormal basis.
    let numbers = direction.scalars.map { Double($0) }
    let squares = (0..<64).map { column in
      (0..<96).reduce(0.0) { $0 + numbers[$1 * 64 + column] * numbers[$1 * 64 + column] }
    }
    #expect(squares.allSatisfy { (0.4...1.5).contains($0) }, "\(squares)")
    // x = U S Vᵀ and U Vᵀ have much in common.
    let common = zip(x.scalars, direction.scalars).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    #expect(common > 0.8 * (x.sumOfSquares * direction.sumOfSquares).squareRoot())
  }

  @Test(arguments: cases + [Case(testDescription: "muon") { muon }])
  func `an optimiser restored from its state goes on as if never stopped`(_ test: Case) throws {
    var (optimiser, pair) = (test.make(), Self.start)
    for step in 0..<3 { Self.advance(&optimiser, &pair, step, test.testDescription) }
    var (restored, restoredPair) = (test.make(), pair)
    try restored.restore(optimiser.state, for: pair)
    for step in 3..<6 {
      Self.advance(&optimiser, &pair, step, test.testDescription)
      Self.advance(&restored, &restoredPair, step, test.testDescription)
    }
    #expect(restoredPair.weight == pair.weight)
    #expect(restoredPair.bias == pair.bias)
  }

  @Test func `a state of another model is refused by its names, and the optimiser stays as it was`() throws {
    var pair = Self.start
    var optimiser: any Optimiser = AdamW(learningRate: 0.1)
    Self.advance(&optimiser, &pair, 0, "adamw")
    let state = optimiser.state
    func complaint(_ change: (inout [(name: String, value: Tensor)]) -> Void) -> String {
      var changed = state
      change(&changed)
      var other = optimiser
      do {
        try other.restore(changed, for: pair)
        return ""
      } catch {
        #expect(other.state.map(\.name) == state.map(\.name))
        return error.description
      }
    }
    #expect(complaint { _ in } == "")
    #expect(complaint { $0.removeAll { $0.name == "first.bias" } } == "missing: first.bias")
    #expect(complaint { $0.removeAll { $0.name.hasPrefix("second.") } } == "missing: second.bias, second.weight")
    #expect(complaint { $0.append(("second.gain", Tensor([1], shape: [1]))) } == "unexpected: second.gain")
    #expect(
      complaint { state in
        for place in state.indices where state[place].name == "first.bias" {
          state[place].value = Tensor([1, 2, 3, 4, 5, 6, 7], shape: [7])
        }
      }.hasPrefix("wrong shape: first.bias (expected "))
    for wrong in [Float.nan, 0, 1.5] {
      let told = complaint { state in
        for place in state.indices where state[place].name == "steps.bias" {
          state[place].value = Tensor([wrong], shape: [1])
        }
      }
      #expect(told.hasPrefix("safetensors: steps.bias: expected a number of steps"), "\(told)")
    }
    var sgd = SGD(learningRate: 0.1, momentum: 0.9)
    #expect(throws: SafetensorsError.mismatch(missing: [], unexpected: ["velocity.gain"], wrongShapes: [])) {
      try sgd.restore([("velocity.gain", pair.bias)], for: pair)
    }
  }

  @Test(arguments: [
    ("adamw", AdamW(learningRate: 0.01, weightDecay: 0.1) as any Optimiser),
    ("sgd", SGD(learningRate: 0.01, momentum: 0.9, weightDecay: 0.1, nesterov: true)),
    ("muon", Muon(AdamW(learningRate: 0.01, weightDecay: 0.1)) { $0 == "bias" }),
  ])
  func `weights do not depend on how many threads update them`(name: String, optimiser: any Optimiser) {
    // Enough numbers for several threads, and an uneven number of them.
    let (start, gradient) = (Formula.numbers(1, [70_001], 1), Formula.numbers(2, [70_001], 1))
    func updated(threads: Int) -> Tensor {
      var (pair, optimiser) = (Pair(weight: start, bias: Tensor([1], shape: [1])), optimiser)
      Kernels.with(threads: threads) {
        for _ in 0..<3 { optimiser.update(&pair, along: Pair(weight: gradient, bias: Tensor([1], shape: [1]))) }
      }
      return pair.weight
    }
    #expect(updated(threads: 1) == updated(threads: 3))
    #expect(updated(threads: 1) != start)
  }

  @Test func `a gradient is cut to a norm, and one that is short enough stays`() {
    let gradient = Pair(
      weight: Tensor([3, 0, 0, 12], shape: [4]), bias: Tensor([4], shape: [1]), mean: Tensor([7], shape: [1]))
    #expect(gradient.norm == 13)
    var clipped = gradient
    clipped.clip(toNorm: 1)
    // torch.nn.utils.clip_grad_norm_ of the same.
    for (mine, theirs) in zip(clipped.weight.scalars, [0.230_769_22, 0, 0, 0.923_076_87] as [Float]) {
      #expect(abs(mine - theirs) < 1e-6)
    }
    #expect(abs(clipped.bias[0] - 0.307_692_3) < 1e-6 && clipped.mean[0] == 7)
    var short = gradient
    short.clip(toNorm: 13.1)
    #expect(short.weight == gradient.weight && short.bias == gradient.bias)
  }

  @Test func `a long vector's norm is summed exactly enough`() {
    let x = Formula.numbers(3, [100_003], 2)
    let exact = x.scalars.reduce(0.0) { $0 + Double($1) * Double($1) }
    #expect(abs(x.sumOfSquares - exact) < 1e-9 * exact)
  }

  @Test func `a buffer takes the value that the gradient holds`() {
    var pair = Self.start
    var optimiser = AdamW(learningRate: 0.1)
    optimiser.update(&pair, along: Pair(weight: pair.weight, bias: pair.bias, mean: Tensor([7], shape: [1])))
    #expect(pair.mean[0] == 7)
    #expect(!optimiser.state.contains { $0.name.contains("mean") })
  }

  private static var start: Pair {
    Pair(weight: Formula.numbers(1, [3, 4], 1), bias: Formula.numbers(2, [3], 1))
  }

  private static func advance(_ optimiser: inout any Optimiser, _ pair: inout Pair, _ step: Int, _ name: String) {
    optimiser.learningRate = 0.01 * Float(step + 1)
    if name.hasPrefix("adamw") { optimiser.momentum = 0.9 - 0.01 * Float(step) }
    let gradient = Pair(
      weight: Formula.numbers(UInt64(10 + step), [3, 4], 1), bias: Formula.numbers(UInt64(20 + step), [3], 1))
    optimiser.update(&pair, along: gradient)
  }
}

struct OneCycleTests {
  static let cases: [(String, OneCycle)] = [
    ("default", OneCycle(peak: 0.005, totalSteps: 100)), ("short", OneCycle(peak: 1, totalSteps: 7)),
    ("own", OneCycle(peak: 0.1, totalSteps: 53, warmUpShare: 0.1, initialDivisor: 10, finalDivisor: 100)),
  ]

  @Test(arguments: cases) func `learning rates and momenta agree with PyTorch`(_ name: String, _ cycle: OneCycle) throws
  {
    let recorded = try Recorded("schedules")
    let rates = (0..<cycle.totalSteps).map { Float(cycle.learningRate(at: $0)) }
    let momenta = (0..<cycle.totalSteps).map { Float(cycle.momentum(at: $0)) }
    for (mine, theirs) in zip(rates, recorded[name + ".rates"].scalars) { #expect(abs(mine - theirs) <= 2e-6 * theirs) }
    for (mine, theirs) in zip(momenta, recorded[name + ".momenta"].scalars) { #expect(abs(mine - theirs) < 1e-6) }
  }

  @Test func `the shortest cycles have finite rates`() {
    for steps in 1...12 {
      for share in [0.0, 0.1, 0.25, 0.5, 1] {
        let cycle = OneCycle(peak: 1, totalSteps: steps, warmUpShare: share)
        for step in 0...steps {
          #expect((0...1).contains(cycle.learningRate(at: step)), "\(step) of \(steps), \(share)")
        }
      }
    }
  }
}
