import Foundation
import Synchronization

/// Which kernels run, and on how many threads.
///
/// A process uses oneDNN where it is found and the portable kernels otherwise, unless the environment variable
/// `MOE_KERNELS` (`reference` or `onednn`) or a call of `select` says which. Programs that compute call `checkSelection` first,
/// so that a wrong choice is reported in one line.
package enum Kernels {
  /// The environment variable that names the backend.
  package static let environmentVariable = "MOE_KERNELS"

  /// The portable backend, which is always there.
  package static let reference: any KernelBackend = ReferenceKernels()

  /// - Throws: `KernelSelectionError`.
  package static func backend(named name: String) throws(KernelSelectionError) -> any KernelBackend {
    switch name {
    case "reference": reference
    case "onednn": try oneDNN.get()
    default: throw .unknown(name: name)
    }
  }

  /// The backends that work on this machine.
  package static var availableNames: [String] {
    ["reference", "onednn"].filter { (try? backend(named: $0)) != nil }
  }

  private static let oneDNN = Result { () throws(KernelSelectionError) -> any KernelBackend in try OneDNNKernels() }
}

// MARK: - The process's choice

extension Kernels {
  /// Makes the backend of that name the one that all threads use.
  ///
  /// - Throws: `KernelSelectionError`.
  package static func select(_ name: String) throws(KernelSelectionError) {
    let backend = try backend(named: name)
    selected.withLock { $0 = .success(backend) }
  }

  /// Makes `precision` the one that all threads use.
  package static func select(_ precision: Precision) { selectedPrecision.withLock { $0 = precision } }

  private static let selectedPrecision = Mutex(Precision.fp32)

  /// - Throws: `KernelSelectionError` if the environment asks for kernels that cannot be had.
  package static func checkSelection() throws(KernelSelectionError) {
    _ = try selected.withLock { $0 }.get()
  }

  private static let selected = Mutex(choice(ProcessInfo.processInfo.environment[environmentVariable]))

  /// The backend that a value of `MOE_KERNELS` means.
  package static func choice(_ value: String?) -> Result<any KernelBackend, KernelSelectionError> {
    guard let value, !value.isEmpty else { return .success((try? oneDNN.get()) ?? reference) }
    return Result { () throws(KernelSelectionError) in try backend(named: value) }
  }
}

// MARK: - The caller's context

extension Kernels {
  private struct Context {
    var threads = 1
    var precision: Precision?
    var backend: (any KernelBackend)?
  }

  @TaskLocal private static var context = Context()

  /// How many threads one kernel call may use: 1 unless `with` grants more.
  package static var threads: Int { context.threads }

  /// What convolutions and transformer blocks multiply: floats unless `with` or `select` says otherwise.
  package static var precision: Precision { context.precision ?? selectedPrecision.withLock { $0 } }

  /// The backend that kernel calls of this thread go to.
  package static var current: any KernelBackend {
    if let backend = context.backend { return backend }
    switch selected.withLock({ $0 }) {
    case .success(let backend): return backend
    case .failure(let error): fatalError(error.description)
    }
  }

  /// One line for `--version`, such as "oneDNN 2.6.3, AVX2" or "portable reference kernels".
  package static var description: String {
    switch selected.withLock({ $0 }) {
    case .success(let backend): backend.description
    case .failure(let error): error.description
    }
  }

  /// Runs `body` with its kernel calls on up to `threads` threads, on another backend, or at another precision.
  ///
  /// The trainer takes all cores; a daemon's compute workers, of which there are as many as cores, keep one each. What
  /// `body` starts on other queues is not affected.
  package static func with<Result>(
    threads: Int? = nil, backend: (any KernelBackend)? = nil, precision: Precision? = nil, _ body: () throws -> Result
  ) rethrows -> Result {
    var context = context
    if let threads {
      precondition(threads > 0, "kernels on \(threads) threads")
      context.threads = threads
    }
    if let backend { context.backend = backend }
    if let precision { context.precision = precision }
    return try $context.withValue(context, operation: body)
  }
}
