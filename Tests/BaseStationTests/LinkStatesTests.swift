import BaseStation
import MixtureOfExperts
import Radio
import Testing
import Transport
import WireProtocol

@Suite struct LinkStatesTests {
  /// One block in each of so many windows of 256, far from each other.
  private func scattered(_ count: Int, from first: UInt64 = 1000) -> Infer.Blocks {
    .each((0..<UInt64(count)).map { (first + 2 * $0) * 256 })
  }

  @Test func `a request whose blocks lie too far apart is refused, with how far they may`() {
    var scene = Scene.serving { $0.maximumBatch = 1024 }
    scene.infer(65, blocks: scattered(65))
    #expect(scene.errorsToClient.map(\.code) == [.badRequest])
    #expect(scene.errorsToClient.first?.message.contains("at most 64 windows of 256 blocks, received 65") == true)
    #expect(!scene.directives.contains { $0.isSubscription })
    scene.infer(1024, requestID: 8, blocks: .from(1_000_000))
    #expect(scene.errorsToClient.count == 1, "many images in few windows are no burden")
  }

  @Test func `requests in hand keep the link states that they need, however many others come`() {
    var scene = Scene.serving()
    var asked = 0
    // The last expert reports last: the first two wait with all that they know until then.
    for request in 0..<3 as Range<UInt64> {
      scene.infer(64, requestID: request, blocks: scattered(64, from: 1000 * (request + 1)))
    }
    scene.infer(requestID: 3, blocks: .from(9_999_999))
    #expect(scene.errorsToClient.map(\.code) == [.busy], "no more windows than these at a time")
    while scene.directives.contains(where: \.isSubscription) {
      asked += scene.directives.count { $0.isSubscription }
      scene.answerSubscriptions()
    }
    // 64 windows a request and the one behind, of each expert, once.
    #expect(asked == 3 * 65 * Scene.expertCount)
    let states = scene.directives.flatMap { directive -> [LinkState] in
      if case .compute(let batch) = directive { batch.linkStates } else { [] }
    }
    #expect(!states.isEmpty && states.allSatisfy { $0 == .known(snrDB: 20) })
    scene.advance(milliseconds: 500)
    #expect(scene.logic.status(now: scene.now).experts.map(\.state) == [.up, .up, .up])
    while scene.directives.contains(where: { $0.isCompute || $0.isDispatch }) {
      scene.compute()
      for sent in scene.takeDispatches() { scene.reply(to: sent) }
    }
    #expect(scene.takeResults().map(\.outcomes.count).sorted() == [64, 64, 64])
    scene.infer(requestID: 4, blocks: .from(9_999_999))
    #expect(scene.errorsToClient.count == 1, "what is answered needs nothing any more")
  }

  @Test func `what a waiting request needs is not forgotten for others that come and go`() {
    var scene = Scene.serving()
    scene.infer(64, requestID: 1, blocks: scattered(64, from: 10_000))
    // Expert 2 takes its time with these, the others have told them.
    let withheld = scene.directives.filter { if case .send(Scene.peer(2), .subscribe, _) = $0 { true } else { false } }
    scene.directives.removeAll { if case .send(Scene.peer(2), .subscribe, _) = $0 { true } else { false } }
    scene.answerSubscriptions()
    for window in 1...200 as ClosedRange<UInt64> {
      scene.infer(requestID: 1 + window, blocks: .from(window * 512))
      scene.answerSubscriptions()
      scene.compute()
      for sent in scene.takeDispatches() { scene.reply(to: sent) }
    }
    #expect(scene.takeResults().count == 200)
    scene.directives = withheld
    while let place = scene.directives.firstIndex(where: \.isSubscription) {
      guard case .send(let peer, .subscribe(let window), _) = scene.directives.remove(at: place) else { break }
      // The window behind was asked for in advance alone, and may have been forgotten.
      let isAhead = window.firstBlock == (10_000 + 2 * 63 + 1) * 256
      #expect(peer == Scene.peer(2) || isAhead, "the others have told all of it already")
      let report = ChannelReport(
        clock: .request, firstBlock: window.firstBlock, snrDB: [Float](repeating: 20, count: Int(window.count)))
      scene.directives += scene.logic.onReport(report, from: peer, now: scene.now)
    }
    #expect(scene.directives.contains { $0.isCompute })
  }

  @Test func `states that were forgotten for others are asked for again`() {
    var scene = Scene.serving()
    for window in 0..<300 as Range<UInt64> {
      scene.infer(requestID: window, blocks: .from(window * 512))
      scene.answerSubscriptions()
      scene.compute()
      for sent in scene.takeDispatches() { scene.reply(to: sent) }
    }
    _ = scene.takeResults()
    scene.infer(requestID: 1000, blocks: .from(512))
    #expect(scene.directives.contains { $0.isSubscription })
    scene.answerSubscriptions()
    scene.compute()
    #expect(scene.takeDispatches().count == 1)
  }

  @Test func `the last blocks of all have link states like any other`() {
    var scene = Scene.serving()
    scene.infer(blocks: .from(.max))
    let asked: [UInt64] = scene.directives.compactMap {
      if case .send(Scene.peer(0), .subscribe(let window), _) = $0 { window.firstBlock } else { nil }
    }
    #expect(asked == [.max - 255])
    scene.answerSubscriptions()
    let states = scene.directives.flatMap { directive -> [LinkState] in
      if case .compute(let batch) = directive { batch.linkStates } else { [] }
    }
    #expect(states == [LinkState](repeating: .known(snrDB: 20), count: Scene.expertCount))
  }

  @Test func `an expert is not blamed for what it was asked a moment ago`() {
    var scene = Scene.serving()
    scene.infer(blocks: .from(1_000_000))
    scene.directives.removeAll { if case .send(Scene.peer(0), .subscribe, _) = $0 { true } else { false } }
    scene.answerSubscriptions()
    scene.advance(milliseconds: 200)
    scene.connect(1, as: PeerID(60), Scene.hello(1, node: "replica"))
    let unanswered = scene.directives.count { $0.isSubscription }
    #expect(unanswered > 0)
    scene.advance(milliseconds: 100)
    let left: [PeerID] = scene.directives.compactMap { if case .disconnect(let peer, _) = $0 { peer } else { nil } }
    #expect(left == [Scene.peer(0)])
    scene.answerSubscriptions()
    #expect(scene.directives.contains { $0.isCompute })
  }
}
