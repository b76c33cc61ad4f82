import BaseStation
import Logging
import Radio
import Testing
import Transport
import WireProtocol

@Suite struct HealthTests {
  /// Expert 0 answers a few images in 1 ms each, so that its usual time is known.
  private func habituated(_ change: (inout BaseStationConfiguration) -> Void = { _ in }) -> Scene {
    var scene = Scene.serving(change)
    for request in 0..<8 {
      scene.infer(requestID: 100 + UInt64(request))
      scene.compute()
      scene.now += 1_000_000
      for sent in scene.takeDispatches() { scene.reply(to: sent) }
    }
    _ = scene.takeResults()
    return scene
  }

  @Test func `an expert that is usually fast is suspect long before the longest time`() {
    var scene = habituated()
    scene.infer()
    scene.compute()
    _ = scene.takeDispatches()
    scene.advance(milliseconds: 100)
    let sent = scene.takeDispatches()
    #expect(sent.map(\.peer) == [Scene.peer(1)])
    #expect(scene.state(of: 0) == .suspect)
  }

  @Test func `a late reply that is not too late makes the expert up again`() {
    var scene = habituated()
    scene.infer()
    scene.compute()
    let late = scene.takeDispatches()
    scene.advance(milliseconds: 100)
    let second = scene.takeDispatches()
    scene.reply(to: late[0])
    #expect(scene.state(of: 0) == .up)
    #expect(scene.takeResults().isEmpty, "its latent is another's by now")
    scene.reply(to: second[0])
    let results = scene.takeResults()
    #expect(results.map(\.expertsOfImages) == [[[1]]])
  }

  @Test func `a suspect expert is probed after a pause, and the answer readmits it`() {
    var scene = habituated { $0.replyTimeout = 100_000_000 }
    scene.infer()
    scene.compute()
    scene.advance(milliseconds: 100)
    let sent = scene.takeDispatches()
    #expect(sent.map(\.peer) == [Scene.peer(0), Scene.peer(1)])
    scene.reply(to: sent[1])
    scene.advance(milliseconds: 100)
    let probes = scene.takeDispatches()
    #expect(probes.map(\.peer) == [Scene.peer(0)])
    #expect(probes.first?.latents.count == 1)
    _ = scene.takeResults()
    scene.reply(to: probes[0])
    #expect(scene.state(of: 0) == .up)
    #expect(scene.takeResults().isEmpty, "no client asked for it")
  }

  @Test func `a probe that is refused is not the last one`() throws {
    var (scene, probe) = try probing()
    scene.directives += scene.logic.onDispatchError(
      ProtocolError(.busy, "full"), id: probe.id, from: Scene.peer(0), now: scene.now)
    scene.advance(milliseconds: 300)
    let again = scene.takeDispatches()
    #expect(again.map(\.peer) == [Scene.peer(0)])
    scene.reply(to: try #require(again.first))
    #expect(scene.state(of: 0) == .up)
  }

  @Test func `an expert that fails its probes is asked more and more seldom`() {
    var scene = habituated { $0.replyTimeout = 100_000_000 }
    scene.infer()
    scene.compute()
    scene.advance(milliseconds: 100)
    for sent in scene.takeDispatches() where sent.peer != Scene.peer(0) { scene.reply(to: sent) }
    scene.advance(milliseconds: 20_000)
    let probes = scene.takeDispatches().filter { $0.peer == Scene.peer(0) }
    #expect((5...9).contains(probes.count), "\(probes.count) probes in 20 s")
    #expect(scene.state(of: 0) == .suspect)
  }

  @Test func `one failure is borne, several in a row are not`() {
    var scene = Scene.serving()
    for failure in 1...3 {
      scene.infer()
      scene.compute()
      scene.reply(to: scene.takeDispatches()[0], status: .failed)
      for sent in scene.takeDispatches() { scene.reply(to: sent) }
      #expect(scene.state(of: 0) == (failure < 3 ? .up : .suspect))
    }
    scene.infer()
    scene.compute()
    let sent = scene.takeDispatches()
    #expect(sent.map(\.peer) == [Scene.peer(1)])
  }

  @Test func `silence that this side has slept through is nobody's fault`() {
    var scene = habituated()
    scene.infer()
    scene.compute()
    let sent = scene.takeDispatches()
    scene.now += 10_000_000_000 / 4
    scene.directives += scene.logic.onTick(now: scene.now)
    #expect(scene.state(of: 0) == .up)
    scene.reply(to: sent[0])
    let results = scene.takeResults()
    #expect(results.map(\.expertsOfImages) == [[[0]]])
  }

  @Test func `a node that died under work has to prove itself when it is back`() {
    var scene = habituated()
    scene.directives += scene.logic.onExpertDisconnected(Scene.peer(0), reason: "killed", now: scene.now)
    scene.now += 200_000_000
    scene.connect(0, as: PeerID(50), Scene.hello(0, generation: 2))
    #expect(scene.state(of: 0) == .suspect)
    let probes = scene.takeDispatches()
    #expect(probes.map(\.peer) == [PeerID(50)])
    scene.reply(to: probes[0])
    #expect(scene.state(of: 0) == .up)
  }

  @Test func `retries stop where the budget ends, and the client is told to come back`() {
    var scene = Scene.serving {
      $0.retryBudget = 0
      $0.maximumWaitingImages = 2
    }
    for request in 0..<2 {
      scene.infer(2, requestID: UInt64(request))
      scene.compute()
      scene.reply(to: scene.takeDispatches()[0], status: .failed)
      for sent in scene.takeDispatches() { scene.reply(to: sent) }
    }
    let results = scene.takeResults()
    #expect(results.map(\.expertsOfImages) == [[[1], [1]], [nil, nil]])
    guard case .failed(let error) = results.last?.outcomes.first else {
      Issue.record("not failed")
      return
    }
    #expect(error.code == .busy && error.retryAfterMicroseconds > 0)
    #expect(scene.counter("retries") == 2 && scene.counter("retries_refused") == 2)
  }

  @Test func `an expert whose digital link loses what its reports promise is left alone`() {
    var scene = Scene.serving { $0.link = .digital }
    var asked: [PeerID] = []
    for _ in 0..<60 {
      scene.infer()
      scene.answerSubscriptions()
      scene.compute()
      while let sent = scene.takeDispatches().first {
        asked.append(sent.peer)
        scene.reply(to: sent, status: sent.peer == Scene.peer(0) ? .lost : .ok)
      }
      scene.now += 1_000_000
    }
    let results = scene.takeResults()
    #expect(results.map(\.expertsOfImages) == Array(repeating: [[1]], count: 60))
    #expect(scene.state(of: 0) == .suspect)
    #expect((10...40).contains(asked.count { $0 == Scene.peer(0) }))
  }

  @Test func `replies that are overdue together open the breaker once`() {
    var scene = habituated {
      $0.replyTimeout = 100_000_000
      $0.maximumConcurrentBatches = 64
    }
    // Nine frames, all to expert 0.
    for request in 0..<9 {
      scene.infer(requestID: UInt64(request))
      scene.compute()
    }
    scene.advance(milliseconds: 100)
    for sent in scene.takeDispatches() where sent.peer != Scene.peer(0) { scene.reply(to: sent) }
    scene.advance(milliseconds: 150)
    let probes = scene.takeDispatches()
    #expect(probes.map(\.peer) == [Scene.peer(0)], "after the first pause, not the ninth")
  }

  @Test func `an answer that was under way when the expert became suspect does not readmit it`() {
    var scene = habituated { $0.maximumConcurrentBatches = 64 }
    for request in 0..<4 {
      scene.infer(requestID: UInt64(request))
      scene.compute()
    }
    let sent = scene.takeDispatches()
    for dispatch in sent.prefix(3) { scene.reply(to: dispatch, status: .failed) }
    #expect(scene.state(of: 0) == .suspect)
    scene.reply(to: sent[3])
    #expect(scene.state(of: 0) == .suspect, "it has to prove itself")
  }

  @Test func `an expert whose reports lie is left alone for 5 s, also if it is late`() throws {
    var scene = habituated {
      $0.link = .digital
      $0.maximumConcurrentBatches = 64
    }
    scene.infer()
    scene.compute()
    let late = try #require(scene.takeDispatches().first)
    scene.now += 60_000_000
    for request in 0..<30 as Range<UInt64> {
      scene.infer(requestID: 1000 + request)
      scene.compute()
    }
    let lost = scene.takeDispatches()
    scene.advance(milliseconds: 50)
    #expect(scene.state(of: 0) == .suspect, "its first reply is overdue")
    for sent in lost { scene.reply(to: sent, status: .lost) }
    for sent in scene.takeDispatches() { scene.reply(to: sent) }
    scene.reply(to: late)
    #expect(scene.state(of: 0) == .suspect, "a reply that is not too late does not clear it of lies")
    scene.advance(milliseconds: 4900)
    #expect(scene.takeDispatches().isEmpty && scene.state(of: 0) == .suspect)
    scene.advance(milliseconds: 200)
    scene.reply(to: try #require(scene.takeDispatches().first))
    #expect(scene.state(of: 0) == .up)
  }

  @Test func `losses that the reports explain are held against nobody`() {
    var scene = Scene { $0.link = .digital }
    for expert in 0..<Scene.expertCount { scene.connect(expert) }
    scene.answerSubscriptions(snrDB: [Scene.peer(0): 3])
    for _ in 0..<60 {
      scene.infer()
      scene.answerSubscriptions(snrDB: [Scene.peer(0): 3])
      scene.compute()
      while let sent = scene.takeDispatches().first {
        scene.reply(to: sent, status: sent.peer == Scene.peer(0) ? .lost : .ok)
      }
    }
    #expect(scene.state(of: 0) == .up)
  }

  @Test func `with the retry budget spent, what other experts of an image say is enough`() {
    var scene = Scene.serving {
      $0.topK = 2
      $0.retryBudget = 0
      $0.maximumWaitingImages = 1
    }
    // The reserve is one latent.
    scene.infer(requestID: 1)
    scene.compute()
    scene.reply(to: scene.takeDispatches()[0], status: .failed)
    for sent in scene.takeDispatches() { scene.reply(to: sent) }
    scene.infer(requestID: 2)
    scene.compute()
    let sent = scene.takeDispatches()
    scene.reply(to: sent[0], status: .failed)
    #expect(scene.counter("retries_refused") == 1)
    #expect(scene.counter("failed_images") == 0, "the other expert is still at it")
    _ = scene.takeResults()
    scene.reply(to: sent[1])
    #expect(scene.takeResults().map(\.expertsOfImages) == [[[1]]])
  }

  /// Expert 0 is suspect and has a probe of the first model under way.
  private func probing() throws -> (scene: Scene, probe: SentDispatch) {
    var scene = habituated { $0.replyTimeout = 100_000_000 }
    scene.infer()
    scene.compute()
    scene.advance(milliseconds: 100)
    for sent in scene.takeDispatches() where sent.peer != Scene.peer(0) { scene.reply(to: sent) }
    scene.advance(milliseconds: 100)
    let probe = try #require(scene.takeDispatches().first)
    _ = scene.takeDirectives()
    return (scene, probe)
  }

  @Test func `a probe that is answered by another model's outputs is not the last one`() throws {
    var (scene, probe) = try probing()
    scene.reply(to: probe, digest: Scene.otherDigest)
    #expect(scene.state(of: 0) == .suspect)
    scene.advance(milliseconds: 300)
    let again = scene.takeDispatches()
    #expect(again.map(\.peer) == [Scene.peer(0)])
    scene.reply(to: try #require(again.first))
    #expect(scene.state(of: 0) == .up)
  }

  @Test func `a probe whose model has gone meanwhile is sent again, of the served one`() throws {
    var (scene, probe) = try probing()
    scene.hold(0, [Scene.otherDigest, Scene.digest])
    scene.switchModel()
    scene.infer()
    scene.compute()
    let others = scene.takeDispatches()
    #expect(others.map(\.peer) == [Scene.peer(1)])
    scene.reply(to: probe)
    let again = scene.takeDispatches()
    #expect(again.map(\.peer) == [Scene.peer(0)])
    scene.reply(to: try #require(again.first), digest: Scene.otherDigest)
    #expect(scene.state(of: 0) == .up)
  }

  @Test func `what an expert says to latents of a model that has gone is not held against it`() {
    for answers in [true, false] {
      var scene = habituated()
      for request in 0..<UInt64(6) {
        scene.infer(requestID: request)
        scene.compute()
        scene.directives += scene.logic.onCancel(requestID: request, from: Scene.client, now: scene.now)
      }
      let sent = scene.takeDispatches()
      scene.hold(0, [Scene.otherDigest])
      scene.switchModel()
      _ = scene.takeDirectives()
      for dispatch in sent {
        if answers {
          scene.reply(to: dispatch)
        } else {
          scene.directives += scene.logic.onDispatchError(
            ProtocolError(.wrongModel, "let go"), id: dispatch.id, from: dispatch.peer, now: scene.now)
        }
      }
      #expect(scene.state(of: 0) == .up)
      #expect(!scene.directives.contains { if case .log(let line) = $0 { line.level >= .warning } else { false } })
    }
  }

  @Test func `an expert owes what it has not answered, however much it has answered since`() throws {
    var scene = habituated {
      $0.link = .ideal
      $0.replyTimeout = 1_000_000_000
    }
    scene.infer()
    scene.compute()
    let owed = try #require(scene.takeDispatches().first)
    for request in 0..<300 as Range<UInt64> {
      scene.infer(requestID: request)
      scene.compute()
      for sent in scene.takeDispatches() { scene.reply(to: sent) }
    }
    scene.advance(milliseconds: 1000)
    #expect(scene.state(of: 0) == .suspect)
    #expect(!scene.directives.contains { if case .disconnect = $0 { true } else { false } })
    scene.reply(to: owed)
    #expect(scene.state(of: 0) == .up)
  }

  @Test func `an expert that owes too many replies loses its connection, once`() {
    var scene = habituated {
      $0.link = .ideal
      $0.replyTimeout = 1_000_000_000
    }
    for request in 0..<257 as Range<UInt64> {
      scene.infer(requestID: request)
      scene.compute()
    }
    scene.advance(milliseconds: 100)
    let disconnected = scene.directives.compactMap { if case .disconnect(let peer, _) = $0 { peer } else { nil } }
    #expect(disconnected == [Scene.peer(0)])
  }

  @Test func `what clients report is not what operators are told of`() {
    var scene = Scene.serving()
    let error = ProtocolError(.internalError, "spam")
    scene.directives += scene.logic.onDispatchError(error, id: 77, from: Scene.client, now: scene.now)
    scene.directives += scene.logic.onDispatchError(error, id: 77, from: Scene.peer(1), now: scene.now)
    let lines = scene.directives.compactMap { if case .log(let line) = $0 { line } else { nil } }
    #expect(lines.map(\.level) == [.debug, .warning])
    #expect(lines.last?.text.contains("expert 1 (expert-1, test:1)") == true)
  }
}
