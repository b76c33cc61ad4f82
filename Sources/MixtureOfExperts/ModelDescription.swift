package import Digests

/// `model.json`: everything about a model but its weights, and the digests that tie the weights to it.
package struct ModelDescription: Codable, Hashable, Sendable {
  package static let currentFormat = 1

  package var formatVersion = currentFormat
  package var name: String
  package var backbone: BackboneKind
  /// The training recipe's name, e.g. `robust` or `paper`.
  package var recipe: String
  package var combination: Combination
  /// K.
  package var expertCount: Int
  /// N_F, the length of z.
  package var latentCount: Int
  /// The length of an expert's output.
  package var outputCount: Int
  package var inputShape: InputShape
  package var classLabels: [String]
  package var normalisation: PixelNormalisation
  /// p = 1/rms(z) over the training set (eq. 5).
  package var powerScaling: Float
  /// Mean of each latent over the training set; stands in for a latent that was lost. `[N_F]`
  package var latentMean: [Float]
  /// What digital links code latents with; nil in a model that was made without.
  package var latentTable: LatentTable?
  package var linkEncoding = LinkEncoding.standard
  /// Digest of every weight file in the folder, by file name.
  package var digests: [String: SHA256Digest] = [:]
  package var training: TrainingRecord?

  package init(
    name: String, backbone: BackboneKind, recipe: String, combination: Combination, expertCount: Int,
    latentCount: Int, outputCount: Int, inputShape: InputShape, classLabels: [String],
    normalisation: PixelNormalisation, powerScaling: Float, latentMean: [Float]
  ) {
    self.name = name
    self.backbone = backbone
    self.recipe = recipe
    self.combination = combination
    self.expertCount = expertCount
    self.latentCount = latentCount
    self.outputCount = outputCount
    self.inputShape = inputShape
    self.classLabels = classLabels
    self.normalisation = normalisation
    self.powerScaling = powerScaling
    self.latentMean = latentMean
  }
}

/// Channels, height and width of the images a model takes, as planar RGB.
package struct InputShape: Codable, Hashable, Sendable, CustomStringConvertible {
  package var channels: Int
  package var height: Int
  package var width: Int

  package init(channels: Int, height: Int, width: Int) {
    self.channels = channels
    self.height = height
    self.width = width
  }

  package var count: Int { channels * height * width }
  package var description: String { "\(channels)x\(height)x\(width)" }
}
