package import Datasets
package import MixtureOfExperts
package import Radio
package import Tensors

/// Everything that decides what training makes of a data set; a JSON file, kept beside the models it made.
package struct Recipe: Codable, Hashable, Sendable {
  package var name: String
  /// What the recipe is for, for people.
  package var about: String?
  package var backbone: BackboneKind
  /// K.
  package var expertCount: Int
  /// The widths of every expert's hidden layers, one list an expert; absent: all have Table I's.
  package var expertHiddenWidths: [[Int]]?
  /// How the finished model combines several experts.
  package var combination: Combination
  /// What the finished backbone's numbers are rounded to, which halves its file in the case of bf16; absent: nothing.
  package var backbonePrecision: Precision?
  package var stage1: Stage1
  package var stage2: Stage2

  /// Stage 1: F, G and all Q_k together, links ideal.
  ///
  ///     L = l(mix) + a Σ_k g_k l(o_k) + b mean_k l(o_k) + λ R_bal
  ///
  /// A teacher has its part of every l.
  package struct Stage1: Codable, Hashable, Sendable {
    package var seed: UInt64
    package var epochs: Int
    package var batchSize: Int
    package var optimiser: OptimiserSettings
    /// λ of eq. 9.
    package var balanceWeight: Float
    /// a: each expert answers for what the gate gives it. 0 in the paper.
    package var gatedExpertWeight: Float
    /// b: every expert answers for everything; the larger, the more alike they become. 0 in the paper.
    package var meanExpertWeight: Float
    /// The probability with which an expert is missing, image by image: the gate's weights are then spread over the others,
    /// which learn to stand in for it. 0 in the paper.
    package var downShare: Double
    /// ε: the share of every label that is spread over all classes. 0 in the paper.
    package var labelSmoothing: Float
    /// Whether one expert is trained and copied K times, so that the best link is always the best choice: the simple rival.
    package var copiesOneExpert: Bool
    package var augmentation: Augmentation
    // Fields that a recipe may leave out name nothing in its fingerprint unless it uses them.
    /// Which images are mixed in pairs; absent: none.
    package var pairs: PairMixing?
    /// The share of z's numbers that is zeroed before an expert sees them, others for every image and expert; absent: 0.
    package var dropout: Float?
    /// The share of images for which the branches of a vision transformer's last block are dropped, and evenly less in the
    /// blocks before; absent: 0.
    package var stochasticDepth: Float?
    /// The places of a picture that a vision transformer does not see in training; absent: none.
    package var patchDropout: PatchDropoutSettings?
    /// What the backbone's kernels multiply; bf16 where the processor has it, and floats elsewhere; absent: floats.
    package var precision: Precision?
    /// The decay, a step, of a moving average of the weights, which is validated beside them and stored if it is better;
    /// absent: no average.
    package var averageDecay: Float?
    /// In how many augmented versions a trained backbone, which is kept as it is, shows each image to gate and experts;
    /// 0: the image as it is; absent: the backbone is trained with them.
    package var frozenBackboneViews: Int?
    /// Whether the last epoch's weights are stored instead of those of the epoch with the best base accuracy; absent: where
    /// the backbone is kept, for there that accuracy is reached at once, and tells nothing of how far single experts are.
    package var keepsLastEpoch: Bool?
    /// How much is learnt from a trained model beside the labels; absent: nothing.
    package var teacher: Distillation?
  }

  /// Stage 2: the channel-aware gate and its naive rival, F and Q_k frozen, links drawn at random.
  package struct Stage2: Codable, Hashable, Sendable {
    package var seed: UInt64
    package var epochs: Int
    package var batchSize: Int
    package var optimiser: OptimiserSettings
    /// λ of eq. 9.
    package var balanceWeight: Float
    /// What is mixed before the loss: outputs (eq. 7) or probabilities.
    package var mixing: Combination
    /// The laws of the links' SNR before Rayleigh fading, one drawn for each image (the paper: N(30, 50²) dB alone).
    package var snrLaws: [SNRLaw]
    /// The share of images whose links are digital: their latents arrive whole or not at all. 0 in the paper.
    package var digitalShare: Double
    /// The length that the packet-error law is asked for.
    package var messageBits: Double
    /// The probability with which an expert is down. 0 in the paper.
    package var downShare: Double
    /// In how many augmented versions the gates see each training image; 0: the image as it is.
    package var augmentedViews: Int
    /// How the channel-aware gate sees a link.
    package var linkEncoding: LinkEncodingName
    /// Whether the channel-aware gate sees digital links by their odds of delivery instead of by their SNR.
    package var seesDeliveryOdds: Bool
    /// Whether the gates are trained on (z - mean)/deviation.
    package var standardisesLatents: Bool
    /// The widths of both gates' hidden layers; absent: Table I's.
    package var gateHiddenWidths: [Int]?
    /// Whether what the channel-aware gate is told of a link counts directly for that link's expert, too, by weights that all
    /// experts share; absent: it does not.
    package var seesLinksDirectly: Bool?
    /// What the channel-aware gate's network may count beside its direct weights: after each epoch the factor that is best on
    /// the validation images is taken. Experts differ more on images that they were trained on than on any others, so that
    /// the network, which sees none but those, makes too much of an image. Absent: 1.
    package var networkFactors: [Double]?
  }

  /// SNR ~ N(meanDB, stdDB²) dB for `share` of the images, of the sum of all shares.
  package struct SNRLaw: Codable, Hashable, Sendable {
    package var meanDB: Double
    package var stdDB: Double
    package var share: Double
    /// How far the h that is reported correlates with the block's; absent: reports are exact.
    package var reportCorrelation: Double?

    package var configuration: LinkConfiguration {
      var configuration = LinkConfiguration(snrMeanDB: meanDB, snrStdDB: stdDB)
      if let reportCorrelation { configuration.feedback.ageing = .correlation(reportCorrelation) }
      return configuration
    }
  }

  package enum LinkEncodingName: String, Codable, Sendable, CaseIterable {
    /// SNR in dB, clipped and scaled.
    case decibels
    /// σ~ itself (eq. 7).
    case distortion
    /// SNR as a ratio of powers, clipped and scaled.
    case power
    /// SNR in dB, the odds of delivery of digital links beside it, and how far the SNR is below the best link's.
    case compared
  }

  /// Steps cost less the more is dropped.
  package struct PatchDropoutSettings: Codable, Hashable, Sendable {
    /// The share of an image's tokens that is dropped.
    package var rate: Float
    /// In so many last epochs none is.
    package var wholeEpochs: Int

    package init(rate: Float, wholeEpochs: Int) {
      self.rate = rate
      self.wholeEpochs = wholeEpochs
    }
  }

  package struct OptimiserSettings: Codable, Hashable, Sendable {
    package enum Kind: String, Codable, Sendable, CaseIterable {
      case adamW = "adamw"
      case sgd
      /// Muon for the matrices of a transformer's blocks, AdamW for all else.
      case muon
    }
    package var kind: Kind
    /// The peak of the one-cycle schedule.
    package var peakLearningRate: Double
    package var weightDecay: Float
    // As above: what is absent names nothing in a fingerprint.
    /// Whether biases, the gains of normalisations and the tokens' places are shrunk by weight decay as well; absent: they are.
    package var decaysBiases: Bool?
    /// The share of the steps in which the learning rate rises to its peak; absent: 0.3.
    package var warmUpShare: Double?
    /// The norm to which longer gradients are cut; absent: none is.
    package var clipNorm: Float?
  }
}
