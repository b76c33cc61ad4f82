import COneDNN

/// Kernels by oneDNN: compiled for the processor at hand, and several times as fast as the portable ones.
///
/// Work is spread over threads by us, image by image or by blocks of rows; each call into oneDNN keeps to its thread.
/// Inference goes through oneDNN one image (one row of a batch) at a time: only then is it certain, whatever kernels
/// oneDNN picks by size, that a result does not depend on its batch. For convolutions this costs nothing, as their work
/// is per image anyway.
struct OneDNNKernels: KernelBackend {
  let name = "onednn"
  let description: String
  let operations = OneDNNOperationPool()
  let portable = ReferenceKernels()

  /// Loads the library.
  ///
  /// - Throws: `KernelSelectionError.unavailable` with the reason.
  init() throws(KernelSelectionError) {
    var version = OneDNNVersion()
    if let reason = onednn_open(&version) {
      throw .unavailable(name: "onednn", reason: String(cString: reason))
    }
    let instructionSet = version.instructionSet.map { String(cString: $0) } ?? "unknown instructions"
    description = "oneDNN \(version.major).\(version.minor).\(version.patch), \(instructionSet)"
  }

  /// A failure inside oneDNN is a fault of ours: shapes are checked before.
  static func check(_ status: Int32, _ what: @autoclosure () -> String) {
    precondition(status == 0, "oneDNN: \(what()) failed with status \(status)")
  }
}
