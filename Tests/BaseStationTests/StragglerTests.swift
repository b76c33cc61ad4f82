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
}
