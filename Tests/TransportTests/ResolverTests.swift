import Dispatch
import Synchronization
import Testing
import Transport

@Suite(.timeLimit(.minutes(1))) struct ResolverTests {
  /// Looks up every name at once but `slow`, which waits until it is let go; no name has an address.
  private final class Names: Sendable {
    let lookedUp = Mutex<[String]>([])
    let slowHasBegun = Events<Bool>()
    let letGo = DispatchSemaphore(value: 0)

    func resolver(maximumLookUps: Int = Resolver.maximumLookUps) -> Resolver {
      Resolver(maximumLookUps: maximumLookUps) { [self] address in
        lookedUp.withLock { $0.append(address.host) }
        if address.host == "slow" {
          slowHasBegun.add(true)
          letGo.wait()
        }
        return .failure(.cannotResolve(address, problem: "not there"))
      }
    }
  }

  private func error(_ result: Result<[ResolvedAddress], TransportError>?) -> String? {
    if case .failure(let error) = result { error.description } else { nil }
  }

  @Test func `a slow name is looked up once at a time and holds no other name up`() async {
    let io = makeIO()
    let names = Names()
    let resolver = names.resolver()
    let slow = Events<Result<[ResolvedAddress], TransportError>>()
    let fast = Events<Result<[ResolvedAddress], TransportError>>()
    for port in 1...20 as ClosedRange<UInt16> {
      _ = resolver.resolve(SocketAddress(host: "slow", port: port), io: io) { slow.add($0) }
    }
    _ = resolver.resolve(SocketAddress(host: "fast", port: 7), io: io) { fast.add($0) }
    #expect(error(await fast.next()) == "cannot resolve fast:7: not there")
    names.letGo.signal()
    for port in 1...20 { #expect(error(await slow.next()) == "cannot resolve slow:\(port): not there") }
    #expect(names.lookedUp.withLock { $0.count { $0 == "slow" } } == 1)
  }

  @Test func `what nobody wants to know any more is not looked up`() async {
    let io = makeIO()
    let names = Names()
    let resolver = names.resolver(maximumLookUps: 1)
    let answers = Events<Result<[ResolvedAddress], TransportError>>()
    _ = resolver.resolve(SocketAddress(host: "slow", port: 1), io: io) { answers.add($0) }
    _ = await names.slowHasBegun.next()
    for _ in 0..<3 {
      resolver.resolve(SocketAddress(host: "gone", port: 1), io: io) { answers.add($0) }?.cancel()
    }
    _ = resolver.resolve(SocketAddress(host: "kept", port: 1), io: io) { answers.add($0) }
    names.letGo.signal()
    #expect(error(await answers.next()) == "cannot resolve slow:1: not there")
    #expect(error(await answers.next()) == "cannot resolve kept:1: not there")
    #expect(names.lookedUp.withLock { $0 } == ["slow", "kept"])
  }

  @Test func `an address in digits is nobody's to look up`() async {
    let io = makeIO()
    let names = Names()
    let answers = Events<Int>()
    let query = names.resolver().resolve(SocketAddress(host: "::1", port: 7), io: io) { result in
      answers.add((try? result.get())?.count ?? 0)
    }
    #expect(query == nil)
    #expect(await answers.next() == 1)
    #expect(names.lookedUp.withLock { $0.isEmpty })
  }
}
