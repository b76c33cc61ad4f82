import BaseStation
import Digests
import MixtureOfExperts
import Testing
import Transport
import WireProtocol

@Suite struct ReloadTests {
  private static let operatorPeer = PeerID(200)

  private func answersToOperator(_ scene: Scene) -> [Message] {
    scene.directives.compactMap { if case .send(Self.operatorPeer, let message, _) = $0 { message } else { nil } }
  }

  @Test func `the base station switches when every expert index has the new model, and not before`() {
    var scene = Scene.serving()
    scene.infer(requestID: 1)
    scene.compute()
    let old = scene.takeDispatches()
    scene.directives += scene.logic.onReload(from: Self.operatorPeer, requestID: 9)
    #expect(scene.directives.contains { if case .loadModel = $0 { true } else { false } })
    scene.directives += scene.logic.onModelLoaded(
      .success(ServedModel(number: 1, description: Scene.model, digest: Scene.otherDigest)), now: scene.now)
    #expect(scene.reloadsAsked.map(\.peer) == (0..<3).map(Scene.peer))
    for expert in 0..<3 {
      #expect(scene.logic.model.digest == Scene.digest)
      scene.hold(expert, [Scene.otherDigest, Scene.digest])
    }
    #expect(scene.logic.model.digest == Scene.otherDigest)
    #expect(answersToOperator(scene) == [.reloaded(Reloaded(modelDigest: Scene.otherDigest))])
    #expect(scene.directives.contains { if case .announce(to: .clients) = $0 { true } else { false } })
    #expect(!scene.directives.contains { if case .announce(to: .experts) = $0 { true } else { false } })
    #expect(!scene.directives.contains { if case .retire = $0 { true } else { false } }, "a request needs it")

    scene.infer(requestID: 2)
    scene.compute()
    let models = scene.directives.compactMap {
      if case .dispatch(_, let dispatch) = $0 { dispatch.model.digest } else { nil }
    }
    #expect(models == [Scene.otherDigest])
    scene.reply(to: old[0])
    let results = scene.takeResults()
    #expect(results.map(\.modelDigest) == [Scene.digest], "begun with the old one, ended with it")
    #expect(scene.directives.contains { if case .retire(model: 0) = $0 { true } else { false } })
    #expect(
      scene.directives.contains { if case .announce(to: .experts) = $0 { true } else { false } },
      "now they may let it go, too")
  }

  @Test func `a reload that experts do not follow is given up, and they are named`() {
    var scene = Scene.serving { $0.reloadTimeout = 1_000_000_000 }
    scene.directives += scene.logic.onReload(from: Self.operatorPeer, requestID: 9)
    scene.directives += scene.logic.onModelLoaded(
      .success(ServedModel(number: 1, description: Scene.model, digest: Scene.otherDigest)), now: scene.now)
    scene.hold(1, [Scene.otherDigest, Scene.digest])
    scene.advance(milliseconds: 1000)
    guard case .error(let error) = answersToOperator(scene).first else {
      Issue.record("no error")
      return
    }
    #expect(error.message.hasSuffix(": 0, 2"))
    #expect(scene.logic.model.digest == Scene.digest)
    #expect(scene.directives.contains { if case .retire(model: 1) = $0 { true } else { false } })
  }

  @Test func `an expert that had the model and lets it go is asked to load it`() {
    var scene = Scene.serving()
    scene.hold(2, [Scene.digest, Scene.otherDigest])
    scene.directives += scene.logic.onReload(from: nil, requestID: 0)
    scene.directives += scene.logic.onModelLoaded(
      .success(ServedModel(number: 1, description: Scene.model, digest: Scene.otherDigest)), now: scene.now)
    _ = scene.takeDirectives()
    scene.hold(2, [Scene.digest])
    #expect(scene.reloadsAsked.map(\.peer) == [Scene.peer(2)])
  }

  @Test func `a model of another kind is refused`() {
    var scene = Scene.serving()
    var other = Scene.model
    other.classLabels = ["cat", "dog"]
    scene.directives += scene.logic.onReload(from: Self.operatorPeer, requestID: 9)
    scene.directives += scene.logic.onModelLoaded(
      .success(ServedModel(number: 1, description: other, digest: Scene.otherDigest)), now: scene.now)
    guard case .error(let error) = answersToOperator(scene).first else {
      Issue.record("no error")
      return
    }
    #expect(error.code == .badRequest && error.message.contains("class labels"))
    #expect(scene.logic.model.digest == Scene.digest)
  }

  @Test func `a folder that cannot be read changes nothing`() {
    var scene = Scene.serving()
    scene.directives += scene.logic.onReload(from: Self.operatorPeer, requestID: 9)
    scene.directives += scene.logic.onModelLoaded(
      .failure(ProtocolError(.internalError, "reload: model.json: not there")), now: scene.now)
    guard case .error(let error) = answersToOperator(scene).first else {
      Issue.record("no error")
      return
    }
    #expect(error.message.contains("model.json"))
    scene.infer()
    #expect(scene.errorsToClient.isEmpty)
  }

  @Test func `the same model again is an answer, not a change`() {
    var scene = Scene.serving()
    scene.directives += scene.logic.onReload(from: Self.operatorPeer, requestID: 9)
    scene.directives += scene.logic.onModelLoaded(
      .success(ServedModel(number: 1, description: Scene.model, digest: Scene.digest)), now: scene.now)
    #expect(answersToOperator(scene) == [.reloaded(Reloaded(modelDigest: Scene.digest))])
    #expect(!scene.directives.contains { if case .announce(_) = $0 { true } else { false } })
  }

  @Test func `the same model again has an expert that holds another one load it`() {
    var scene = Scene.serving()
    scene.hold(2, [Scene.otherDigest])
    #expect(scene.logic.status(now: scene.now).experts.count { $0.state != .up } == 1)
    scene.directives += scene.logic.onReload(from: Self.operatorPeer, requestID: 9)
    scene.directives += scene.logic.onModelLoaded(
      .success(ServedModel(number: 1, description: Scene.model, digest: Scene.digest)), now: scene.now)
    #expect(scene.reloadsAsked.map(\.peer) == [Scene.peer(2)])
    #expect(answersToOperator(scene) == [.reloaded(Reloaded(modelDigest: Scene.digest))])
    scene.hold(2, [Scene.digest])
    #expect(scene.logic.status(now: scene.now).experts.allSatisfy { $0.state == .up })
  }

  @Test func `experts that hold only the new model wait for the switch and then serve`() {
    var scene = Scene.serving()
    scene.connect(0, as: PeerID(60), Scene.hello(0, node: "replica", digest: Scene.otherDigest))
    #expect(scene.logic.status(now: scene.now).experts.map(\.state) == [.up, .down, .up, .up])
    scene.directives += scene.logic.onReload(from: nil, requestID: 0)
    scene.directives += scene.logic.onModelLoaded(
      .success(ServedModel(number: 1, description: Scene.model, digest: Scene.otherDigest)), now: scene.now)
    for expert in 0..<3 {
      scene.hold(expert, [Scene.otherDigest])
    }
    #expect(scene.logic.model.digest == Scene.otherDigest)
    #expect(scene.logic.status(now: scene.now).experts.map(\.state) == [.up, .up, .up, .up])
  }

  /// Experts 0 and 1 have the new model, expert 2 has not.
  private func waitingForExpert2(reloadTimeout: UInt64 = 60_000_000_000) -> Scene {
    var scene = Scene.serving { $0.reloadTimeout = reloadTimeout }
    scene.directives += scene.logic.onReload(from: Self.operatorPeer, requestID: 9)
    scene.directives += scene.logic.onModelLoaded(
      .success(ServedModel(number: 1, description: Scene.model, digest: Scene.otherDigest)), now: scene.now)
    for expert in 0..<2 { scene.hold(expert, [Scene.otherDigest, Scene.digest]) }
    return scene
  }

  @Test(arguments: ["gone", "draining", "suspect"])
  func `nobody waits for an expert that takes no more work`(_ how: String) {
    var scene = waitingForExpert2()
    #expect(scene.logic.model.digest == Scene.digest)
    switch how {
    case "gone":
      scene.directives += scene.logic.onExpertDisconnected(Scene.peer(2), reason: "killed", now: scene.now)
    case "draining":
      scene.directives += scene.logic.onExpertGoaway(
        Goaway(reason: .shutdown, graceMicroseconds: 0), from: Scene.peer(2), now: scene.now)
    default:
      scene.infer()
      scene.compute(logits: [1, 2, 3])
      scene.advance(milliseconds: 300)
      #expect(scene.state(of: 2) != .up)
    }
    #expect(scene.logic.model.digest == Scene.otherDigest)
    #expect(answersToOperator(scene) == [.reloaded(Reloaded(modelDigest: Scene.otherDigest))])
  }

  @Test(arguments: [false, true])
  func `an expert that has only the model that is let go is told that it is not used any more`(isNeeded: Bool) {
    var scene = Scene.serving()
    if isNeeded {
      scene.infer()
      scene.compute()
    }
    // Back from its death it is suspect, so that nobody waits for it.
    scene.directives += scene.logic.onExpertDisconnected(Scene.peer(2), reason: "killed", now: scene.now)
    scene.connect(2, Scene.hello(2, generation: 2))
    scene.directives += scene.logic.onReload(from: nil, requestID: 0)
    scene.directives += scene.logic.onModelLoaded(
      .success(ServedModel(number: 1, description: Scene.model, digest: Scene.otherDigest)), now: scene.now)
    for expert in 0..<2 { scene.hold(expert, [Scene.otherDigest, Scene.digest]) }
    #expect(scene.logic.model.digest == Scene.otherDigest)
    if isNeeded {
      #expect(scene.state(of: 2) == .suspect, "a request needs the old model")
      #expect(scene.answerAll().count == 1)
    }
    #expect(scene.state(of: 2) == .down)
    #expect(scene.errors(to: Scene.peer(2)).map(\.error.code) == [.wrongModel])
    scene.advance(milliseconds: 200)
    #expect(scene.state(of: 2) == .down)
    scene.hold(2, [Scene.otherDigest])
    scene.advance(milliseconds: 50)
    #expect(scene.state(of: 2) == .up)
  }

  @Test func `an expert that has only the model of a reload that is given up is not used`() throws {
    var scene = waitingForExpert2(reloadTimeout: 1_000_000_000)
    scene.hold(0, [Scene.otherDigest])
    #expect(scene.state(of: 0) == .up)
    scene.advance(milliseconds: 1000)
    #expect(scene.logic.model.digest == Scene.digest)
    #expect(scene.state(of: 0) == .down)
    #expect(scene.errors(to: Scene.peer(0)).map(\.error.code) == [.wrongModel])
  }

  @Test func `an expert whose folder has another model ends the reload, and is named with what it holds`() throws {
    var scene = waitingForExpert2()
    let question = try #require(scene.reloadsAsked.first { $0.peer == Scene.peer(2) })
    scene.directives += scene.logic.onReloaded(
      Reloaded(modelDigest: Scene.digest), id: question.requestID, from: Scene.peer(2), now: scene.now)
    guard case .error(let error) = answersToOperator(scene).first else {
      Issue.record("no error")
      return
    }
    #expect(error.code == .wrongModel && error.message.contains("expert 2 (expert-2, test:2)"))
    #expect(error.message.contains(Scene.digest.short) && error.message.contains(Scene.otherDigest.short))
    #expect(scene.logic.model.digest == Scene.digest)
  }

  @Test func `an expert that answers that it holds the new model ends nothing`() throws {
    var scene = waitingForExpert2()
    let questions = scene.reloadsAsked
    for (peer, requestID) in questions where peer != Scene.peer(2) {
      scene.directives += scene.logic.onReloaded(
        Reloaded(modelDigest: Scene.otherDigest), id: requestID, from: peer, now: scene.now)
    }
    #expect(answersToOperator(scene).isEmpty)
    scene.hold(2, [Scene.otherDigest])
    #expect(answersToOperator(scene) == [.reloaded(Reloaded(modelDigest: Scene.otherDigest))])
  }

  @Test func `operators beyond a number are not kept waiting, and those that go are forgotten`() {
    var scene = waitingForExpert2()
    for operatorPeer in 201..<300 as Range<UInt64> {
      scene.directives += scene.logic.onReload(from: PeerID(operatorPeer), requestID: 1)
    }
    let refused = (201..<300).filter { !scene.errors(to: PeerID(UInt64($0))).isEmpty }
    #expect(refused == Array(264..<300))
    #expect(scene.errors(to: PeerID(299)).map(\.error.code) == [.busy])
    scene.directives += scene.logic.onClientDisconnected(PeerID(201), now: scene.now)
    scene.directives += scene.logic.onReload(from: PeerID(400), requestID: 1)
    scene.hold(2, [Scene.otherDigest])
    func isAnswered(_ peer: UInt64) -> Bool {
      scene.directives.contains { if case .send(PeerID(peer), .reloaded, _) = $0 { true } else { false } }
    }
    #expect(isAnswered(200) && isAnswered(263) && isAnswered(400))
    #expect(!isAnswered(201) && !isAnswered(264))
  }

  @Test func `a base station whose only expert is suspect does not switch to a model that nobody serves`() {
    var scene = Scene { $0.reloadTimeout = 1_000_000_000 }
    scene.connect(0)
    scene.answerSubscriptions()
    scene.directives += scene.logic.onReload(from: Self.operatorPeer, requestID: 9)
    scene.directives += scene.logic.onModelLoaded(
      .success(ServedModel(number: 1, description: Scene.model, digest: Scene.otherDigest)), now: scene.now)
    scene.infer()
    scene.answerSubscriptions()
    scene.compute()
    scene.advance(milliseconds: 300)
    #expect(scene.state(of: 0) == .suspect)
    #expect(scene.logic.model.digest == Scene.digest)
    scene.advance(milliseconds: 800)
    guard case .error(let error) = answersToOperator(scene).first else {
      Issue.record("no error")
      return
    }
    #expect(error.message == "reload: within 1 s no expert is up that has loaded the model")
  }

  @Test func `an expert that comes with the old model while others load the new one is asked to load it, too`() {
    var scene = waitingForExpert2()
    _ = scene.takeDirectives()
    scene.connect(2, as: PeerID(60), Scene.hello(2, node: "replica"))
    #expect(scene.reloadsAsked.map(\.peer) == [PeerID(60)])
  }

  @Test func `the reason of an expert that cannot load the model ends the reload, and is told`() throws {
    var scene = waitingForExpert2()
    let question = try #require(scene.reloadsAsked.first { $0.peer == Scene.peer(2) })
    scene.directives += scene.logic.onDispatchError(
      ProtocolError(.internalError, "reload: expert-2.safetensors: not there"), id: question.requestID,
      from: Scene.peer(2), now: scene.now)
    guard case .error(let error) = answersToOperator(scene).first else {
      Issue.record("no error")
      return
    }
    #expect(error.message.contains("expert 2 (expert-2, test:2)"))
    #expect(error.message.contains("expert-2.safetensors: not there"))
    #expect(scene.logic.model.digest == Scene.digest)
    #expect(scene.directives.contains { if case .retire(model: 1) = $0 { true } else { false } })
  }
}
