import BaseStation
import Radio
import Testing
import Transport
import WireProtocol

@Suite struct StragglerTests {
  @Test func `with k-min answers an image waits for the others for a straggler's time`() {
    var scene = Scene.serving {
      $0.topK = 3
      $0.minimumAnswers = 2
      $0.stragglerTime = 2_000_000
    }
    scene.infer()
    scene.compute(logits: [3, 2, 1])
    let sent = scene.takeDispatches()
    #expect(sent.count == 3)
    scene.reply(to: sent[0], output: [0, 0])
    scene.reply(to: sent[2], output: [4, 0])
    #expect(scene.takeResults().isEmpty)
    let wake = scene.directives.compactMap { if case .wakeUp(let time) = $0 { time } else { nil } }
    #expect(wake.contains(scene.now + 2_000_000))
    scene.now += 2_000_000
    scene.directives += scene.logic.onTick(now: scene.now)
    let results = scene.takeResults()
    #expect(results.map(\.expertsOfImages) == [[[0, 2]]])
    #expect(scene.directives.contains { $0.isCancel }, "the third is told that nobody waits")
    // Weights e^3 and e^1, renormalised over the two that answered.
    guard case .classified(let classification) = results.first?.outcomes.first else {
      Issue.record("not classified")
      return
    }
    let (g0, g2) = (Float(0.8808), Float(0.1192))
    #expect(classification.classIndex == 0)
    #expect(abs(classification.probability - (g0 * 0.5 + g2 * 0.982)) < 1e-3)
    scene.reply(to: sent[1])
    #expect(scene.takeResults().isEmpty)
    #expect(scene.counter("cut_offs") == 1)
  }

  @Test func `all answers in time are all used`() {
    var scene = Scene.serving {
      $0.topK = 2
      $0.minimumAnswers = 1
    }
    scene.infer()
    scene.compute()
    for sent in scene.takeDispatches() { scene.reply(to: sent) }
    let results = scene.takeResults()
    #expect(results.map(\.expertsOfImages) == [[[0, 1]]])
    scene.advance(milliseconds: 50)
    #expect(scene.counter("cut_offs") == 0, "nobody was left to be cut off")
  }

  @Test func `a late expert is hedged by the next-best one, and the first answer counts`() {
    var scene = Scene.serving { $0.hedgeBudget = 1 }
    for request in 0..<8 {
      scene.infer(requestID: 100 + UInt64(request))
      scene.compute()
      scene.now += 1_000_000
      for sent in scene.takeDispatches() { scene.reply(to: sent) }
    }
    _ = scene.takeResults()
    scene.infer()
    scene.compute()
    let first = scene.takeDispatches()
    scene.now += 5_000_000
    scene.directives += scene.logic.onTick(now: scene.now)
    let hedge = scene.takeDispatches()
    #expect(hedge.map(\.peer) == [Scene.peer(1)])
    #expect(hedge.first?.latents.map(\.item) == first.first?.latents.map(\.item))
    scene.reply(to: hedge[0])
    let results = scene.takeResults()
    #expect(results.map(\.expertsOfImages) == [[[1]]])
    #expect(scene.directives.contains { $0.isCancel })
    scene.reply(to: first[0])
    #expect(scene.takeResults().isEmpty)
    #expect(scene.counter("hedges") == 1 && scene.state(of: 0) == .up)
  }

  @Test func `a hedge takes the place of an expert that dies`() {
    var scene = Scene.serving { $0.hedgeBudget = 1 }
    scene.infer(requestID: 1)
    scene.compute()
    scene.now += 1_000_000
    for sent in scene.takeDispatches() { scene.reply(to: sent) }
    scene.infer(requestID: 2)
    scene.compute()
    _ = scene.takeDispatches()
    scene.now += 5_000_000
    scene.directives += scene.logic.onTick(now: scene.now)
    let hedge = scene.takeDispatches()
    scene.directives += scene.logic.onExpertDisconnected(Scene.peer(0), reason: "killed", now: scene.now)
    #expect(scene.takeDispatches().isEmpty)
    _ = scene.takeResults()
    scene.reply(to: hedge[0])
    let results = scene.takeResults()
    #expect(results.map(\.expertsOfImages) == [[[1]]])
  }

  /// One image with the gate's favourite expert 0, which is late, so that expert 1 is asked as well.
  private func hedged(_ change: (inout BaseStationConfiguration) -> Void = { _ in }) throws -> (
    scene: Scene, first: SentDispatch, hedge: SentDispatch
  ) {
    var scene = Scene.serving {
      $0.hedgeBudget = 1
      change(&$0)
    }
    scene.learnPace(nanosecondsPerImage: 1)
    scene.infer()
    scene.compute()
    let first = try #require(scene.takeDispatches().first)
    scene.now += 5_000_000
    scene.directives += scene.logic.onTick(now: scene.now)
    let hedge = try #require(scene.takeDispatches().first)
    #expect(first.peer == Scene.peer(0) && hedge.peer == Scene.peer(1))
    _ = scene.takeDirectives()
    return (scene, first, hedge)
  }

  @Test func `a hedge takes the place of a latent that a link loses, and nobody else is asked`() throws {
    var (scene, first, hedge) = try hedged { $0.link = .digital }
    scene.reply(to: first, status: .lost)
    #expect(scene.takeDispatches().isEmpty)
    scene.reply(to: hedge)
    #expect(scene.takeDispatches().isEmpty)
    #expect(scene.takeResults().map(\.expertsOfImages) == [[[1]]])
    #expect(scene.counter("loss_redispatches") == 0)
  }

  @Test func `a hedge that dies after its latent's link has lost it is made up for by the next expert`() throws {
    var (scene, first, _) = try hedged { $0.link = .digital }
    scene.reply(to: first, status: .lost)
    scene.directives += scene.logic.onExpertDisconnected(Scene.peer(1), reason: "killed", now: scene.now)
    let next = try #require(scene.takeDispatches().first)
    #expect(next.peer == Scene.peer(2))
    scene.reply(to: next)
    #expect(scene.takeResults().map(\.expertsOfImages) == [[[2]]])
    #expect(scene.counter("retries") == 1 && scene.counter("loss_redispatches") == 0)
  }

  @Test func `a hedge that fails while the first expert is still at it costs nothing`() throws {
    var (scene, first, hedge) = try hedged { $0.logsRequests = true }
    scene.reply(to: hedge, status: .failed)
    #expect(scene.takeDispatches().isEmpty)
    #expect(scene.counter("retries") == 0)
    let lines = scene.directives.compactMap { if case .log(let line) = $0 { line.text } else { nil } }
    #expect(!lines.contains("image goes to another expert"))
    scene.reply(to: first)
    #expect(scene.takeResults().map(\.expertsOfImages) == [[[0]]])
  }

  @Test func `a hedge does not make an image forget what its links have lost`() {
    var scene = Scene.serving {
      $0.link = .digital
      $0.topK = 2
      $0.hedgeBudget = 1
    }
    for request in 0..<4 {
      scene.infer(requestID: 100 + UInt64(request))
      scene.compute()
      scene.now += 1_000_000
      for sent in scene.takeDispatches() { scene.reply(to: sent) }
    }
    _ = scene.takeResults()
    scene.infer()
    scene.compute()
    let sent = scene.takeDispatches()
    scene.reply(to: sent[0], status: .lost)
    scene.now += 10_000_000
    scene.directives += scene.logic.onTick(now: scene.now)
    let hedge = scene.takeDispatches()
    #expect(hedge.map(\.peer) == [Scene.peer(2)])
    scene.reply(to: sent[1])
    #expect(scene.takeResults().isEmpty, "one answer of two")
    scene.reply(to: hedge[0])
    let results = scene.takeResults()
    #expect(results.map(\.expertsOfImages) == [[[1, 2]]])
  }

  @Test func `an image that has fewer experts than top-k waits for the first of a late one and its hedge`() throws {
    var scene = Scene.serving {
      $0.topK = 2
      $0.hedgeBudget = 1
      $0.retryBudget = 0
      $0.maximumWaitingImages = 1
    }
    scene.learnPace(nanosecondsPerImage: 1)
    // The one retry that is left is for the first image, so that the second goes on with expert 0 alone.
    var sent: [SentDispatch] = []
    for image in 0..<2 {
      scene.infer(requestID: 50 + UInt64(image))
      scene.compute()
      sent = scene.takeDispatches()
      #expect(sent.map(\.peer) == [Scene.peer(0), Scene.peer(1)])
      scene.reply(to: sent[1], status: .failed)
      if image == 0 { _ = scene.answerAll() }
    }
    #expect(scene.counter("retries") == 1 && scene.counter("retries_refused") == 1)
    _ = scene.takeDirectives()
    scene.now += 5_000_000
    scene.directives += scene.logic.onTick(now: scene.now)
    let hedge = try #require(scene.takeDispatches().last)
    #expect(hedge.peer == Scene.peer(2))
    scene.reply(to: hedge)
    #expect(scene.takeResults().last?.expertsOfImages == [[2]])
  }

  @Test func `where nobody is left to ask neither hedges nor retries are counted or take of their budgets`() throws {
    var scene = Scene.serving { $0.hedgeBudget = 1 }
    scene.learnPace(nanosecondsPerImage: 1)
    for expert in [1, 2] {
      scene.directives += scene.logic.onExpertDisconnected(Scene.peer(expert), reason: "killed", now: scene.now)
    }
    scene.infer()
    scene.compute()
    let first = try #require(scene.takeDispatches().first)
    scene.now += 5_000_000
    scene.directives += scene.logic.onTick(now: scene.now)
    #expect(scene.takeDispatches().isEmpty)
    scene.reply(to: first, status: .failed)
    #expect(scene.takeDispatches().isEmpty)
    #expect(scene.counter("hedges") == 0 && scene.counter("retries") == 0)
    #expect(scene.takeResults().count == 1, "the client is told")
  }
}
