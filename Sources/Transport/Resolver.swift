internal import Dispatch
internal import Synchronization

/// Turns names into addresses away from the io queues, because the system's resolver blocks.
///
/// A name is looked up once at a time, however many want to know it, and only while somebody does: one that is slow keeps
/// those who wait for it, and no other name.
package final class Resolver: Sendable {
  /// So many names may be slow before others wait for them; a thread each.
  package static let maximumLookUps = 8
  static let shared = Resolver { address in
    Result { () throws(TransportError) in try ResolvedAddress.all(of: address) }
  }

  private struct Asker {
    let number: UInt64
    let answer: @Sendable (Result<[ResolvedAddress], TransportError>) -> Void
  }

  private struct State {
    /// By name; a name is here from the first question to the end of its look-up. Those who have lost interest are not.
    var askers: [String: [Asker]] = [:]
    /// Names that wait for a thread, the longest first.
    var waiting: [String] = []
    var lookUpsUnderWay = 0
    var lastNumber: UInt64 = 0
  }

  /// One question, which may be taken back.
  package struct Query: Sendable {
    fileprivate let resolver: Resolver
    fileprivate let host: String
    fileprivate let number: UInt64

    /// Nobody waits for the answer any more; where the look-up has not begun, it never does.
    package func cancel() {
      resolver.state.withLock { $0.askers[host]?.removeAll { $0.number == number } }
    }
  }

  private let threads = DispatchQueue(
    label: "moe.resolver", qos: .utility, attributes: .concurrent, target: .global(qos: .utility))
  private let maximumLookUps: Int
  private let lookUp: @Sendable (SocketAddress) -> Result<[ResolvedAddress], TransportError>
  private let state = Mutex(State())

  /// - Parameter lookUp: finds the addresses of a host, given with port 0; may block.
  package init(
    maximumLookUps: Int = Resolver.maximumLookUps,
    lookUp: @escaping @Sendable (SocketAddress) -> Result<[ResolvedAddress], TransportError>
  ) {
    self.maximumLookUps = maximumLookUps
    self.lookUp = lookUp
  }

  /// Calls `completion` on the io queue: at once where the host is in digits, and the query is then nil.
  package func resolve(
    _ address: SocketAddress, io: IOQueue,
    completion: @escaping @Sendable (Result<[ResolvedAddress], TransportError>) -> Void
  ) -> Query? {
    if let literal = try? ResolvedAddress.all(of: address, literalOnly: true) {
      completion(.success(literal))
      return nil
    }
    let (number, needsThread) = state.withLock { state in
      state.lastNumber += 1
      let asker = Asker(number: state.lastNumber) { result in
        let answer = result.map { $0.map { $0.with(port: address.port) } }.mapError { $0.naming(address) }
        io.async { completion(answer) }
      }
      guard state.askers[address.host]?.append(asker) == nil else { return (asker.number, false) }
      state.askers[address.host] = [asker]
      state.waiting.append(address.host)
      guard state.lookUpsUnderWay < maximumLookUps else { return (asker.number, false) }
      state.lookUpsUnderWay += 1
      return (asker.number, true)
    }
    if needsThread { threads.async { self.work() } }
    return Query(resolver: self, host: address.host, number: number)
  }

  /// Looks names up until none waits.
  private func work() {
    while let host = nextName() {
      let result = lookUp(SocketAddress(host: host, port: 0))
      let askers = state.withLock { $0.askers.removeValue(forKey: host) ?? [] }
      for asker in askers { asker.answer(result) }
    }
  }

  private func nextName() -> String? {
    state.withLock { state in
      while !state.waiting.isEmpty {
        let host = state.waiting.removeFirst()
        if state.askers[host]?.isEmpty == false { return host }
        state.askers[host] = nil
      }
      state.lookUpsUnderWay -= 1
      return nil
    }
  }
}

extension TransportError {
  /// The same of another address of the host.
  fileprivate func naming(_ address: SocketAddress) -> TransportError {
    if case .cannotResolve(_, let problem) = self { .cannotResolve(address, problem: problem) } else { self }
  }
}
