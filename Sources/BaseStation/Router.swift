import MixtureOfExperts
import Tensors
import WireProtocol

/// What a base station computes for a batch: backbone, gate, ranking (eqs. 1, 2 and 7).
struct Router: Sendable {
  private let bundle: ModelBundle
  private let policy: GatePolicy
  private let seed: UInt64
  private let baseStation: UInt32

  init(bundle: ModelBundle, configuration: BaseStationConfiguration) {
    self.bundle = bundle
    policy = configuration.policy
    seed = configuration.seed
    baseStation = configuration.id
  }

  func route(_ batch: Batch) -> RoutedBatch { fatalError() }
}
