package import Datasets
package import Digests
package import Radio

/// `model.json`: everything about a model but its weights, and the digests that tie the weights to it.
package struct ModelDescription: Codable, Hashable, Sendable {
  /// The formats that this program reads. Models with a head, with hidden layers of their own or with a gate that is told more
  /// of links than one number have the second one, so that programs of before refuse them and say why; all others keep the
  /// first.
  package static let formats = 1...2

  package var formatVersion: Int
  package var name: String
  package var backbone: BackboneKind
  /// The training recipe's name, e.g. `robust` or `paper`.
  package var recipe: String
  package var combination: Combination
  /// K.
  package var expertCount: Int
  /// N_F, the length of z.
  package var latentCount: Int
  /// The length of an expert's output: class scores, or what a head makes them of.
  package var outputCount: Int
  /// The widths of every expert's hidden layers, `[K][layers]`; nil: all have Table I's.
  package var expertHiddenWidths: [[Int]]? { didSet { formatVersion = neededFormat } }
  /// The widths of gates' hidden layers, by the gate's name, of those that have not Table I's.
  package var gateHiddenWidths: [String: [Int]]? { didSet { formatVersion = neededFormat } }
  package var inputShape: ImageShape
  package var classLabels: [String]
  package var normalisation: PixelNormalisation
  /// p = 1/rms(z) over the training set (eq. 5).
  package var powerScaling: Float
  /// Mean of each latent over the training set; stands in for a latent that was lost. `[N_F]`
  package var latentMean: [Float]
  /// What digital links code latents with; nil in a model that was made without.
  package var latentTable: LatentTable?
  package var linkEncoding = LinkEncoding.standard { didSet { formatVersion = neededFormat } }
  /// Whether the channel-aware gate has direct weights; nil: it has none.
  package var gateSeesLinksDirectly: Bool? { didSet { formatVersion = neededFormat } }
  /// How the gate was taught to see digital links: by the odds of delivery under this law; nil: by their SNR, as analog ones.
  package var packetErrors: PacketErrorLaw?
  /// Digest of every weight file in the folder, by file name.
  package var digests: [String: SHA256Digest] = [:]
  package var training: TrainingRecord?

  package init(
    name: String, backbone: BackboneKind, recipe: String, combination: Combination, expertCount: Int,
    latentCount: Int, outputCount: Int, inputShape: ImageShape, classLabels: [String],
    normalisation: PixelNormalisation, powerScaling: Float, latentMean: [Float]
  ) {
    formatVersion = backbone.hasHead ? 2 : 1
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

  package var classCount: Int { classLabels.count }

  /// Notes the widths of some gates' hidden layers; nil: Table I's.
  package mutating func setGateHiddenWidths(_ widths: [Int]?, of kinds: [GateKind]) {
    var all = gateHiddenWidths ?? [:]
    for kind in kinds { all[kind.rawValue] = widths }
    gateHiddenWidths = all.isEmpty ? nil : all
  }

  /// The first format that can tell what this description tells.
  var neededFormat: Int {
    let isPlain =
      !backbone.hasHead && expertHiddenWidths == nil && gateHiddenWidths == nil && linkEncoding.numbersPerLink == 1
      && gateSeesLinksDirectly == nil
    return isPlain ? 1 : 2
  }
}
