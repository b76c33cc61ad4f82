/// R_bal = ‖ḡ - 1/K‖², ḡ = (1/B) Σ_i G(x_i): keeps the gate from giving everything to one expert (eq. 9).
package enum BalanceRegulariser {
  /// R_bal of the batch's mean gate output ḡ, `[K]`.
  package static func value(_ meanGate: [Float]) -> Float {
    let share = 1 / Float(meanGate.count)
    return meanGate.reduce(0) { $0 + ($1 - share) * ($1 - share) }
  }

  /// dR_bal/dg_i for every image i of a batch of `batchSize`: 2/B (ḡ - 1/K), the same for all images, `[K]`.
  package static func gradient(_ meanGate: [Float], batchSize: Int) -> [Float] {
    let share = 1 / Float(meanGate.count)
    return meanGate.map { 2 / Float(batchSize) * ($0 - share) }
  }
}
