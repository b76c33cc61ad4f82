import Foundation
import Tensors
import Testing

struct MemoryLimitTests {
  /// The limit on a machine of 1,000 bytes with these files.
  private func limit(_ files: [String: String]) throws -> Int {
    let root = FileManager.default.temporaryDirectory.appendingPathComponent("limits-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: root) }
    for (name, text) in files {
      let file = root.appendingPathComponent(name)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
    return MemoryLimit.bytes(ofMachine: 1_000, root: root.path)
  }

  @Test func `without a limit the machine's memory counts`() throws {
    #expect(try limit([:]) == 1_000)
    #expect(try limit(["proc/self/cgroup": "9:memory:/a\n0::/\n"]) == 1_000)
    #expect(
      try limit(["proc/self/cgroup": "0::/a.service\n", "sys/fs/cgroup/a.service/memory.max": "max\n"]) == 1_000)
    #expect(try limit(["proc/self/cgroup": "0::/\n", "sys/fs/cgroup/memory.max": "2000\n"]) == 1_000)
  }

  @Test func `a container's limit and a unit's hold, and those of the groups around it`() throws {
    #expect(try limit(["proc/self/cgroup": "0::/\n", "sys/fs/cgroup/memory.max": "500\n"]) == 500)
    let unit = ["proc/self/cgroup": "0::/system.slice/a.service\n", "sys/fs/cgroup/system.slice/memory.max": "700\n"]
    #expect(try limit(unit) == 700)
    for (own, least) in [("300\n", 300), ("900\n", 700), ("max\n", 700)] {
      #expect(
        try limit(unit.merging(["sys/fs/cgroup/system.slice/a.service/memory.max": own]) { $1 }) == least)
    }
  }
}
