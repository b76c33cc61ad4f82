/// The process's signals as a server wants them.
package enum Signals {
  /// The first SIGTERM or SIGINT calls `drain` on the io queue, the second ends the process at once; SIGPIPE is ignored.
  package static func install(io: IOQueue, drain: @escaping @Sendable () -> Void) { fatalError() }
}

package enum ResourceLimits {
  /// Raises the soft limit of open descriptors to the hard one; returns what holds now.
  @discardableResult package static func raiseDescriptorLimit() -> Int { fatalError() }
}
