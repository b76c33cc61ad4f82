internal import Dispatch
internal import Synchronization

/// Turns names into addresses away from the io queues, because the system's resolver blocks.
enum Resolver {
  /// So many names may be slow before others wait for them; a thread each.
  private static let queues = (0..<4).map { index in
    DispatchQueue(label: "moe.resolver.\(index)", qos: .utility, target: .global(qos: .utility))
  }
  private static let turn = Atomic<Int>(0)

  /// Calls `completion` on the io queue: at once where the host is in digits.
  static func resolve(
    _ address: SocketAddress, io: IOQueue,
    completion: @escaping @Sendable (Result<[ResolvedAddress], TransportError>) -> Void
  ) {
    if let literal = try? ResolvedAddress.all(of: address, literalOnly: true) { return completion(.success(literal)) }
    let index = turn.wrappingAdd(1, ordering: .relaxed).oldValue & (queues.count - 1)
    queues[index].async {
      let result = Result<[ResolvedAddress], TransportError> { () throws(TransportError) in
        try ResolvedAddress.all(of: address)
      }
      io.async { completion(result) }
    }
  }
}
