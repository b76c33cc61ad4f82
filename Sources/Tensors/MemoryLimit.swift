import Foundation

/// The memory that this process may have, in bytes.
package enum MemoryLimit {
  /// The machine's memory, or the least limit of the process's control groups (version 2), such as a container or a unit has.
  ///
  /// - Parameter root: where the files of the kernel are, but in tests.
  package static func bytes(ofMachine machine: Int, root: String = "") -> Int {
    var limit = machine
    let groups = (try? String(contentsOfFile: "\(root)/proc/self/cgroup", encoding: .utf8)) ?? ""
    let group = groups.split(separator: "\n").first { $0.hasPrefix("0::/") }?.dropFirst("0::".count) ?? ""
    var names = group.split(separator: "/")
    while true {
      let folder = (["\(root)/sys/fs/cgroup"] + names).joined(separator: "/")
      let text = (try? String(contentsOfFile: "\(folder)/memory.max", encoding: .utf8)) ?? ""
      if let bytes = Int(text.prefix { $0.isNumber }) { limit = min(limit, bytes) }
      guard names.popLast() != nil else { return limit }
    }
  }
}
