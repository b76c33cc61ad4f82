import Datasets
package import Digests
import Foundation
import Layers
package import MixtureOfExperts
package import Tensors

/// A trained model, of any backbone, whose predictions stage 1 learns from beside the labels (``Distillation``).
package struct Teacher: Sendable {
  private let model: MixtureModel
  private let gate: Gate
  /// Of its `model.json`.
  package let digest: SHA256Digest

  /// - Throws: `mismatch` if the model has no base gate.
  package init(_ model: MixtureModel, digest: SHA256Digest) throws(TrainingError) {
    guard let gate = model.gates[.base] else {
      throw .mismatch(
        field: "gates of \(model.description.name)", expected: "\(GateKind.base.rawValue) among them",
        received: model.gates.keys.map(\.rawValue).sorted().joined(separator: ", "))
    }
    self.model = model
    self.gate = gate
    self.digest = digest
  }

  /// The model in a folder, for a run on `data`.
  ///
  /// - Throws: `mismatch` if it has other classes, or was made with other images: it may have learnt by heart those that the
  ///   run is to choose by. `ModelBundleError` if it cannot be read.
  package init(folder: String, for data: TrainingData) throws {
    try self.init(try ModelBundle.loadAll(folder), digest: try ModelBundle(folder: folder).digest)
    let description = model.description
    let classes = data.training.classNames
    guard description.classCount == classes.count else {
      throw TrainingError.mismatch(
        field: "classes of teacher \(name)", expected: "\(classes.count), those of \(data.training.name)",
        received: "\(description.classCount)")
    }
    if let (expected, received) = zip(classes, description.classLabels).first(where: { $0 != $1 }) {
      throw TrainingError.mismatch(
        field: "classes of teacher \(name)", expected: "\(expected), as in \(data.training.name)", received: received)
    }
    let record = description.training.flatMap { $0.stage1 == nil ? nil : $0 }
    guard record?.dataDigest == data.digest else {
      let origin = record.map { "\($0.dataset), digest \($0.dataDigest.hex.prefix(12))" }
      throw TrainingError.mismatch(
        field: "training images of teacher \(name)",
        expected: "\(data.training.name), digest \(data.digest.hex.prefix(12))", received: origin ?? "no record of them"
      )
    }
  }

  package var name: String { model.description.name }
  package var classLabels: [String] { model.description.classLabels }

  /// The class scores t of images: of all experts' mix, as the base gate weighs them over ideal links.
  ///
  /// Mixed probabilities are told by their logarithms, whose softmax they are.
  /// - Parameters:
  ///   - x: images as the student sees them, `[n, C, H, W]`.
  ///   - normalisation: that of `x`, which may not be the teacher's.
  /// - Returns: `[n, classes]`
  package func scores(_ x: Tensor, normalisedBy normalisation: PixelNormalisation) -> Tensor {
    let z = model.backbone(model.description.normalisation.renormalise(x, from: normalisation))
    let g = softmax(gate(z))
    let outputs = model.experts.map { expert in
      let scores = classScores(of: expert(z), by: model.head)
      return model.description.combination == .probabilities ? softmax(scores) : scores
    }
    let mix = Self.weightedSum(outputs, g)
    return model.description.combination == .probabilities ? mix.map { logf(max($0, Self.leastProbability)) } : mix
  }

  private static let leastProbability: Float = 1e-12

  /// Σ_k g_k o_k, row by row; g `[n, K]`, outputs K times `[n, classes]`.
  private static func weightedSum(_ outputs: [Tensor], _ g: Tensor) -> Tensor {
    var sum = Tensor(zeros: outputs[0].shape)
    let width = sum.rowLength
    for (k, output) in outputs.enumerated() {
      sum.withUnsafeMutableBufferPointer { sum in
        output.withUnsafeBufferPointer { output in
          g.withUnsafeBufferPointer { g in
            for i in sum.indices { sum[i] += g[i / width * outputs.count + k] * output[i] }
          }
        }
      }
    }
    return sum
  }
}

extension PixelNormalisation {
  /// Images that `other` has normalised, as this one does.
  fileprivate func renormalise(_ x: Tensor, from other: PixelNormalisation) -> Tensor {
    guard self != other else { return x }
    var y = x
    let planes = x.rowCount * mean.count
    let area = planes == 0 ? 0 : x.count / planes
    y.withUnsafeMutableBufferPointer { y in
      for plane in 0..<planes {
        let channel = plane % mean.count
        let scale = other.deviation[channel] / deviation[channel]
        let offset = (other.mean[channel] - mean[channel]) / deviation[channel]
        for i in plane * area..<(plane + 1) * area { y[i] = scale * y[i] + offset }
      }
    }
    return y
  }
}
