import BaseStation
import Digests
import Logging
import MixtureOfExperts
import Radio
import Testing
import Transport
import WireProtocol

@Suite struct ExpertTests {
  @Test func `an expert with another model stays connected, unused, with both digests in the log and on the wire`() {
    var scene = Scene()
    scene.connect(0, Scene.hello(0, digest: Scene.otherDigest))
    let sent: [ProtocolError] = scene.directives.compactMap {
      if case .send(Scene.peer(0), .error(let error), _) = $0 { error } else { nil }
    }
    let logged: [String] = scene.directives.compactMap {
      if case .log(let line) = $0, line.level == .error { line.text } else { nil }
    }
    for text in sent.map(\.message) + logged {
      #expect(text.contains(Scene.digest.short) && text.contains(Scene.otherDigest.short))
    }
    #expect(sent.map(\.code) == [.wrongModel] && logged.count == 1)
    #expect(!scene.directives.contains { if case .disconnect = $0 { true } else { false } })
    #expect(!scene.logic.status(now: scene.now).canServe)
  }

  @Test func `an expert with another link clock is not mixed in, and serves when the others have gone`() {
    var scene = Scene()
    scene.connect(0)
    scene.connect(1, Scene.hello(1, clock: .wall))
    #expect(scene.logic.status(now: scene.now).experts.map(\.state) == [.up, .down])
    scene.directives += scene.logic.onExpertDisconnected(Scene.peer(0), reason: "killed", now: scene.now)
    #expect(scene.logic.status(now: scene.now).experts.map(\.state) == [.up])
  }

  private func drain(_ expert: Int, in scene: inout Scene) {
    scene.directives += scene.logic.onExpertGoaway(
      Goaway(reason: .shutdown, graceMicroseconds: 0), from: Scene.peer(expert), now: scene.now)
  }

  @Test func `an expert that was refused for its link clock does not impose it when it drains`() {
    var scene = Scene()
    scene.connect(0)
    scene.connect(1, Scene.hello(1, clock: .wall))
    drain(1, in: &scene)
    scene.directives += scene.logic.onExpertDisconnected(Scene.peer(0), reason: "killed", now: scene.now)
    scene.connect(2)
    #expect(scene.state(of: 1) == .draining && scene.state(of: 2) == .up)
  }

  @Test func `an expert that was refused for its link clock serves as soon as the others drain`() {
    var scene = Scene()
    scene.connect(0)
    scene.connect(1, Scene.hello(1, clock: .wall))
    drain(0, in: &scene)
    #expect(scene.state(of: 0) == .draining && scene.state(of: 1) == .up)
  }

  @Test func `an expert that was refused for its link clock serves as soon as the others hold another model`() {
    var scene = Scene()
    scene.connect(1)
    scene.connect(0, Scene.hello(0, clock: .wall))
    #expect(scene.state(of: 0) == .down)
    scene.hold(1, [Scene.otherDigest])
    #expect(scene.state(of: 0) == .up && scene.state(of: 1) == .down)
  }

  @Test func `an index beyond the model is refused`() {
    var scene = Scene()
    scene.connect(Scene.expertCount)
    #expect(scene.directives.contains { if case .disconnect = $0 { true } else { false } })
    #expect(scene.logic.status(now: scene.now).experts.isEmpty)
  }

  @Test func `of two connections of one node the newer generation wins`() {
    var scene = Scene.serving()
    scene.infer()
    scene.compute()
    _ = scene.takeDispatches()
    scene.connect(0, as: PeerID(50), Scene.hello(0, generation: 2))
    #expect(scene.directives.contains { if case .disconnect(Scene.peer(0), _) = $0 { true } else { false } })
    let told = scene.errors(to: Scene.peer(0))
    #expect(told.map(\.error.code) == [.superseded] && told.map(\.requestID) == [0])
    let sent1 = scene.takeDispatches()
    #expect(sent1.map(\.peer) == [Scene.peer(1)], "what the old one had goes on")
    scene.connect(0, as: PeerID(51), Scene.hello(0, generation: 1))
    #expect(scene.directives.contains { if case .disconnect(PeerID(51), _) = $0 { true } else { false } })
  }

  @Test func `a second connection of an expert that dials and is dialled is refused without ado`() {
    var scene = Scene.serving()
    scene.connect(0, as: PeerID(50), Scene.hello(0))
    #expect(scene.directives.contains { if case .disconnect(PeerID(50), _) = $0 { true } else { false } })
    #expect(
      scene.errors(to: PeerID(50)).map(\.error.message) == ["expert 0 (expert-0, test:0): it is connected already"])
    #expect(!scene.directives.contains { if case .log(let line) = $0 { line.level > .debug } else { false } })
    #expect(scene.state(of: 0) == .up)
  }

  @Test func `no expert takes over the node id of another one`() {
    var scene = Scene.serving()
    scene.connect(1, as: PeerID(50), Scene.hello(1, node: "expert-0", generation: 2))
    #expect(scene.directives.contains { if case .disconnect(PeerID(50), _) = $0 { true } else { false } })
    #expect(!scene.directives.contains { if case .disconnect(Scene.peer(0), _) = $0 { true } else { false } })
    let refusals: [ErrorCode] = scene.directives.compactMap {
      if case .send(PeerID(50), .error(let error), _) = $0 { error.code } else { nil }
    }
    #expect(refusals == [.unauthorised])
  }

  @Test func `of two processes of one expert the one with the better link gets the latent`() {
    var scene = Scene()
    scene.connect(0, as: PeerID(10), Scene.hello(0, node: "a"))
    scene.connect(0, as: PeerID(11), Scene.hello(0, node: "b"))
    scene.answerSubscriptions(snrDB: [PeerID(10): -5, PeerID(11): 5])
    scene.infer()
    scene.answerSubscriptions(snrDB: [PeerID(10): -5, PeerID(11): 5])
    scene.compute()
    let sent2 = scene.takeDispatches()
    #expect(sent2.map(\.peer) == [PeerID(11)])
  }

  @Test func `of two processes with equal links the one with less work gets the latent`() {
    var scene = Scene.serving()
    scene.connect(0, as: PeerID(11), Scene.hello(0, node: "b"))
    scene.answerSubscriptions()
    scene.infer(requestID: 1)
    scene.answerSubscriptions()
    scene.compute()
    let first = scene.takeDispatches()
    scene.infer(requestID: 2)
    scene.compute()
    let second = scene.takeDispatches()
    #expect(Set([first, second].flatMap { $0.map(\.peer) }) == [Scene.peer(0), PeerID(11)])
  }

  @Test func `over an ideal link nobody asks for link states`() {
    var scene = Scene { $0.link = .ideal }
    scene.connect(0)
    scene.infer()
    #expect(!scene.directives.contains { $0.isSubscription })
    guard case .compute(let batch) = scene.directives.first(where: \.isCompute) else {
      Issue.record("no batch")
      return
    }
    #expect(batch.linkStates == [.ideal, .unknown, .unknown])
    #expect(batch.eligible == [ExpertSet([0])])
  }

  @Test func `by the wall clock the newest report counts, and messages are numbered`() {
    var scene = Scene()
    for expert in 0..<3 { scene.connect(expert, Scene.hello(expert, clock: .wall)) }
    for snrDB: Float in [3, 4] {
      scene.directives += scene.logic.onReport(
        ChannelReport(clock: .wall, firstBlock: 9, snrDB: [snrDB]), from: Scene.peer(0), now: scene.now)
    }
    scene.infer(2)
    guard case .compute(let batch) = scene.directives.first(where: \.isCompute) else {
      Issue.record("no batch")
      return
    }
    #expect(batch.linkStates.prefix(3) == [.known(snrDB: 4), .unknown, .unknown])
    #expect(batch.tags == [0, 1])
  }

  @Test func `by the wall clock a report that comes with a reply counts like any other`() throws {
    var scene = Scene()
    scene.connect(0, Scene.hello(0, clock: .wall))
    scene.infer()
    scene.compute()
    let sent = try #require(scene.takeDispatches().first)
    scene.reply(to: sent, reports: [ChannelReport(clock: .wall, firstBlock: 9, snrDB: [4])])
    #expect(scene.logic.status(now: scene.now).experts.map(\.snrDB) == [4])
    scene.infer()
    guard case .compute(let batch) = scene.directives.first(where: \.isCompute) else {
      Issue.record("no batch")
      return
    }
    #expect(batch.linkStates.first == .known(snrDB: 4))
  }

  @Test func `a report that nobody asked for changes nothing`() {
    var scene = Scene.serving()
    let states = [Float](repeating: 99, count: 256)
    scene.directives += scene.logic.onReport(
      ChannelReport(clock: .request, firstBlock: 0, snrDB: states), from: Scene.peer(0), now: scene.now)
    scene.infer()
    guard case .compute(let batch) = scene.directives.first(where: \.isCompute) else {
      Issue.record("no batch")
      return
    }
    #expect(batch.linkStates.first == .known(snrDB: 20))
  }

  @Test func `status tells dialled addresses that are not connected`() {
    var scene = Scene()
    scene.logic.onDialling("a:1")
    scene.logic.onDialling("b:2")
    let isNews = (0..<2).map { _ in scene.logic.onDialFailed("b:2", reason: "refused") }
    #expect(isNews == [true, false])
    let experts = scene.logic.status(now: scene.now).experts
    #expect(experts.map(\.address) == ["a:1", "b:2"])
    #expect(experts.map(\.state) == [.connecting, .down])
  }

  @Test func `an expert that loads another model is told that it is not used any more`() {
    var scene = Scene.serving()
    scene.hold(1, [Scene.otherDigest])
    let told = scene.errors(to: Scene.peer(1))
    #expect(told.map(\.error.code) == [.wrongModel] && told.map(\.requestID) == [.max])
    #expect(scene.state(of: 1) == .down)
  }

  @Test func `an expert gets no more latents in one frame than it takes, and all of them`() {
    var scene = Scene()
    scene.connect(0, Scene.hello(0, maximumBatch: 3))
    scene.answerSubscriptions()
    _ = scene.takeDirectives()
    scene.infer(8)
    scene.answerSubscriptions()
    scene.compute()
    let sent = scene.takeDispatches()
    #expect(sent.map(\.latents.count) == [3, 3, 2])
    for dispatch in sent { scene.reply(to: dispatch) }
    #expect(scene.takeResults().map(\.expertsOfImages) == [Array(repeating: [0], count: 8)])
  }

  @Test func `no frame is larger than the expert takes`() {
    var scene = Scene { $0.maximumBatch = 256 }
    scene.connect(0, Scene.hello(0, maximumFrameBytes: 4096))
    scene.answerSubscriptions()
    scene.infer(256)
    scene.answerSubscriptions()
    while scene.directives.contains(where: \.isCompute) { scene.compute() }
    let frames = scene.directives.compactMap { directive in
      if case .dispatch(_, let dispatch) = directive { dispatch.frame(over: .analog) } else { nil }
    }
    #expect(frames.count > 1 && frames.allSatisfy { $0.count <= 4096 })
    #expect(frames.reduce(0) { $0 + ($1.batchCount ?? 0) } == 256)
  }

  @Test func `an expert whose frames a single latent does not fit is not used, and told why`() {
    var description = Scene.model
    description.latentCount = 1024
    var scene = Scene(model: description)
    scene.connect(0, Scene.hello(0, maximumFrameBytes: 4096))
    #expect(scene.errors(to: Scene.peer(0)).map(\.error.code) == [.tooLarge])
    #expect(scene.state(of: 0) == .down)
    scene.infer()
    #expect(scene.errorsToClient.map(\.code) == [.noExpert])
  }
}
