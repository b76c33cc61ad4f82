package import Datasets
public import Radio

/// What the base station says of one image, with everything that a replay of it needs.
public struct Classification: Sendable, Equatable {
  /// The most likely class, an index into the model's labels.
  public let classIndex: Int
  /// The class's name.
  public let label: String
  /// The probability that the model gives the class.
  public let probability: Float
  /// The probability of every class; empty unless asked for.
  public let probabilities: [Float]
  /// The experts that answered, in the order of their indices.
  public let experts: [ExpertShare]
  /// The links' block in which the latent travelled.
  public let block: UInt64
  /// `analog`, `digital` or `ideal`.
  public let link: String
  /// What the latent took of the links: transmissions, bits, symbols, time on air, bit errors.
  public let use: LinkUse
  /// SHA-256 of the model, in hexadecimal.
  public let modelDigest: String
  /// Why it was sent where it was; nil unless asked for.
  public let explanation: ImageExplanation?

  /// The expert with the largest weight.
  public var leadingExpert: ExpertShare? { experts.max { $0.weight < $1.weight } }

  /// Whether every expert has answered from the latent as its link delivered it.
  public var isDelivered: Bool { experts.allSatisfy { $0.delivery == .intact } }
}

/// One expert's part in an answer.
public struct ExpertShare: Sendable, Equatable {
  /// k, from 0.
  public let expert: Int
  /// The number of the process that answered, which keys its link.
  public let process: UInt32
  /// The gate's weight of the expert.
  public let weight: Float
  /// Keys the noise, with the block and the attempt.
  public let tag: UInt64
  /// 0 for a latent's first transmission over this link, 1, 2, … for those after it.
  public let attempt: UInt32
  /// The instantaneous SNR at which the latent was carried, in dB (Es/N0); nil over an ideal link.
  public let snrDB: Float?
  /// What it was computed from.
  public let delivery: Delivery
}

/// The model that a base station serves.
public struct ServedModel: Sendable, Equatable {
  /// As `model.json` has it.
  public let name: String
  /// SHA-256 in hexadecimal.
  public let digest: String
  /// Of the images that it takes, as height and width.
  public let channels: Int
  public let height: Int
  public let width: Int
  /// The classes' names, by class index.
  public let labels: [String]
  /// The gate that chooses the experts, as `moe-bs --gate` names it.
  public let gate: String
  /// The links to the experts, as `moe-bs --link` names them.
  public let link: String

  /// Bytes of one image: planar, `[channels, height, width]`.
  public var bytesPerImage: Int { shape.count }

  package var shape: ImageShape { ImageShape(channels: channels, height: height, width: width) }

  func label(of classIndex: Int) -> String {
    labels.indices.contains(classIndex) ? labels[classIndex] : "class \(classIndex)"
  }
}
