internal import Synchronization

/// A node's credentials, which can be loaded again: connections that are made afterwards use the new ones.
package final class TLSCredentials: Sendable {
  private let files: TLSFiles
  private let identity: NodeIdentity?
  private let current: Mutex<TLSContext>

  /// - Parameter identity: whom the node's own certificate has to be for, now and whenever it is loaded again.
  package init(_ files: TLSFiles, for identity: NodeIdentity? = nil) throws(TLSFileError) {
    self.files = files
    self.identity = identity
    current = Mutex(try TLSContext(files, for: identity))
  }

  package var context: TLSContext { current.withLock { $0 } }

  /// Loads the files again; where that fails, the old credentials stay in use.
  ///
  /// - Returns: the new ones.
  @discardableResult
  package func reload() throws(TLSFileError) -> TLSContext {
    let context = try TLSContext(files, for: identity)
    current.withLock { $0 = context }
    return context
  }
}
