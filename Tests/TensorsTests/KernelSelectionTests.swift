import Tensors
import Testing

struct KernelSelectionTests {
  @Test func `the portable kernels are always there`() throws {
    #expect(Kernels.availableNames.contains("reference"))
    #expect(try Kernels.choice("reference").get().description == "portable reference kernels")
  }

  @Test(.enabled(if: backends.contains("onednn"))) func `oneDNN tells its version and instructions`() throws {
    let description = try Kernels.choice("onednn").get().description
    #expect(description.wholeMatch(of: /oneDNN [23]\.\d+\.\d+, \S.*/) != nil, "\(description)")
  }

  @Test(.disabled(if: backends.contains("onednn"))) func `without oneDNN asking for it says why not`() {
    let error = #expect(throws: KernelSelectionError.self) { try Kernels.choice("onednn").get() }
    #expect("\(error, default: "")".hasPrefix("kernels \"onednn\": cannot be used: "))
  }

  @Test func `a wrong name is refused with the names that are right`() {
    for name in ["oneDNN", "fast", " reference"] {
      let error = #expect(throws: KernelSelectionError.self) { try Kernels.choice(name).get() }
      #expect("\(error, default: "")" == "MOE_KERNELS: expected \"reference\" or \"onednn\", received \"\(name)\"")
    }
  }

  @Test func `no choice means oneDNN where it is, else the portable kernels`() throws {
    for value in [nil, ""] {
      #expect(try Kernels.choice(value).get().name == (backends.contains("onednn") ? "onednn" : "reference"))
    }
  }

  @Test func `a context changes backend and threads inside it only`() {
    let before = Kernels.current.name
    Kernels.with(threads: 3, backend: Kernels.reference) {
      #expect(Kernels.threads == 3 && Kernels.current.name == "reference")
      Kernels.with(threads: 2) { #expect(Kernels.threads == 2 && Kernels.current.name == "reference") }
      #expect(Kernels.threads == 3)
    }
    #expect(Kernels.threads == 1 && Kernels.current.name == before)
  }

  /// Other tests of this process run meanwhile, so that it must not really change.
  @Test func `the process keeps its backend when the selection is wrong`() throws {
    let before = Kernels.current.name
    #expect(throws: KernelSelectionError.unknown(name: "fast")) { try Kernels.select("fast") }
    #expect(Kernels.current.name == before)
    try Kernels.select(before)
    #expect(Kernels.current.name == before && Kernels.description == Kernels.current.description)
  }
}
