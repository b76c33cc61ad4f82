import Datasets
import Digests
package import MixtureOfExperts

extension MixtureModel {
  /// What stage 2 begins with: the model without gates and record of an earlier stage 2.
  ///
  /// Weights that are not of stage 1 have no record; there stage 2 begins one.
  ///
  /// - Parameter dataset: the images' kind, for the record.
  /// - Throws: `mismatch` if stage 1 saw other images: those to choose by may be among what it learnt by heart.
  package func beforeStage2(on data: TrainingData, dataset: String) throws(TrainingError) -> MixtureModel {
    var model = self
    model.gates = gates.filter { $0.key == .base }
    var record = TrainingRecord(
      dataset: dataset, dataDigest: data.digest, trainingImages: data.training.count,
      validationImages: data.validation.count)
    if let known = description.training, known.stage1 != nil {
      guard known.dataDigest == data.digest else {
        throw .mismatch(
          field: "--data",
          expected: "the images that stage 1 of model \(description.name) saw, \(known.dataset), digest "
            + "\(known.dataDigest.hex.prefix(12))",
          received: "\(data.training.name), digest \(data.digest.hex.prefix(12))")
      }
      record = known
      record.stage2 = nil
    }
    model.description.training = record
    return model
  }
}
