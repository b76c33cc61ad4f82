import MixtureOfExperts
import Radio
import Tensors
import Testing

@Suite struct RouterTests {
  private let model = untrainedModel(expertCount: 4)
  private let all = ExpertSet.all(4)

  private func router(
    _ policy: GatePolicy, link: LinkKind = .analog, baseStation: UInt32 = 0, seed: UInt64 = 0
  ) throws -> Router {
    try Router(
      policy, gates: model.gates, description: model.description, link: link, baseStation: baseStation, seed: seed)
  }

  private func snr(_ values: Float...) -> [LinkState] { values.map { .known(snrDB: $0) } }

  @Test func `the strongest link is chosen by best-snr, whatever the latent`() throws {
    let routing = try router(.bestSNR).route(
      noise([2, 120]), links: snr(3, 40, 1, 20) + snr(-5, -90, -4, -6), eligible: [all, all], tags: [0, 1])
    #expect(routing.top(4, image: 0) == [1, 3, 0, 2])
    #expect(routing.best(image: 1) == 2)
    #expect(routing.weights.allSatisfy { $0 == 0.25 })
  }

  @Test func `an unknown link comes last, an ideal one first, an expert that is down not at all`() throws {
    let routing = try router(.bestSNR).route(
      noise([1, 120]), links: [.known(snrDB: 80), .unknown, .ideal, .ideal], eligible: [ExpertSet([0, 1, 2])], tags: [0]
    )
    #expect(routing.top(4, image: 0) == [2, 0, 1])
    #expect(routing.weight(ofExpert: 3, image: 0) == 0)
  }

  @Test func `random orders depend on seed, base station and tag, and on nothing else`() throws {
    let tags = (0..<200).map { UInt64($0) }
    func orders(_ router: Router) -> [[Int]] {
      let routing = router.route(
        noise([200, 120]), links: [LinkState](repeating: .unknown, count: 800),
        eligible: [ExpertSet](repeating: all, count: 200), tags: tags)
      return tags.indices.map { routing.top(4, image: $0) }
    }
    let first = orders(try router(.random))
    #expect(orders(try router(.random)) == first)
    #expect(orders(try router(.random, baseStation: 1)) != first)
    #expect(orders(try router(.random, seed: 1)) != first)
    for k in 0..<4 { #expect(abs(first.count { $0[0] == k } - 50) < 25) }
  }

  @Test func `on ideal links best-snr spreads its choices`() throws {
    let routing = try router(.bestSNR).route(
      noise([100, 120]), links: [LinkState](repeating: .ideal, count: 400),
      eligible: [ExpertSet](repeating: all, count: 100), tags: (0..<100).map { UInt64($0) })
    #expect(Set((0..<100).compactMap { routing.best(image: $0) }).count == 4)
  }

  @Test(arguments: [GatePolicy.base, .naive])
  func `gates that do not see the links are not moved by them`(policy: GatePolicy) throws {
    let z = noise([1, 120])
    let good = try router(policy).route(z, links: snr(50, 50, 50, 50), eligible: [all], tags: [0])
    let bad = try router(policy).route(z, links: snr(-50, 50, -50, 50), eligible: [all], tags: [0])
    #expect(good.weights == bad.weights)
  }

  @Test func `the channel-aware gate is moved by the links, and sees an expert that is down as the worst link`() throws
  {
    let z = noise([1, 120])
    let router = try router(.channelAware)
    let good = router.route(z, links: snr(50, 50, 50, 50), eligible: [all], tags: [0])
    let bad = router.route(z, links: snr(-50, 50, -50, 50), eligible: [all], tags: [0])
    #expect(good.weights != bad.weights)
    let up = ExpertSet([0, 1, 2])
    let down = router.route(z, links: snr(9, 9, 9, 77), eligible: [up], tags: [0])
    let worst = router.route(z, links: snr(9, 9, 9, -77), eligible: [up], tags: [0])
    #expect(down.weights == worst.weights && down.weight(ofExpert: 3, image: 0) == 0)
  }

  @Test(arguments: GatePolicy.allCases)
  func `an image's routing does not depend on what shares its batch`(policy: GatePolicy) throws {
    let z = noise([7, 120])
    let links = noise([7, 4], seed: 3).scalars.map { LinkState.known(snrDB: 40 * $0) }
    let router = try router(policy)
    let together = router.route(
      z, links: links, eligible: [ExpertSet](repeating: all, count: 7), tags: (0..<7).map { UInt64($0) })
    for i in 0..<7 {
      let alone = router.route(
        z.rows(i..<i + 1), links: Array(links[4 * i..<4 * i + 4]), eligible: [all], tags: [UInt64(i)])
      #expect(alone.weights == Array(together.weights[4 * i..<4 * i + 4]))
      #expect(alone.top(4, image: 0) == together.top(4, image: i))
    }
  }

  @Test func `the gate sees digital links by their odds of delivery if it was taught so, best-snr by their SNR`() throws
  {
    let z = noise([1, 120])
    let links = snr(7, 8, 3, 30)
    func logits(_ router: Router, _ links: [LinkState]) -> [Float] {
      router.route(z, links: links, eligible: [all], tags: [0]).weights
    }
    var model = model
    let bySNR = try router(.channelAware, link: .digital)
    #expect(try logits(bySNR, links) == logits(router(.channelAware), links))
    let law = PacketErrorLaw(messageBits: 1_000)
    model.description.packetErrors = law
    func taught(_ policy: GatePolicy, _ link: LinkKind) throws -> Router {
      try Router(
        policy, gates: model.gates, description: model.description, link: link, baseStation: 0, seed: 0)
    }
    let seen = links.map { $0.seen(through: law) }
    #expect(try logits(taught(.channelAware, .digital), links) == logits(router(.channelAware), seen))
    #expect(try logits(taught(.channelAware, .analog), links) == logits(router(.channelAware), links))
    #expect(try taught(.bestSNR, .digital).route(z, links: links, eligible: [all], tags: [0]).best(image: 0) == 3)
  }

  @Test func `a policy whose gate the model has not is refused by name`() {
    let model = untrainedModel(gates: [.base])
    #expect {
      _ = try Router(
        .channelAware, gates: model.gates, description: model.description, link: .analog, baseStation: 0,
        seed: 0)
    } throws: { "\($0)" == "model \(model.description.name): no channel-aware gate, which stage 2 trains; it has base" }
  }
}
