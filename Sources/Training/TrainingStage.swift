import Foundation
package import Layers
package import Tensors

/// One stage of Algorithm 1 as a value: advanced batch by batch, stored and restored at any batch.
///
/// What a step does depends on the step's number and on this state only, never on time, threads or what was drawn before;
/// so a restored run equals an uninterrupted one bit for bit.
package protocol TrainingStage {
  /// `stage1` or `stage2`.
  static var name: String { get }
  var epochs: Int { get }
  var stepsPerEpoch: Int { get }
  var batchSize: Int { get }

  /// Trains on the batch of step 0, 1, …; returns the batch's mean loss.
  mutating func advance(step: Int) -> Double

  /// Figures on the validation images after an epoch (0, 1, …); keeps the weights that are the best so far.
  mutating func validate(epoch: Int) -> [String: Double]

  /// The best weights' epoch and figures, by the name of what is chosen (stage 2 chooses two gates).
  var best: [String: BestEpoch] { get set }

  /// Weights, best weights and the optimiser's state.
  var tensors: [(name: String, value: Tensor)] { get }
  mutating func restore(_ file: Safetensors) throws(SafetensorsError)

  /// What is trained on what, for people.
  var subject: [RunStart.Line] { get }

  /// The figures of an epoch that people want to see at once.
  var columns: [EpochTable.Column] { get }

  /// The learning rate of step 0, 1, …
  func learningRate(at step: Int) -> Double

  /// Looks, before the first step, for what would waste a long run; changes nothing.
  ///
  /// - Returns: what was seen.
  func rehearse() throws(TrainingError) -> String

  /// Why a step's loss cannot be that of a sound run; nil if it can.
  func complaint(loss: Double, step: Int) -> String?
}

extension TrainingStage {
  package var totalSteps: Int { epochs * stepsPerEpoch }

  /// What was chosen on the validation images, for people.
  package var choices: String {
    best.sorted { $0.key < $1.key }.map { name, choice in
      let accuracy = String(format: "%.2f", choice.accuracy)
      return "\(name) of epoch \(choice.epoch + 1), \(accuracy) % right on the validation images"
    }.joined(separator: "; ")
  }
}

/// The epoch whose weights were best on the validation images.
package struct BestEpoch: Codable, Hashable, Sendable {
  /// 0, 1, …
  package let epoch: Int
  /// What was compared, in per cent.
  package let accuracy: Double
  package let figures: [String: Double]
}

extension Safetensors {
  /// The tensors under `prefix`, with the prefix taken off.
  func under(_ prefix: String) -> [(name: String, value: Tensor)] {
    tensors.filter { $0.name.hasPrefix(prefix) }.map { (String($0.name.dropFirst(prefix.count)), $0.value) }
  }
}

extension [(name: String, value: Tensor)] {
  func under(_ prefix: String) -> Self { map { (prefix + $0.name, $0.value) } }
}
