import COneDNN
import Synchronization

/// One compiled convolution kernel with its buffers.
///
/// Sendable without checking because only the pool makes operations, and it lends each to one thread at a time.
final class OneDNNOperation: @unchecked Sendable {
  let handle: OpaquePointer

  /// Nil where oneDNN has no kernel for the shape.
  fileprivate init?(_ key: Key) {
    let g = key.geometry
    var shape = OneDNNConvolution(
      batch: Int64(g.batch), inChannels: Int64(g.inChannels), height: Int64(g.height), width: Int64(g.width),
      outChannels: Int64(g.outChannels), outHeight: Int64(g.outHeight), outWidth: Int64(g.outWidth),
      size: Int64(g.window.size), stride: Int64(g.window.stride), padding: Int64(g.window.padding),
      inBlock: Int64(g.inBlock),
      outBlock: Int64(g.outBlock), bias: key.bias, adds: key.adds, relu: key.relu,
      bfloat16: key.precision == .bf16)
    guard let handle = onednn_create(key.pass.inC, &shape) else { return nil }
    self.handle = handle
  }

  deinit { onednn_destroy(handle) }

  enum Pass {
    case forward
    case inputGradient
    case weightGradient

    fileprivate var inC: OneDNNPass {
      switch self {
      case .forward: OneDNNForward
      case .inputGradient: OneDNNInputGradient
      case .weightGradient: OneDNNWeightGradient
      }
    }
  }

  struct Key: Hashable {
    let pass: Pass
    let geometry: ConvolutionGeometry
    let bias: Bool
    var adds = false
    var relu = false
    var precision = Precision.fp32
  }
}

/// Weights in the layout that an operation wants.
///
/// Sendable without checking because the memory is written once, by `init`.
final class OneDNNPackedWeights: @unchecked Sendable {
  let handle: OpaquePointer

  init(_ weight: Tensor, for operation: OneDNNOperation) {
    guard let handle = weight.withUnsafePointer({ onednn_pack(operation.handle, $0) }) else {
      fatalError("oneDNN cannot pack filters \(weight.shape): out of memory")
    }
    self.handle = handle
  }

  deinit { onednn_destroy_weights(handle) }
}

/// Operations that no thread is using; compiling one takes milliseconds, so they are kept.
///
/// A thread takes an operation out, runs it and gives it back, so there are as many of a shape as ever ran at once.
final class OneDNNOperationPool: Sendable {
  /// More different shapes than all networks of one process have; beyond them the pool starts anew.
  private static let capacity = 1024

  private struct Idle {
    var operations: [OneDNNOperation.Key: [OneDNNOperation]] = [:]
    var count = 0
  }
  private let idle = Mutex(Idle())

  /// Calls `body` with an operation of the caller's own.
  ///
  /// - Returns: nil where oneDNN has no kernel for the shape.
  func with<Result>(_ key: OneDNNOperation.Key, _ body: (OneDNNOperation) -> Result) -> Result? {
    guard let operation = take(key) ?? OneDNNOperation(key) else { return nil }
    defer { give(operation, back: key) }
    return body(operation)
  }

  private func take(_ key: OneDNNOperation.Key) -> OneDNNOperation? {
    idle.withLock { idle in
      guard let operation = idle.operations[key]?.popLast() else { return nil }
      idle.count -= 1
      return operation
    }
  }

  private func give(_ operation: OneDNNOperation, back key: OneDNNOperation.Key) {
    idle.withLock { idle in
      if idle.count >= Self.capacity { idle = Idle() }
      idle.operations[key, default: []].append(operation)
      idle.count += 1
    }
  }
}
