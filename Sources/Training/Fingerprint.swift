package import Digests
import Foundation
import MixtureOfExperts

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

  /// The experts' shapes, if they have their own; else nothing, as before there were others.
  private var shapes: String { expertHiddenWidths.map { " \($0)" } ?? "" }
}
