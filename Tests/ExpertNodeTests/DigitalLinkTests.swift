import Digests
import ExpertNode
import MixtureOfExperts
import Radio
import Randomness
import Tensors
import Testing
import Transport
import WireProtocol

private let digest = SHA256Digest.of([1, 2, 3])
private let width = BackboneKind.leNet5.latentCount

/// The expert's end of the digital link, from dispatch to reply.
@Suite struct DigitalLinkTests {
  private let codec = LatentCodec(table: .uniform, latentMean: (0..<width).map { Float($0) / 100 })
  private let expert: Expert
  private let link: LinkConfiguration

  init() {
    var generator = CounterGenerator(seed: 3)
    expert = Expert(expertFor: .leNet5, outputCount: 4, using: &generator)
    // About as many codewords are lost as arrive.
    link = LinkConfiguration(snrMeanDB: 9, snrStdDB: 4, seed: 5)
  }

  private func node(hasDigitalLink: Bool = true) -> ExpertNode {
    var node = ExpertNode(
      configuration: ExpertNodeConfiguration(
        expert: 0,
        model: HeldModel(
          digest: digest, expertCount: 8, latentCount: width, outputCount: 4, hasDigitalLink: hasDigitalLink),
        linkProcess: 0, link: link, clock: .request),
      now: 0)
    let detail = Hello.BaseStation(
      id: 1, modelName: "tiny", digest: digest, inputShape: BackboneKind.leNet5.inputShape, classLabels: [],
      gate: "base", link: .digital)
    let hello = Hello(nodeID: "bs", generation: 1, software: "test", detail: .baseStation(detail))
    _ = node.onBaseStationHello(hello, detail: detail, peer: PeerID(1), now: 0)
    return node
  }

  private func latents(_ index: Int) -> [Float] {
    var generator = CounterGenerator(seed: 100 + UInt64(index))
    return (0..<width).map { _ in 4 * generator.uniformFloat() - 1 }
  }

  private func coded(_ latents: [Float]) throws -> CodedLatent {
    try latents.withUnsafeBufferPointer { latents in
      Result { () throws(LatentEncodingError) in try codec.encode(latents) }
    }.get()
  }

  private func dispatch(_ images: Range<Int>, _ policy: DecodeFailurePolicy) throws -> Dispatch {
    let packets = try images.map { try coded(latents($0)).bytes }
    return Dispatch(
      modelDigest: digest, latentCount: width,
      items: images.map { .init(block: UInt64($0), tag: UInt64($0), attempt: 0) },
      packets: packets.map { .init(length: $0.count, onFailure: policy) }, bytes: BytePayload(packets.joined()))
  }

  private func reply(to dispatch: Dispatch) throws -> Reply {
    var node = node()
    let directives = node.onDispatch(dispatch, requestID: 1, from: PeerID(1), deadlineMicroseconds: 0, now: 0)
    guard case .compute(let job) = try #require(directives.first) else { throw Unexpected() }
    let answer = Answer(to: job, by: expert, over: Receiver(powerScaling: 1, codec: codec))
    let sent = node.onComputed(answer, now: 0).first
    guard case .send(_, .reply(let reply), _) = try #require(sent) else { throw Unexpected() }
    return reply
  }

  private struct Unexpected: Error {}

  /// What the expert says to a latent as the quantiser leaves it (eqs. 10-11).
  private func output(ofQuantised latents: [Float]) throws -> [Float] {
    let range = try latents.withUnsafeBufferPointer { latents in
      Result { () throws(LatentEncodingError) in try LatentRange(of: latents) }
    }.get()
    var values = [UInt8](repeating: 0, count: width)
    latents.withUnsafeBufferPointer { z in values.withUnsafeMutableBufferPointer { range.quantise(z, into: $0) } }
    return expert(
      Tensor([1, width]) { z in values.withUnsafeBufferPointer { range.reconstruct($0, into: z) } }
    ).scalars
  }

  private func row(_ index: Int, of reply: Reply) -> [Float] { Array(reply.outputs.scalars[4 * index..<4 * index + 4]) }

  @Test func `an answer that is called good is of exactly the quantised latent, whatever the air did`() throws {
    var good = 0
    for start in stride(from: 0, to: 4_000, by: 50) {
      let reply = try reply(to: dispatch(start..<start + 50, .redispatch))
      for (index, item) in reply.items.enumerated() {
        switch item.status {
        case .ok:
          good += 1
          #expect(item.use.decodeFailures == 0)
          #expect(try row(index, of: reply) == output(ofQuantised: latents(start + index)))
        case .lost:
          #expect(item.use.decodeFailures == 1 && item.use.informationBitErrors > 0)
          #expect(row(index, of: reply) == [0, 0, 0, 0])
        default: Issue.record("\(item.status)")
        }
      }
    }
    #expect((1_000...3_000).contains(good), "\(good) of 4000: the air must do both for this to mean something")
  }

  @Test func `what is lost is told, answered from the training mean or from what came, as the dispatch says`() throws {
    let images = 0..<60
    let replies = try DecodeFailurePolicy.allCases.map { try reply(to: dispatch(images, $0)) }
    let mean = expert(Tensor([1, width]) { z in _ = z.initialize(fromContentsOf: codec.latentMean) }).scalars
    var lost = 0
    for index in images where replies[0].items[index].status == .lost {
      lost += 1
      #expect(replies[1].items[index].status == .erased)
      #expect(row(index, of: replies[1]) == mean)
      #expect(replies[2].items[index].status == .damaged)
      #expect(row(index, of: replies[2]) != mean)
    }
    #expect(lost > 5)
    for index in images where replies[0].items[index].status == .ok {
      #expect(replies.allSatisfy { row(index, of: $0) == row(index, of: replies[0]) })
    }
    #expect(replies.allSatisfy { $0.items.map(\.use) == replies[0].items.map(\.use) }, "the air is the same")
  }

  @Test func `every step's bits are counted`() throws {
    let packet = try coded(latents(7))
    let item = try reply(to: dispatch(7..<8, .raw)).items[0]
    #expect(item.use.transmissions == 1)
    #expect(item.use.valueBits == 8 * width)
    #expect(item.use.informationBits == 8 * packet.informationByteCount)
    #expect(item.use.codedBits == 2 * (item.use.informationBits + 6))
    #expect(item.use.symbols == item.use.codedBits / 4)
    #expect(item.use.airtime == Double(item.use.symbols) / 1e6, "a million symbols a second unless said otherwise")
  }

  @Test func `a packet that is no coded latent, and a model without a table, are refused in one line`() throws {
    var bytes = try coded(latents(0)).bytes
    bytes[10] = 7
    let broken = Dispatch(
      modelDigest: digest, latentCount: width, items: [.init(block: 0, tag: 0, attempt: 0)],
      packets: [.init(length: bytes.count, onFailure: .raw)], bytes: BytePayload(bytes))
    var node = node()
    let answer = node.onDispatch(broken, requestID: 4, from: PeerID(1), deadlineMicroseconds: 0, now: 0).first
    guard case .send(_, .error(let error), 4) = try #require(answer) else { throw Unexpected() }
    #expect(error.code == .badRequest && error.message == "dispatch: coding of packet 0: expected 0 or 1, received 7")

    var bare = self.node(hasDigitalLink: false)
    let refusal = bare.onDispatch(
      try dispatch(0..<1, .raw), requestID: 5, from: PeerID(1), deadlineMicroseconds: 0, now: 0
    ).first
    guard case .send(_, .error(let unable), 5) = try #require(refusal) else { throw Unexpected() }
    #expect(unable.code == .unsupported)
  }
}
