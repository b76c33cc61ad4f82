import Datasets
import Digests
import ExpertNode
import Radio
import Tensors
import Testing
import Transport
import WireProtocol

private let digest = SHA256Digest.of([1, 2, 3])
private let otherDigest = SHA256Digest.of([4, 5, 6])
private let thirdDigest = SHA256Digest.of([7, 8, 9])
private let start: UInt64 = 5_000_000_000
private let coherence: UInt64 = 50_000_000

@Suite struct ExpertNodeTests {
  @Test func `a report of the request clock tells every block of the window as the link has it`() throws {
    var node = expert(.request)
    _ = node.greet(1, baseStation: 9)
    let directives = node.onSubscribe(
      ChannelSubscription(firstBlock: 512, count: 256), requestID: 4, from: PeerID(1), now: start)
    let report = try #require(directives.reports.first)
    let link = try SimulatedLink(
      configuration: LinkConfiguration(seed: 11), id: LinkID(baseStation: 9, process: 2))
    #expect(report.firstBlock == 512)
    #expect(report.snrDB == (512..<768).map { link.state(ofBlock: $0).snrDB })
    #expect(directives.requestIDs == [4])
  }

  @Test func `reports tell what the feedback leaves of the truth, by either clock`() throws {
    let impaired = LinkConfiguration(
      snr: .normal(meanDB: 10, stdDB: 5), feedback: ChannelFeedback(errorStdDB: 3, ageing: .blocks(1), bits: 4),
      seed: 11)
    let link = try SimulatedLink(configuration: impaired, id: LinkID(baseStation: 9, process: 2))
    var node = expert(.request, link: impaired)
    _ = node.greet(1, baseStation: 9)
    let window = ChannelSubscription(firstBlock: 0, count: 16)
    let report = node.onSubscribe(window, requestID: 4, from: PeerID(1), now: start).reports.first
    #expect(report?.snrDB == (0..<16).map { link.reportedSNRDB(ofBlock: $0) })
    #expect(report?.snrDB != (0..<16).map { link.state(ofBlock: $0).snrDB })
    node = expert(.wall, link: impaired)
    _ = node.greet(1, baseStation: 9)
    #expect(node.onBlockStart(now: start + 7 * coherence).reports.first?.snrDB == [link.reportedSNRDB(ofBlock: 7)])
  }

  @Test func `every base station has a link of its own`() throws {
    var node = expert(.request)
    _ = node.greet(1, baseStation: 1)
    _ = node.greet(2, baseStation: 2)
    let window = ChannelSubscription(firstBlock: 0, count: 16)
    let reports = [1, 2].map { peer in
      node.onSubscribe(window, requestID: 0, from: PeerID(peer), now: start).reports.first?.snrDB
    }
    #expect(reports[0] != reports[1])
  }

  @Test func `by the wall clock a report leaves at every block's start, to every base station`() {
    var node = expert(.wall)
    #expect(node.greet(1, baseStation: 1).reports.map(\.firstBlock) == [0], "and at once, for who is new")
    _ = node.greet(2, baseStation: 2)
    #expect(node.nextBlockStart(now: start + 1) == start + coherence)
    let reports = node.onBlockStart(now: start + 3 * coherence + 10_000_000).reports
    #expect(reports.map(\.firstBlock) == [3, 3])
    #expect(reports.map(\.remainingMicroseconds) == [40_000, 40_000])
    #expect(reports[0].snrDB != reports[1].snrDB)
  }

  @Test func `latents travel in their own block by the request clock, in the current one by the wall clock`() throws {
    for (clock, blocks) in [(LinkClock.request, [UInt64(70), 71]), (.wall, [2, 2])] {
      var node = expert(clock)
      _ = node.greet(1, baseStation: 1)
      let directives = node.onDispatch(
        dispatch(blocks: [70, 71]), requestID: 1, from: PeerID(1), deadlineMicroseconds: 0, now: start + 2 * coherence)
      #expect(try #require(directives.jobs.first).works[0].blocks == blocks)
    }
  }

  @Test func `a dispatch for another model is refused with both digests`() throws {
    var node = expert(.request)
    _ = node.greet(1, baseStation: 1)
    let directives = node.onDispatch(
      dispatch(blocks: [0], model: otherDigest), requestID: 3, from: PeerID(1), deadlineMicroseconds: 0, now: start)
    let error = try #require(directives.errors.first)
    #expect(error.code == .wrongModel)
    #expect(error.message.contains(digest.short) && error.message.contains(otherDigest.short))
    #expect(directives.requestIDs == [3])
  }

  @Test func `more latents than it may have in hand are refused as busy`() {
    var node = expert(.request)
    _ = node.greet(1, baseStation: 1)
    let many = dispatch(blocks: Array(repeating: 0, count: 1000))
    let refused = (0..<17).flatMap {
      node.onDispatch(many, requestID: $0, from: PeerID(1), deadlineMicroseconds: 0, now: start)
    }.errors
    #expect(refused.map(\.code) == [.busy])
  }

  @Test func `latents of the wrong width are refused`() {
    var node = expert(.request)
    _ = node.greet(1, baseStation: 1)
    let wrong = Dispatch(
      modelDigest: digest, link: .analog, latentCount: 5, items: [.init(block: 0, tag: 0, attempt: 0)],
      latents: FloatPayload([1, 2, 3, 4, 5]))
    #expect(
      node.onDispatch(wrong, requestID: 1, from: PeerID(1), deadlineMicroseconds: 0, now: start).errors.map(\.code) == [
        .badRequest
      ])
  }

  @Test func `strangers get nothing`() {
    var node = expert(.request)
    #expect(
      node.onDispatch(dispatch(blocks: [0]), requestID: 1, from: PeerID(7), deadlineMicroseconds: 0, now: start).errors
        .count == 1)
    let window = ChannelSubscription(firstBlock: 0, count: 1)
    #expect(node.onSubscribe(window, requestID: 1, from: PeerID(7), now: start).errors.count == 1)
  }

  @Test func `of two connections of one base station the newer generation wins`() {
    var node = expert(.request)
    _ = node.greet(1, baseStation: 1, generation: 5)
    let replacing = node.greet(2, baseStation: 1, generation: 6)
    #expect(replacing.disconnected == [PeerID(1)])
    #expect(replacing.errors.map(\.code) == [.superseded] && replacing.requestIDs == [0])
    #expect(node.greet(3, baseStation: 1, generation: 5).disconnected == [PeerID(3)])
    let twice = node.greet(4, baseStation: 1, generation: 6)
    #expect(twice.disconnected == [PeerID(4)])
    #expect(twice.errors.map(\.message) == ["base station bs-1 is connected already"])
  }

  @Test func `a draining expert says goodbye, takes nothing new and ends when its work is done`() {
    var node = expert(.request)
    _ = node.greet(1, baseStation: 1)
    let work = node.onDispatch(
      dispatch(blocks: [0]), requestID: 1, from: PeerID(1), deadlineMicroseconds: 0, now: start
    ).jobs
    let leaving = node.onDrain()
    #expect(leaving.contains { if case .send(_, .goaway, _) = $0 { true } else { false } })
    #expect(!leaving.hasDrained)
    let late = node.onDispatch(
      dispatch(blocks: [0]), requestID: 2, from: PeerID(1), deadlineMicroseconds: 0, now: start)
    #expect(late.errors.map(\.code) == [.shuttingDown])
    let ended = work.flatMap { node.onComputed(answer(to: $0), now: start) }
    #expect(ended.hasDrained)
  }

  @Test func `who holds another model is told in the log, with both digests`() {
    var node = expert(.request)
    let lines = node.greet(1, baseStation: 1, model: otherDigest).logged
    #expect(lines.contains { $0.contains(digest.short) && $0.contains(otherDigest.short) })
  }

  @Test func `a dispatch that is cancelled before it was begun is answered`() {
    var node = expert(.request)
    _ = node.greet(1, baseStation: 1)
    for id in 1...2 as ClosedRange<UInt64> {
      _ = node.onDispatch(dispatch(blocks: [0]), requestID: id, from: PeerID(1), deadlineMicroseconds: 0, now: start)
    }
    #expect(node.onCancel(requestID: 1, from: PeerID(1)).errors.isEmpty, "it is being computed: a reply follows")
    let directives = node.onCancel(requestID: 2, from: PeerID(1))
    #expect(directives.errors.map(\.code) == [.cancelled] && directives.requestIDs == [2])
  }

  /// A node with one dispatch on its only compute worker, and what comes while it is there.
  private func busy(
    _ clock: LinkClock = .request, then dispatches: [(blocks: [UInt64], deadline: UInt32)]
  ) throws -> (node: ExpertNode, job: Job) {
    var node = expert(clock)
    _ = node.greet(1, baseStation: 1)
    let first = node.onDispatch(
      dispatch(blocks: [0]), requestID: 1, from: PeerID(1), deadlineMicroseconds: 0, now: start)
    for (index, next) in dispatches.enumerated() {
      let directives = node.onDispatch(
        dispatch(blocks: next.blocks), requestID: UInt64(2 + index), from: PeerID(1),
        deadlineMicroseconds: next.deadline, now: start)
      #expect(directives.isEmpty)
    }
    return (node, try #require(first.jobs.first))
  }

  @Test func `a dispatch whose time is up before the expert comes to it is answered so and not computed`() throws {
    var (node, job) = try busy(then: [([0], 10_000), ([0, 1], 30_000)])
    let directives = node.onComputed(answer(to: job), now: start + 20_000_000)
    #expect(directives.errors.map(\.code) == [.deadlineExceeded] && directives.requestIDs == [1, 2])
    #expect(directives.jobs.map { $0.works.map(\.requestID) } == [[3]])
    #expect(node.queueDepth == 2)
  }

  @Test func `dispatches that are computed together are answered each by its own latents`() throws {
    var (node, job) = try busy(then: [([4, 5], 0), ([6], 0)])
    let together = try #require(node.onComputed(answer(to: job), now: start).jobs.first)
    #expect(together.works.map(\.requestID) == [2, 3])
    let answer = Answer(
      job: together, arrivals: [7, 8, 9].map { .init(snrDB: $0, delivery: .intact) },
      outputs: .init([1, 2, 3, 4, 5, 6], shape: [3, 2]), computeMicroseconds: 30)
    let directives = node.onComputed(answer, now: start)
    #expect(directives.requestIDs == [2, 3])
    let replies = directives.replies
    #expect(replies.map(\.outputs.scalars) == [[1, 2, 3, 4], [5, 6]])
    #expect(replies.map { $0.items.map(\.block) } == [[4, 5], [6]])
    #expect(replies.map { $0.items.map(\.snrDB) } == [[7, 8], [9]])
    #expect(replies.map(\.computeMicroseconds) == [20, 10])
  }

  @Test func `a reply tells how much waits, and by the wall clock the newest state of the link`() throws {
    for (clock, blocks) in [(LinkClock.request, [UInt64]()), (.wall, [7])] {
      var (node, job) = try busy(clock, then: [([1, 2, 3], 0)])
      let reply = try #require(node.onComputed(answer(to: job), now: start + 7 * coherence).replies.first)
      #expect(reply.queueDepth == 3)
      #expect(reply.reports.map(\.firstBlock) == blocks && reply.reports.allSatisfy { $0.clock == .wall })
    }
  }

  @Test func `a model that a base station serves and work waits for outlives two reloads`() throws {
    var node = expert(.request)
    _ = node.greet(1, baseStation: 1)
    let jobs = (1...2 as ClosedRange<UInt64>).flatMap {
      node.onDispatch(dispatch(blocks: [0]), requestID: $0, from: PeerID(1), deadlineMicroseconds: 0, now: start).jobs
    }
    #expect(jobs.count == 1, "the second waits")
    #expect(node.load(otherDigest).retired.isEmpty)
    #expect(node.load(thirdDigest).retired.isEmpty, "the base station has not switched")
    #expect(node.detail.digests == [thirdDigest, otherDigest, digest])
    let next = node.onComputed(answer(to: jobs[0]), now: start)
    let job = try #require(next.jobs.first)
    #expect(job.modelDigest == digest && next.retired.isEmpty)
    #expect(node.serve(1, thirdDigest).retired.isEmpty, "the first model's job is under way")
    let ended = node.onComputed(answer(to: job), now: start)
    #expect(ended.retired == [otherDigest, digest])
    #expect(node.detail.digests == [thirdDigest])
  }

  @Test func `models that nobody needs do not pile up`() {
    var node = expert(.request)
    _ = node.greet(1, baseStation: 1)
    _ = node.load(otherDigest)
    _ = node.serve(1, otherDigest)
    _ = node.load(thirdDigest)
    #expect(node.load(digest).retired.isEmpty, "the base station serves the last but one")
    #expect(node.load(SHA256Digest.of([10])).retired == [thirdDigest])
    for number in 11..<30 as Range<UInt8> { _ = node.load(SHA256Digest.of([number])) }
    #expect(node.detail.digests.count == 3)
    // As many base stations as models: no more than a HELLO names.
    for number in 30..<50 as Range<UInt8> {
      let model = SHA256Digest.of([number])
      _ = node.load(model)
      _ = node.greet(UInt64(number), baseStation: UInt32(number), model: model)
    }
    #expect(node.detail.digests.count == 8)
  }

  @Test func `what a base station serves outlives a moment without it, until it says something else`() {
    var node = expert(.request)
    _ = node.greet(1, baseStation: 1)
    _ = node.greet(2, baseStation: 2)
    _ = node.load(otherDigest)
    #expect(node.serve(2, otherDigest).retired.isEmpty)
    #expect(node.onDisconnected(PeerID(1), reason: "lost", now: start).retired.isEmpty)
    #expect(node.greet(3, baseStation: 1, now: start + 1).retired.isEmpty, "it serves the old model still")
    #expect(node.detail.digests == [otherDigest, digest])
    #expect(node.onDisconnected(PeerID(3), reason: "lost", now: start).retired.isEmpty)
    #expect(node.greet(4, baseStation: 1, model: otherDigest, now: start + 2).retired == [digest])
    #expect(node.detail.digests == [otherDigest])
  }

  @Test func `a base station that does not come back is expected for some minutes only`() {
    var node = expert(.request)
    _ = node.greet(1, baseStation: 1)
    _ = node.greet(2, baseStation: 2)
    _ = node.load(otherDigest)
    _ = node.serve(2, otherDigest)
    _ = node.onDisconnected(PeerID(1), reason: "lost", now: start)
    let end = start + ExpertNode.absence
    #expect(node.greet(3, baseStation: 3, model: otherDigest, now: end - 1).retired.isEmpty)
    #expect(node.greet(4, baseStation: 4, model: otherDigest, now: end).retired == [digest])
  }

  @Test func `base stations that come once and go do not pile up`() {
    var node = expert(.request)
    _ = node.greet(1, baseStation: 1, model: otherDigest)
    for number in 100..<300 as Range<UInt64> {
      _ = node.greet(number, baseStation: UInt32(number), model: number == 100 ? digest : otherDigest)
      _ = node.onDisconnected(PeerID(number), reason: "gone", now: start + number)
    }
    #expect(node.load(otherDigest).retired.isEmpty)
    #expect(node.serve(1, otherDigest).retired == [digest], "who needed it was the first to go")
  }

  @Test func `who has a model loaded again that is held already hears what is held, before the answer`() throws {
    var node = expert(.request)
    _ = node.greet(1, baseStation: 1)
    _ = node.onReload(from: PeerID(1), requestID: 5)
    let directives = node.onModelLoaded(
      .success(HeldModel(digest: digest, expertCount: 8, latentCount: 4, outputCount: 2, hasDigitalLink: true)))
    let announcement = try #require(directives.firstIndex { if case .announce = $0 { true } else { false } })
    let answer = try #require(directives.firstIndex { if case .send(_, .reloaded, _) = $0 { true } else { false } })
    #expect(announcement < answer)
  }

  @Test func `base stations beyond a number are not kept waiting for a reload, and those that go are forgotten`() {
    var node = expert(.request)
    _ = node.greet(1, baseStation: 1)
    _ = node.greet(2, baseStation: 2)
    let asked = (1...70 as ClosedRange<UInt64>).flatMap { node.onReload(from: PeerID(1), requestID: $0) }
    #expect(asked.errors.map(\.code) == Array(repeating: .busy, count: 6) && asked.requestIDs == Array(65...70))
    _ = node.onDisconnected(PeerID(1), reason: "lost", now: start)
    #expect(node.onReload(from: PeerID(2), requestID: 5).isEmpty, "it is under way")
    let loaded = node.onModelLoaded(.failure(ProtocolError(.internalError, "not there")))
    #expect(loaded.requestIDs == [5])
  }

  @Test func `work for a model that has gone is answered, and the node goes on`() throws {
    var node = expert(.request)
    _ = node.greet(1, baseStation: 1)
    let job = try #require(
      node.onDispatch(dispatch(blocks: [0]), requestID: 4, from: PeerID(1), deadlineMicroseconds: 0, now: start)
        .jobs.first)
    let directives = node.onModelMissing(for: job, now: start)
    #expect(directives.errors.map(\.code) == [.wrongModel] && directives.requestIDs == [4])
    #expect(node.queueDepth == 0)
    #expect(
      node.onDispatch(dispatch(blocks: [0]), requestID: 5, from: PeerID(1), deadlineMicroseconds: 0, now: start)
        .jobs.count == 1)
  }

  @Test func `blocks that last longer than the wire can say are told as the longest`() {
    let node = expert(
      .request, link: LinkConfiguration(snr: .normal(meanDB: 30, stdDB: 50), blockDuration: 5000, seed: 11))
    #expect(node.detail.coherenceMicroseconds == .max)
  }

  private func expert(_ clock: LinkClock, link: LinkConfiguration = LinkConfiguration(seed: 11)) -> ExpertNode {
    ExpertNode(
      configuration: ExpertNodeConfiguration(
        expert: 2,
        model: HeldModel(digest: digest, expertCount: 8, latentCount: 4, outputCount: 2, hasDigitalLink: true),
        linkProcess: 2, link: link, clock: clock),
      now: start)
  }

  private func dispatch(blocks: [UInt64], model: SHA256Digest = digest) -> Dispatch {
    Dispatch(
      modelDigest: model, link: .analog, latentCount: 4,
      items: blocks.map { .init(block: $0, tag: $0, attempt: 0) },
      latents: FloatPayload([Float](repeating: 1, count: 4 * blocks.count)))
  }

  private func answer(to job: Job) -> Answer {
    Answer(
      job: job, arrivals: [.init(snrDB: 12, delivery: .intact)], outputs: .init([0, 1], shape: [1, 2]),
      computeMicroseconds: 1)
  }
}

extension ExpertNode {
  /// The folder has another model.
  fileprivate mutating func load(_ digest: SHA256Digest) -> [Directive] {
    _ = onReload(from: nil, requestID: 0)
    return onModelLoaded(
      .success(HeldModel(digest: digest, expertCount: 8, latentCount: 4, outputCount: 2, hasDigitalLink: true)))
  }

  /// The base station says HELLO again.
  fileprivate mutating func serve(_ peer: UInt64, _ digest: SHA256Digest) -> [Directive] {
    onBaseStationServes(
      Hello.BaseStation(
        id: 1, modelName: "tiny", digest: digest, inputShape: ImageShape(channels: 3, height: 32, width: 32),
        classLabels: [], gate: "base", link: .analog), peer: PeerID(peer), now: start)
  }

  fileprivate mutating func greet(
    _ peer: UInt64, baseStation: UInt32, generation: UInt64 = 1, model: SHA256Digest = digest, now: UInt64 = start
  ) -> [Directive] {
    let detail = Hello.BaseStation(
      id: baseStation, modelName: "tiny", digest: model,
      inputShape: ImageShape(channels: 3, height: 32, width: 32), classLabels: [], gate: "base", link: .analog)
    let hello = Hello(
      nodeID: "bs-\(baseStation)", generation: generation, software: "test", detail: .baseStation(detail))
    return onBaseStationHello(hello, detail: detail, peer: PeerID(peer), now: now)
  }
}

extension [Directive] {
  fileprivate var reports: [ChannelReport] {
    compactMap { if case .send(_, .channelReport(let report), _) = $0 { report } else { nil } }
  }
  fileprivate var errors: [ProtocolError] {
    compactMap { if case .send(_, .error(let error), _) = $0 { error } else { nil } }
  }
  fileprivate var replies: [Reply] {
    compactMap { if case .send(_, .reply(let reply), _) = $0 { reply } else { nil } }
  }
  fileprivate var jobs: [Job] { compactMap { if case .compute(let job) = $0 { job } else { nil } } }
  fileprivate var requestIDs: [UInt64] {
    compactMap { if case .send(_, _, let requestID) = $0 { requestID } else { nil } }
  }
  fileprivate var retired: [SHA256Digest] { compactMap { if case .retire(let digest) = $0 { digest } else { nil } } }
  fileprivate var disconnected: [PeerID] { compactMap { if case .disconnect(let peer, _) = $0 { peer } else { nil } } }
  fileprivate var logged: [String] {
    compactMap {
      switch $0 {
      case .log(let line): line.text
      default: nil
      }
    }
  }
  fileprivate var hasDrained: Bool { contains { if case .drained = $0 { true } else { false } } }
}
