import Layers
import MixtureOfExperts
import Tensors

/// Stage 2 with its gates looked at on test images after each epoch, as in the paper's Figs. 3-5.
///
/// Nothing that is seen there has any part in training or in the choice of an epoch.
struct TracedStage2: TrainingStage {
  static let name = Stage2.name

  private var stage: Stage2
  private let draws: [FixedDraws]

  init(_ stage: Stage2, draws: [FixedDraws]) {
    self.stage = stage
    self.draws = draws
  }

  static func key(_ gate: GateKind, over draws: String) -> String { "test.\(draws).\(gate.rawValue)" }

  mutating func validate(epoch: Int) -> [String: Double] {
    var figures = stage.validate(epoch: epoch)
    let gates = stage.currentGates
    for draw in draws {
      for gate in [gates.channelAware, gates.naive] {
        figures[Self.key(gate.kind, over: draw.name)] = draw.accuracy(of: gate)
      }
    }
    return figures
  }

  var epochs: Int { stage.epochs }
  var stepsPerEpoch: Int { stage.stepsPerEpoch }
  var batchSize: Int { stage.batchSize }
  var best: [String: BestEpoch] {
    get { stage.best }
    set { stage.best = newValue }
  }
  var subject: [RunStart.Line] { stage.subject }
  var columns: [EpochTable.Column] { stage.columns }
  var tensors: [(name: String, value: Tensor)] { stage.tensors }

  mutating func advance(step: Int) -> Double { stage.advance(step: step) }
  mutating func restore(_ file: Safetensors) throws(SafetensorsError) { try stage.restore(file) }
  func learningRate(at step: Int) -> Double { stage.learningRate(at: step) }
  func rehearse() throws(TrainingError) -> String { try stage.rehearse() }
  func complaint(loss: Double, step: Int) -> String? { stage.complaint(loss: loss, step: step) }
}
