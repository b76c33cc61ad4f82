/// Which kernels run, and on how many threads.
package enum Kernels {
  /// How many threads one kernel call may use; a daemon's compute worker keeps 1, the trainer takes all cores.
  ///
  ///     Kernels.$threads.withValue(2) { train() }
  @TaskLocal package static var threads = 1

  /// The backend that kernel calls of this thread go to.
  package static var current: any KernelBackend { reference }

  package static let reference: any KernelBackend = ReferenceKernels()

  /// One line for `--version`, such as "oneDNN 2.6.3, …" or "portable reference kernels".
  package static var description: String { current.description }
}
