import ArgumentParser
import Tensors

/// What a program that computes calls first.
///
/// - Throws: a usage error where `MOE_KERNELS` asks for kernels that cannot be had.
package func checkKernels() throws {
  do {
    try Kernels.checkSelection()
  } catch {
    throw ValidationError(error.description)
  }
}
