import MixtureOfExperts
import Radio
import Tensors

/// Images sent once over every link, so that any number of gates can be compared on the same draws at little cost.
struct FixedDraws: Sendable {
  let name: String
  /// `[images, N_F]`
  private let z: Tensor
  /// What the channel-aware gate sees of the links, `[images, K]` or more columns.
  private let codes: Tensor
  /// Whether Q_k(z~_k) names the right class, `[images, K]` row by row.
  private let isRight: [Bool]
  private let expertCount: Int

  init(name: String, z: Tensor, codes: Tensor, isRight: [Bool]) {
    precondition(isRight.count.isMultiple(of: z.rowCount), "\(isRight.count) answers for \(z.rowCount) images")
    self.name = name
    self.z = z
    self.codes = codes
    self.isRight = isRight
    expertCount = isRight.count / z.rowCount
  }

  /// The very draws of an evaluation with the request clock over analog links, or over digital ones with one transmission.
  init(
    name: String, _ model: MixtureModel, latents z: Tensor, labels: [Int], settings: EvaluationSettings
  ) throws {
    precondition(settings.link != .digital || settings.lossRule.policy != .redispatch, "one transmission only")
    let air = try Air(model, settings)
    let K = model.experts.count
    let pieces = shards(of: labels.count, size: 50)
    let rights = try parallelMap(pieces.count) { piece in
      Result {
        try pieces[piece].flatMap { index in
          var arrivals = try Arrivals(of: z.selectingRows([index]), over: air, block: UInt64(index))
          return (0..<K).map { k in
            arrivals.arrival(atExpert: k, onFailure: settings.lossRule.policy).scores?.argmaxOfRows == [labels[index]]
          }
        }
      }
    }.flatMap { try $0.get() }
    let reports = labels.indices.flatMap { air.reports(ofBlock: UInt64($0)) }
    self.init(
      name: name, z: z,
      codes: model.description.linkView(
        reports, eligible: [ExpertSet](repeating: .all(K), count: labels.count),
        isDigital: [Bool](repeating: settings.link == .digital, count: labels.count)),
      isRight: rights)
  }

  /// Per cent right when the gate's first choice answers.
  func accuracy(of gate: Gate) -> Double { percentRight(gate(z, linkEncoding: codes).argmaxOfRows) }

  /// Per cent right where expert `chosen[i]` answers for image i.
  func percentRight(_ chosen: [Int]) -> Double {
    100 * Double(chosen.indices.count { isRight[$0 * expertCount + chosen[$0]] }) / Double(chosen.count)
  }
}
