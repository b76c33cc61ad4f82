import BaseStation
import Testing
import Transport
import WireProtocol

@Suite struct FailureTests {
  @Test func `when an expert dies its latents go to the next-best expert with the same block and tag`() {
    var scene = Scene.serving()
    scene.infer(2)
    scene.compute(logits: [1, 3, 2])
    let lost = scene.takeDispatches()
    scene.directives += scene.logic.onExpertDisconnected(Scene.peer(1), reason: "killed", now: scene.now)
    let sent = scene.takeDispatches()
    #expect(sent.map(\.peer) == [Scene.peer(2)])
    #expect(sent.first?.latents.map(\.item) == lost.first?.latents.map(\.item))
    scene.reply(to: sent[0])
    let results1 = scene.takeResults()
    #expect(results1.first?.expertsOfImages == [[2], [2]])
  }

  @Test func `an expert that came up after an image was routed is asked, too, when the image's own has failed`() {
    var scene = Scene()
    scene.connect(0)
    scene.infer()
    scene.answerSubscriptions()
    scene.compute()
    #expect(scene.takeDispatches().map(\.peer) == [Scene.peer(0)])
    scene.connect(1)
    scene.directives += scene.logic.onExpertDisconnected(Scene.peer(0), reason: "killed", now: scene.now)
    #expect(scene.answerAll().map(\.expertsOfImages) == [[[1]]])
    #expect(scene.counter("retries") == 1)
  }

  @Test func `an expert that does not reply in time is suspect, and its late reply changes no result`() {
    var scene = Scene.serving { $0.replyTimeout = 250_000_000 }
    scene.infer()
    scene.compute()
    let late = scene.takeDispatches()
    scene.advance(milliseconds: 260)
    let second = scene.takeDispatches()
    #expect(second.map(\.peer) == [Scene.peer(1)])
    #expect(scene.logic.status(now: scene.now).experts.map(\.state) == [.suspect, .up, .up])
    scene.reply(to: second[0], output: [0, 1])
    let results2 = scene.takeResults()
    #expect(results2.first?.expertsOfImages == [[1]])
    scene.reply(to: late[0], output: [1, 0])
    let results3 = scene.takeResults()
    #expect(results3.isEmpty)
    #expect(scene.state(of: 0) == .suspect, "slower than any may be, it has to prove itself")
  }

  @Test(arguments: [
    ([Float.nan, 0], Reply.Status.ok), ([.infinity, 0], .ok), ([0, 1], .failed), ([0, 1], .deadlineExceeded),
    ([0, 1], .lost),
  ])
  func `an output that is none sends the latent on`(output: [Float], status: Reply.Status) {
    var scene = Scene.serving()
    scene.infer()
    scene.compute()
    scene.reply(to: scene.takeDispatches()[0], output: output, status: status)
    let sent = scene.takeDispatches()
    #expect(sent.map(\.peer) == [Scene.peer(1)])
    scene.reply(to: sent[0])
    let results4 = scene.takeResults()
    #expect(results4.first?.expertsOfImages == [[1]])
  }

  @Test func `no two questions to experts have the same number, and none has that of the whole connection`() {
    var scene = Scene()
    for expert in 0..<Scene.expertCount { scene.connect(expert) }
    scene.answerSubscriptions()
    scene.infer(blocks: .from(5000))
    let subscriptions: [UInt64] = scene.directives.compactMap {
      if case .send(_, .subscribe, let requestID) = $0 { requestID } else { nil }
    }
    scene.answerSubscriptions()
    scene.compute()
    let ids = subscriptions + scene.takeDispatches().map(\.id)
    #expect(ids.count > 1 && Set(ids).count == ids.count)
    #expect(!ids.contains(0))
  }

  @Test func `an image whose time is up goes to no other expert and costs no retry`() {
    var scene = Scene.serving()
    scene.infer(deadline: 20_000)
    scene.compute()
    let sent = scene.takeDispatches()
    scene.now += 25_000_000
    scene.directives += scene.logic.onDispatchError(
      ProtocolError(.deadlineExceeded, "too late"), id: sent[0].id, from: sent[0].peer, now: scene.now)
    #expect(scene.takeDispatches().isEmpty)
    #expect(scene.counter("retries") == 0 && scene.counter("retries_refused") == 0)
    scene.directives += scene.logic.onTick(now: scene.now)
    #expect(scene.errorsToClient.map(\.code) == [.deadlineExceeded])
  }

  @Test func `an image whose time is up together with its expert's, or that is late enough to hedge, only ends`() {
    var scene = Scene.serving {
      $0.replyTimeout = 20_000_000
      $0.minimumReplyTimeout = 20_000_000
      $0.hedgeBudget = 1
    }
    scene.learnPace(nanosecondsPerImage: 1)
    _ = scene.takeDirectives()
    scene.infer(deadline: 20_000)
    scene.compute()
    _ = scene.takeDispatches()
    scene.now += 25_000_000
    scene.directives += scene.logic.onTick(now: scene.now)
    #expect(scene.takeDispatches().isEmpty)
    #expect(scene.directives.count { $0.isCancel } == 1, "its expert is told once")
    #expect(scene.errorsToClient.map(\.code) == [.deadlineExceeded])
    #expect(scene.counter("retries") == 0 && scene.counter("hedges") == 0)
    #expect(scene.state(of: 0) == .suspect)
  }

  @Test func `an image whose time is up when the backbone has run goes to no expert`() {
    var scene = Scene.serving()
    scene.infer(deadline: 20_000)
    scene.now += 25_000_000
    scene.compute()
    #expect(scene.takeDispatches().isEmpty)
    #expect(scene.takeResults().isEmpty, "that its time is up is told by the tick")
  }

  @Test func `an expert that refuses a dispatch is passed over`() {
    var scene = Scene.serving()
    scene.infer()
    scene.compute()
    let sent = scene.takeDispatches()
    scene.directives += scene.logic.onDispatchError(
      ProtocolError(.busy, "full"), id: sent[0].id, from: sent[0].peer, now: scene.now)
    let sent5 = scene.takeDispatches()
    #expect(sent5.map(\.peer) == [Scene.peer(1)])
  }

  @Test func `a reply of the wrong size is an expert's failure, not the image's`() {
    var scene = Scene.serving()
    scene.infer(2)
    scene.compute()
    let sent = scene.takeDispatches()
    let items = [Reply.Item(status: .ok, snrDB: 1, block: 0)]
    scene.directives += scene.logic.onReply(
      Reply(
        modelDigest: Scene.digest, outputCount: 2, queueDepth: 0, computeMicroseconds: 0, items: items,
        outputs: FloatPayload([0, 1])),
      id: sent[0].id, from: sent[0].peer, now: scene.now)
    let sent6 = scene.takeDispatches()
    #expect(sent6.map(\.peer) == [Scene.peer(1)])
  }

  @Test func `a reply that answers another expert's dispatch is ignored`() {
    var scene = Scene.serving()
    scene.infer()
    scene.compute()
    let sent = scene.takeDispatches()
    scene.reply(to: sent[0], from: Scene.peer(2))
    let results7 = scene.takeResults()
    #expect(results7.isEmpty)
    scene.reply(to: sent[0])
    let results8 = scene.takeResults()
    #expect(results8.count == 1)
  }

  @Test func `when every expert has failed the image fails and the others of the request do not`() {
    var scene = Scene.serving()
    scene.infer(requestID: 1)
    scene.compute()
    for _ in 0..<Scene.expertCount {
      guard let sent = scene.takeDispatches().first else {
        Issue.record("no dispatch")
        return
      }
      scene.reply(to: sent, status: .failed)
    }
    let results = scene.takeResults()
    #expect(results.first?.expertsOfImages == [nil])
    guard case .failed(let error) = results.first?.outcomes.first else { return }
    #expect(error.code == .noExpert && error.isRetryable)
  }

  @Test func `with top-2 the outputs of both experts are combined in the order of the experts`() {
    var scene = Scene.serving { $0.topK = 2 }
    scene.infer()
    scene.compute(logits: [1, 2, 3])
    let sent = scene.takeDispatches()
    #expect(Set(sent.map(\.peer)) == [Scene.peer(1), Scene.peer(2)])
    scene.reply(to: sent[1])
    let results9 = scene.takeResults()
    #expect(results9.isEmpty)
    scene.reply(to: sent[0])
    let results10 = scene.takeResults()
    #expect(results10.first?.expertsOfImages == [[1, 2]])
  }

  @Test func `with top-2 and one expert left that one decides alone`() {
    var scene = Scene.serving { $0.topK = 2 }
    for expert in 0..<2 {
      scene.directives += scene.logic.onExpertDisconnected(Scene.peer(expert), reason: "killed", now: scene.now)
    }
    scene.infer()
    scene.compute()
    let sent = scene.takeDispatches()
    #expect(sent.map(\.peer) == [Scene.peer(2)])
    scene.reply(to: sent[0])
    let results11 = scene.takeResults()
    #expect(results11.first?.expertsOfImages == [[2]])
  }

  @Test func `a draining expert gets no new work and finishes what it has`() {
    var scene = Scene.serving()
    scene.infer(requestID: 1)
    scene.compute()
    let before = scene.takeDispatches()
    scene.directives += scene.logic.onExpertGoaway(
      Goaway(reason: .shutdown, graceMicroseconds: 0), from: Scene.peer(0), now: scene.now)
    scene.infer(requestID: 2)
    scene.compute()
    let sent12 = scene.takeDispatches()
    #expect(sent12.map(\.peer) == [Scene.peer(1)])
    scene.reply(to: before[0])
    let results13 = scene.takeResults()
    #expect(results13.first?.expertsOfImages == [[0]])
  }
}
