import Datasets
import BaseStation
import MixtureOfExperts
import Testing
import Transport
import WireProtocol

@Suite struct RequestTests {
  @Test func `an image goes to the expert that the gate prefers and comes back with its class`() {
    var scene = Scene.serving()
    scene.infer()
    scene.compute(logits: [1, 5, 2])
    let sent = scene.takeDispatches()
    #expect(sent.map(\.peer) == [Scene.peer(1)])
    scene.reply(to: sent[0], output: [0, 9])
    let results = scene.takeResults()
    #expect(results.count == 1)
    #expect(results.first?.expertsOfImages == [[1]])
    guard case .classified(let classification) = results.first?.outcomes.first else {
      Issue.record("not classified")
      return
    }
    #expect(classification.classIndex == 1)
    #expect(classification.probability > 0.99)
  }

  @Test func `requests that wait together share one batch and one frame an expert`() {
    var scene = Scene.serving { $0.maximumConcurrentBatches = 1 }
    scene.infer(requestID: 1)
    let first = scene.directives.count { $0.isCompute }
    scene.infer(2, requestID: 2)
    scene.infer(requestID: 3)
    #expect(first == 1)
    #expect(scene.directives.count { $0.isCompute } == 1, "the only worker is busy")
    scene.compute()
    let sent = scene.takeDispatches()
    #expect(sent.map(\.latents.count) == [1, 3])
    for dispatch in sent { scene.reply(to: dispatch) }
    let results1 = scene.takeResults()
    #expect(results1.map(\.outcomes.count) == [1, 2, 1])
  }

  @Test func `a request larger than a batch is computed in parts and answered whole`() {
    var scene = Scene.serving { $0.maximumBatch = 4 }
    scene.infer(10)
    scene.compute()
    let sent = scene.takeDispatches()
    #expect(sent.map(\.latents.count) == [4, 4, 2])
    for dispatch in sent.reversed() { scene.reply(to: dispatch) }
    let results2 = scene.takeResults()
    #expect(results2.map(\.outcomes.count) == [10])
  }

  @Test func `idle workers share what waits, and leave their part to busy ones`() {
    var scene = Scene.serving { $0.maximumConcurrentBatches = 3 }
    scene.learnPace(nanosecondsPerImage: 1_000_000)
    scene.infer(8)
    #expect(scene.batchSizes == [3, 3, 2])
    scene.compute()
    scene.infer(1)
    scene.infer(1)
    scene.infer(10)
    #expect(scene.batchSizes == [1, 1, 4], "a third of twelve, two of which are being computed")
    scene.compute()
    let results = scene.answerAll()
    #expect(results.map(\.outcomes.count).sorted() == [1, 1, 8, 10])
  }

  @Test func `what has been given up while it waited holds nobody up`() {
    var scene = Scene.serving { $0.maximumConcurrentBatches = 1 }
    scene.learnPace(nanosecondsPerImage: 1_000_000)
    scene.infer(requestID: 1)
    scene.infer(20, requestID: 2)
    scene.directives += scene.logic.onCancel(requestID: 2, from: Scene.client, now: scene.now)
    scene.compute()
    #expect(scene.batchSizes == [])
    scene.infer(2, requestID: 3)
    #expect(scene.batchSizes == [2])
    scene.compute()
    #expect(scene.answerAll().map(\.outcomes.count) == [1, 2])
  }

  @Test func `what takes no longer than handing it over is not shared out`() {
    var scene = Scene.serving()
    scene.learnPace(nanosecondsPerImage: 10_000)
    scene.infer(32)
    #expect(scene.batchSizes == [32])
    scene.compute()
    scene = Scene.serving { $0.maximumWait = 1 }
    scene.learnPace(nanosecondsPerImage: 1_000_000)
    scene.infer(32)
    #expect(scene.batchSizes == [32], "wanted full")
  }

  @Test func `images without a named block travel in consecutive blocks, tagged by them`() {
    var scene = Scene.serving()
    scene.infer(2)
    scene.infer(1)
    scene.compute()
    let items = scene.takeDispatches().flatMap(\.latents).map(\.item)
    #expect(items.map(\.block) == [0, 1, 2])
    #expect(items.map(\.tag) == [0, 1, 2])
  }

  @Test func `a named block that no report has told is asked for before the gate runs`() {
    var scene = Scene.serving()
    scene.infer(blocks: .from(1_000_000))
    #expect(!scene.directives.contains { $0.isCompute })
    #expect(scene.directives.contains { $0.isSubscription })
    scene.answerSubscriptions(snrDB: [Scene.peer(2): -7])
    guard case .compute(let batch) = scene.directives.first(where: \.isCompute) else {
      Issue.record("no batch")
      return
    }
    #expect(batch.linkStates == [.known(snrDB: 20), .known(snrDB: 20), .known(snrDB: -7)])
  }

  @Test func `the largest block number is served like any other`() {
    var scene = Scene.serving()
    scene.infer(2, blocks: .each([.max, 0]))
    scene.answerSubscriptions()
    scene.compute()
    let sent3 = scene.takeDispatches()
    #expect(sent3.flatMap(\.latents).map(\.item.block) == [.max, 0])
  }

  @Test func `an expert that does not report its link loses its connection and holds nobody up`() {
    var scene = Scene.serving()
    scene.infer(blocks: .from(1_000_000))
    scene.directives.removeAll { directive in
      if case .send(Scene.peer(0), .subscribe, _) = directive { true } else { false }
    }
    scene.answerSubscriptions()
    #expect(!scene.directives.contains { $0.isCompute })
    scene.advance(milliseconds: 300)
    #expect(scene.directives.contains { if case .disconnect(Scene.peer(0), _) = $0 { true } else { false } })
    scene.compute()
    let sent4 = scene.takeDispatches()
    #expect(sent4.map(\.peer) == [Scene.peer(1)])
  }

  @Test func `a request ends with an error when its time is up`() {
    var scene = Scene.serving { $0.replyTimeout = 1_000_000_000 }
    scene.infer(deadline: 20_000)
    scene.now += 21_000_000
    scene.directives += scene.logic.onTick(now: scene.now)
    #expect(scene.errorsToClient.map(\.code) == [.deadlineExceeded])
    scene.compute()
    let sent5 = scene.takeDispatches()
    #expect(sent5.isEmpty, "nobody waits for it any more")
  }

  @Test func `more images than may wait are refused as busy, with the time to retry`() {
    var scene = Scene.serving { $0.maximumWaitingImages = 3 }
    scene.infer(2)
    scene.infer(2, requestID: 8)
    #expect(scene.errorsToClient.map(\.code) == [.busy])
    #expect(scene.errorsToClient.map(\.isRetryable) == [true])
    #expect(scene.errorsToClient.map(\.retryAfterMicroseconds) == [20_000])
    scene.compute()
    scene.infer(2, requestID: 9)
    #expect(scene.errorsToClient.count == 1, "the first two no longer wait")
  }

  @Test func `images that the model does not take are refused with both shapes`() {
    var scene = Scene.serving()
    let shape = ImageShape(channels: 3, height: 2, width: 2)
    let pixels = BytePayload([UInt8](repeating: 0, count: 12))
    scene.directives += scene.logic.onInfer(
      Infer(count: 1, shape: shape, pixels: pixels), from: Scene.client, requestID: 1, deadlineMicroseconds: 0,
      now: scene.now)
    #expect(scene.errorsToClient.map(\.code) == [.badRequest])
    #expect(scene.errorsToClient.first?.message.contains("3 x 2 x 2") == true)
    #expect(scene.errorsToClient.first?.message.contains("1 x 2 x 2") == true)
  }

  @Test func `without an expert a request is refused as retryable`() {
    var scene = Scene()
    scene.infer()
    #expect(scene.errorsToClient.map(\.code) == [.noExpert])
    #expect(scene.errorsToClient.map(\.isRetryable) == [true])
  }

  @Test func `what a client has cancelled or left behind is dropped wherever it is`() {
    var scene = Scene.serving()
    scene.infer(requestID: 1)
    scene.infer(requestID: 2)
    scene.directives += scene.logic.onCancel(requestID: 1, from: Scene.client, now: scene.now)
    scene.compute()
    let sent = scene.takeDispatches()
    #expect(sent.flatMap(\.latents).count == 1)
    scene.directives += scene.logic.onClientDisconnected(Scene.client, now: scene.now)
    for dispatch in sent { scene.reply(to: dispatch) }
    let results6 = scene.takeResults()
    #expect(results6.isEmpty)
  }

  @Test func `a draining base station finishes what it has and takes nothing new`() {
    var scene = Scene.serving()
    scene.infer(requestID: 1)
    scene.directives += scene.logic.onDrain()
    scene.infer(requestID: 2)
    #expect(scene.errorsToClient.map(\.code) == [.shuttingDown])
    #expect(!scene.directives.contains { $0.isDrained })
    scene.compute()
    for dispatch in scene.takeDispatches() { scene.reply(to: dispatch) }
    let results7 = scene.takeResults()
    #expect(results7.count == 1)
    #expect(scene.directives.contains { $0.isDrained })
  }

  @Test func `an idle base station is drained at once`() {
    var scene = Scene.serving()
    scene.directives += scene.logic.onDrain()
    #expect(scene.directives.contains { $0.isDrained })
  }

  @Test func `a deadline that the client names holds, one that it does not is the base station's`() {
    for (named, microseconds, lifetime) in [
      ("none", UInt32(0), UInt64(10_000)), ("short", 2_000_000, 2000), ("long", 30_000_000, 30_000),
    ] {
      // Experts that say nothing are borne for longer than all that.
      var scene = Scene.serving { $0.replyTimeout = 3_600_000_000_000 }
      scene.infer(deadline: microseconds)
      scene.advance(milliseconds: lifetime - 50)
      #expect(scene.errorsToClient.isEmpty, "\(named)")
      scene.advance(milliseconds: 100)
      #expect(scene.errorsToClient.map(\.code) == [.deadlineExceeded], "\(named)")
    }
  }

  @Test func `no deadline is later than the longest`() {
    var scene = Scene.serving {
      $0.replyTimeout = 3_600_000_000_000
      $0.longestRequestTimeout = 1_000_000_000
    }
    scene.infer(deadline: 30_000_000)
    scene.advance(milliseconds: 950)
    #expect(scene.errorsToClient.isEmpty)
    scene.advance(milliseconds: 50)
    #expect(scene.errorsToClient.map(\.code) == [.deadlineExceeded])
  }

  @Test func `two questions of one number are both answered`() {
    var scene = Scene.serving()
    scene.infer(requestID: 5)
    scene.infer(requestID: 5)
    scene.compute()
    for sent in scene.takeDispatches() { scene.reply(to: sent) }
    #expect(scene.takeResults().count == 2)
  }
}
