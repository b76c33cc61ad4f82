import Datasets
package import Digests
import Foundation
package import MixtureOfExperts

extension Recipe {
  /// Names a stage's run by all that determines its result; a checkpoint is resumed under the same name only.
  ///
  /// - Parameters:
  ///   - settings: the stage's own.
  ///   - model: what stage 1 made, for stage 2.
  ///   - teacher: whom stage 1 learns from.
  package func fingerprint(
    _ settings: some Encodable, data: SHA256Digest, model: SHA256Digest? = nil, teacher: SHA256Digest? = nil
  ) throws -> SHA256Digest {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let names =
      "\(backbone.rawValue) \(expertCount)\(shapes) \(data.hex) \(model?.hex ?? "")"
      + (teacher.map { " \($0.hex)" } ?? "")
    return SHA256Digest.of(Array(names.utf8) + [UInt8](try encoder.encode(settings)))
  }

  /// The same of stage 2, which sees of a model its weights and what is told of its latents, and of stage 1's recipe how
  /// images vary, if they do.
  package func fingerprint(
    ofStage2 settings: some Encodable, data: SHA256Digest, model: ModelDescription
  ) throws -> SHA256Digest {
    try fingerprint(
      SeenByStage2(
        settings: settings, augmentation: stage2.augmentedViews > 0 ? stage1.augmentation : nil,
        normalisation: model.normalisation, powerScaling: model.powerScaling, latentMean: model.latentMean),
      data: data, model: model.weightsDigest)
  }

  private struct SeenByStage2<Settings: Encodable>: Encodable {
    let settings: Settings
    let augmentation: Augmentation?
    let normalisation: PixelNormalisation
    let powerScaling: Float
    let latentMean: [Float]
  }

  /// The experts' shapes, if they have their own; else nothing, as before there were others.
  private var shapes: String { expertHiddenWidths.map { " \($0)" } ?? "" }
}
