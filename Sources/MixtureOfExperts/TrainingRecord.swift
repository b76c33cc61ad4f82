package import Digests

/// How a model came to be: enough to make it again and to know what it was chosen by.
package struct TrainingRecord: Codable, Hashable, Sendable {
  package var dataset: String
  /// Digest of the images trained and validated on that does not depend on their order.
  package var dataDigest: SHA256Digest
  package var trainingImages: Int
  package var validationImages: Int
  package var stage1: Stage?
  package var stage2: Stage?

  package init(dataset: String, dataDigest: SHA256Digest, trainingImages: Int, validationImages: Int) {
    self.dataset = dataset
    self.dataDigest = dataDigest
    self.trainingImages = trainingImages
    self.validationImages = validationImages
  }

  package struct Stage: Codable, Hashable, Sendable {
    package var seed: UInt64
    package var epochs: Int
    /// The epoch whose weights are in the bundle, chosen on the validation images.
    package var chosenEpoch: Int
    package var hyperparameters: [String: Setting]
    /// Figures of the chosen weights on the validation images, e.g. `base_accuracy`.
    package var validation: [String: Double]

    package init(
      seed: UInt64, epochs: Int, chosenEpoch: Int, hyperparameters: [String: Setting], validation: [String: Double]
    ) {
      self.seed = seed
      self.epochs = epochs
      self.chosenEpoch = chosenEpoch
      self.hyperparameters = hyperparameters
      self.validation = validation
    }
  }

  /// One hyperparameter's value, as JSON has it.
  package enum Setting: Codable, Hashable, Sendable {
    case number(Double)
    case text(String)
    case flag(Bool)

    package init(from decoder: any Decoder) throws {
      let value = try decoder.singleValueContainer()
      if let flag = try? value.decode(Bool.self) {
        self = .flag(flag)
      } else if let number = try? value.decode(Double.self) {
        self = .number(number)
      } else {
        self = .text(try value.decode(String.self))
      }
    }

    package func encode(to encoder: any Encoder) throws {
      var value = encoder.singleValueContainer()
      switch self {
      case .number(let number): try value.encode(number)
      case .text(let text): try value.encode(text)
      case .flag(let flag): try value.encode(flag)
      }
    }
  }
}
