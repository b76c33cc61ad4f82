import Synchronization
import Tensors

/// Weights packed for inference at their first use, and kept until the layer changes.
///
/// Copies of a layer share the cache, because they have the same weights; a layer that changes its weights takes a new
/// one.
final class PackedCache: Sendable {
  private struct Entry {
    let backend: String
    let weights: any PackedWeights
  }

  private let entry = Mutex<Entry?>(nil)

  func weights(
    for backend: any KernelBackend, packedBy pack: (any KernelBackend) -> any PackedWeights
  ) -> any PackedWeights {
    entry.withLock { entry in
      if let entry, entry.backend == backend.name { return entry.weights }
      let weights = pack(backend)
      entry = Entry(backend: backend.name, weights: weights)
      return weights
    }
  }
}
