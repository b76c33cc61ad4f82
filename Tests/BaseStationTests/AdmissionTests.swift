import BaseStation
import MixtureOfExperts
import Radio
import Testing
import Transport
import WireProtocol

@Suite struct AdmissionTests {
  @Test func `requests that would wait beyond their deadline are refused at once, with the time to retry`() {
    var scene = Scene.serving {
      $0.maximumBatch = 1
      $0.maximumConcurrentBatches = 1
    }
    // One image takes 10 ms.
    scene.infer(requestID: 1)
    scene.now += 10_000_000
    scene.compute()
    for request in 2..<12 { scene.infer(requestID: UInt64(request)) }
    #expect(scene.errorsToClient.isEmpty)
    scene.infer(requestID: 50, deadline: 40_000)
    let refused = scene.errorsToClient
    #expect(refused.map(\.code) == [.busy] && refused.map(\.isRetryable) == [true])
    #expect((55_000...65_000).contains(refused.first?.retryAfterMicroseconds ?? 0))
    scene.infer(requestID: 51, deadline: 150_000)
    #expect(scene.errorsToClient.count == 1)
    #expect(scene.counter("refused_requests") == 1)
  }

  @Test func `a request that nobody is before is taken however long it takes`() {
    var scene = Scene.serving()
    scene.infer(requestID: 1)
    scene.now += 10_000_000
    scene.compute()
    scene.infer(200, requestID: 2, deadline: 1000)
    #expect(scene.errorsToClient.isEmpty)
  }

  @Test func `what has expired while it waited is not computed`() {
    var scene = Scene.serving {
      $0.maximumBatch = 1
      $0.maximumConcurrentBatches = 1
    }
    scene.infer(requestID: 1)
    scene.infer(requestID: 2, deadline: 5000)
    scene.now += 6_000_000
    scene.compute()
    let sent = scene.takeDispatches()
    #expect(sent.count == 1)
    scene.directives += scene.logic.onTick(now: scene.now)
    #expect(scene.errorsToClient.map(\.code) == [.deadlineExceeded])
    #expect(scene.counter("expired_requests") == 1)
  }

  @Test func `a batch that may wait starts when it is full or its time is up`() {
    var scene = Scene.serving {
      $0.maximumBatch = 3
      $0.maximumWait = 1_000_000
    }
    scene.infer(requestID: 1)
    #expect(!scene.directives.contains { $0.isCompute })
    scene.infer(2, requestID: 2)
    #expect(scene.directives.contains { $0.isCompute }, "full")
    scene.compute()
    scene.infer(requestID: 3)
    #expect(!scene.directives.contains { $0.isCompute })
    scene.now += 1_000_000
    scene.directives += scene.logic.onTick(now: scene.now)
    #expect(scene.directives.contains { $0.isCompute }, "its time is up")
  }

  @Test func `an expert is told when nobody waits for its answer any more`() {
    var scene = Scene.serving()
    scene.infer(requestID: 1)
    scene.infer(requestID: 2)
    scene.compute()
    _ = scene.takeDispatches()
    scene.directives += scene.logic.onCancel(requestID: 1, from: Scene.client, now: scene.now)
    scene.directives += scene.logic.onCancel(requestID: 2, from: Scene.client, now: scene.now)
    #expect(scene.directives.count { $0.isCancel } >= 1)
    #expect(scene.state(of: 0) == .up)
  }

  @Test func `a dispatch carries what is left of the deadline`() {
    var scene = Scene.serving()
    scene.infer(deadline: 500_000)
    scene.now += 100_000_000
    scene.compute()
    let deadlines = scene.directives.compactMap {
      if case .dispatch(_, let dispatch) = $0 { dispatch.deadlineMicroseconds } else { nil }
    }
    #expect(deadlines == [400_000])
  }

  @Test func `under a load rule a busy expert gives way to one that the gate likes about as much`() {
    func firstChoices(_ loadRule: LoadRule?) -> [PeerID] {
      var scene = Scene.serving { $0.loadRule = loadRule }
      // Every latent takes 2 ms at an expert.
      for _ in 0..<6 {
        scene.infer()
        scene.compute(logits: [1, 0.9, 0.8])
        for sent in scene.takeDispatches() { scene.reply(to: sent, computeMicroseconds: 2000) }
      }
      _ = scene.takeResults()
      scene.infer(9)
      scene.compute(logits: [1, 0.9, -9])
      return scene.takeDispatches().flatMap { sent in sent.latents.map { _ in sent.peer } }
    }
    #expect(firstChoices(nil) == Array(repeating: Scene.peer(0), count: 9))
    let shared = firstChoices(LoadRule(timeConstant: 10_000_000))
    #expect((4...5).contains(shared.count { $0 == Scene.peer(0) }))
    #expect(!shared.contains(Scene.peer(2)), "the gate would not have it")
  }

  @Test(arguments: ["nothing", "pong", "reply"])
  func `what waits at an expert for other base stations counts as its load`(_ how: String) throws {
    var scene = Scene.serving { $0.loadRule = LoadRule(timeConstant: 10_000_000) }
    // Every latent takes 2 ms at an expert.
    scene.infer()
    scene.compute()
    let sent = try #require(scene.takeDispatches().first)
    scene.reply(to: sent, computeMicroseconds: 2000, queueDepth: how == "reply" ? 40 : 0)
    scene.infer(requestID: 8)
    scene.compute()
    let own = scene.takeDispatches()
    if how == "pong" {
      // One of them is this base station's own.
      scene.logic.onPong(queueDepth: 41, from: Scene.peer(0))
    }
    for sent in own where sent.peer != Scene.peer(0) { scene.reply(to: sent, computeMicroseconds: 2000) }
    scene.infer(requestID: 9)
    scene.compute()
    let isLoaded = how != "nothing"
    #expect(scene.takeDispatches().map(\.peer) == [Scene.peer(isLoaded ? 1 : 0)])
    let queue = scene.logic.status(now: scene.now).experts.first?.queue
    #expect(queue == (how == "pong" ? 41 : how == "reply" ? 40 : 2))
  }

  @Test func `what an expert leaves to the base station is computed in batches`() {
    var scene = Scene {
      $0.fallsBackToLocalExperts = true
      $0.link = .ideal
      $0.maximumBatch = 2
    }
    scene.connect(0)
    scene.infer(5, deadline: 30_000)
    scene.compute()
    _ = scene.takeDirectives()
    scene.directives += scene.logic.onExpertDisconnected(Scene.peer(0), reason: "killed", now: scene.now)
    #expect(scene.fallbackBatches.map(\.count) == [2, 2, 1])
    #expect(scene.fallbackBatches.map { $0.wanted(now: scene.now + 20_000_000).count } == [2, 2, 1])
    #expect(scene.fallbackBatches.map { $0.wanted(now: scene.now + 30_000_000).count } == [0, 0, 0])
  }

  @Test func `without an expert the base station's own answer, where it has some`() {
    var scene = Scene { $0.fallsBackToLocalExperts = true }
    #expect(scene.logic.status(now: scene.now).canServe)
    scene.infer(2)
    scene.compute()
    let batches = scene.fallbackBatches
    #expect(batches.map(\.count) == [2])
    let answers = (0..<2).map {
      FallbackBatch.Answer(
        expert: $0, prediction: Prediction(classIndex: 1, probability: 0.75), probabilities: [0.25, 0.75])
    }
    scene.directives += scene.logic.onFallback(answers, to: batches[0], now: scene.now)
    let results = scene.takeResults()
    #expect(results.map(\.expertsOfImages) == [[[0], [1]]])
    #expect(results.first?.shares.first?.node == "local")
  }
}

extension Scene {
  fileprivate var fallbackBatches: [FallbackBatch] {
    directives.compactMap { if case .fallBack(let batch) = $0 { batch } else { nil } }
  }
}
