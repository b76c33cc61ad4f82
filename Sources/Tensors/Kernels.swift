/// Which kernels run, and on how many threads.
package enum Kernels {
  /// How many threads one kernel call may use; a daemon's compute worker keeps 1, the trainer takes all cores.
  package static var threads: Int { context.threads }

  /// The backend that kernel calls go to.
  package static var current: any KernelBackend { context.backend }

  /// Runs `body` with its kernel calls on so many threads and on that backend.
  package static func with<Result>(
    threads: Int? = nil, backend: (any KernelBackend)? = nil, _ body: () throws -> Result
  ) rethrows -> Result {
    let context = context
    precondition(threads ?? 1 > 0, "kernels on \(threads ?? 0) threads")
    return try $context.withValue(
      Context(threads: threads ?? context.threads, backend: backend ?? context.backend), operation: body)
  }

  private struct Context {
    var threads: Int
    var backend: any KernelBackend
  }

  @TaskLocal private static var context = Context(threads: 1, backend: reference)

  package static let reference: any KernelBackend = ReferenceKernels()

  /// One line for `--version`, such as "oneDNN 2.6.3, …" or "portable reference kernels".
  package static var description: String { current.description }
  package static var availableNames: [String] { ["reference"] }
  package static func backend(named: String) throws -> any KernelBackend { reference }
}
