/// Why the wanted kernels cannot be had.
package enum KernelSelectionError: Error, Equatable, CustomStringConvertible {
  case unknown(name: String)
  case unavailable(name: String, reason: String)

  package var description: String {
    switch self {
    case .unknown(let name): "MOE_KERNELS: expected \"reference\" or \"onednn\", received \"\(name)\""
    case .unavailable(let name, let reason): "kernels \"\(name)\": cannot be used: \(reason)"
    }
  }
}
