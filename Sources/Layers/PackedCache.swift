import Synchronization
import Tensors

/// Weights packed for inference at their first use, and kept until the layer changes.
///
/// Copies of a layer share the cache, because they have the same weights; a layer that changes its weights takes a new
/// one.
final class PackedCache<Packed: Sendable>: Sendable {
  private struct Entry {
    let backend: String
    let precision: Precision
    let weights: Packed
  }

  private let entry = Mutex<Entry?>(nil)

  func weights(for backend: any KernelBackend, packedBy pack: (any KernelBackend) -> Packed) -> Packed {
    entry.withLock { entry in
      let precision = Kernels.precision
      if let entry, entry.backend == backend.name, entry.precision == precision { return entry.weights }
      let weights = pack(backend)
      entry = Entry(backend: backend.name, precision: precision, weights: weights)
      return weights
    }
  }
}
