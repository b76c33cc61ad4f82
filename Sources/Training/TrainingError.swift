/// Why training or evaluation cannot go on, in one line.
package enum TrainingError: Error, Equatable, CustomStringConvertible {
  case file(path: String, reason: String)
  case data(String)
  /// A model and the images or options it was given do not fit.
  case mismatch(field: String, expected: String, received: String)
  case checkpoint(path: String, reason: String)
  case metrics(path: String, reason: String)
  /// The loss left the numbers, or began far from where an untrained network's is.
  case diverged(step: Int, reason: String)
  case unavailable(String)
  case unwritable(path: String, reason: String)
  /// The user asked for the end; what is kept goes on from there.
  case interrupted

  package var description: String {
    switch self {
    case .file(let path, let reason): "\(path): \(reason)"
    case .data(let reason): "data: \(reason)"
    case .mismatch(let field, let expected, let received): "\(field): expected \(expected), received \(received)"
    case .checkpoint(let path, let reason), .metrics(let path, let reason): "\(path): \(reason)"
    case .diverged(let step, let reason): "step \(step): \(reason)"
    case .unavailable(let what): what
    case .unwritable(let path, let reason): "\(path): cannot be written: \(reason)"
    case .interrupted: "interrupted"
    }
  }
}
