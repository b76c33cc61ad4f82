/// A set of expert indices, e.g. those whose links are up; at most 64 experts.
package struct ExpertSet: OptionSet, Hashable, Sendable {
  package static let capacity = 64

  package let rawValue: UInt64

  package init(rawValue: UInt64) { self.rawValue = rawValue }

  package init(_ experts: some Sequence<Int>) {
    self.init(rawValue: experts.reduce(0) { $0 | 1 << UInt64($1) })
  }

  /// Experts 0 ..< `count`.
  package static func all(_ count: Int) -> ExpertSet {
    precondition((0...capacity).contains(count), "a set of experts holds 0 to \(capacity), not \(count)")
    return ExpertSet(rawValue: count == capacity ? .max : 1 << UInt64(count) - 1)
  }

  package var count: Int { rawValue.nonzeroBitCount }

  package func contains(expert: Int) -> Bool { rawValue >> UInt64(expert) & 1 == 1 }
  package mutating func insert(expert: Int) { self = ExpertSet(rawValue: rawValue | 1 << UInt64(expert)) }
  package mutating func remove(expert: Int) { self = ExpertSet(rawValue: rawValue & ~(1 << UInt64(expert))) }
}
