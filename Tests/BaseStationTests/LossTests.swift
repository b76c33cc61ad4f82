import BaseStation
import MixtureOfExperts
import Radio
import Tensors
import Testing
import Transport
import WireProtocol

/// What becomes of latents that digital links lose.
@Suite struct LossTests {
  private func digital(
    _ policy: DecodeFailurePolicy = .redispatch, maximumAttempts: Int = 3, topK: Int = 1
  ) -> Scene {
    Scene.serving {
      $0.link = .digital
      $0.lossRule = LossRule(policy: policy, maximumAttempts: maximumAttempts)
      $0.topK = topK
    }
  }

  private func classification(_ result: InferenceResult?) throws -> InferenceResult.Classification {
    guard case .classified(let classification) = try #require(result?.outcomes.first) else {
      throw Unexpected(description: "the image failed")
    }
    return classification
  }

  private struct Unexpected: Error { let description: String }

  @Test func `a lost latent goes to the next-best expert with the same block, tag and attempt`() throws {
    var scene = digital()
    scene.infer(blocks: .from(41))
    scene.compute(logits: [1, 3, 2])
    let first = try #require(scene.takeDispatches().first)
    #expect(first.peer == Scene.peer(1))
    #expect(first.latents.map(\.onFailure) == [.redispatch])
    scene.reply(to: first, status: .lost)
    let second = try #require(scene.takeDispatches().first)
    #expect(second.peer == Scene.peer(2))
    #expect(second.latents.map(\.item) == first.latents.map(\.item))
    #expect(second.latents.map(\.item) == [Dispatch.Item(block: 41, tag: 41, attempt: 0)])
    scene.reply(to: second)
    let results = scene.takeResults()
    #expect(results.first?.expertsOfImages == [[2]])
    let use = try classification(results.first).use
    #expect(use.transmissions == 2 && use.decodeFailures == 1 && use.symbols == 20)
    #expect(results.first?.shares.map(\.delivery) == [.intact])
  }

  @Test func `the last transmission is one from which the expert answers whatever comes`() throws {
    var scene = digital(maximumAttempts: 2)
    scene.infer()
    scene.compute()
    let first = try #require(scene.takeDispatches().first)
    scene.reply(to: first, status: .lost)
    let second = try #require(scene.takeDispatches().first)
    #expect(second.latents.map(\.onFailure) == [.erasure])
    scene.reply(to: second, status: .erased)
    let results = scene.takeResults()
    #expect(results.first?.expertsOfImages == [[1]])
    #expect(results.first?.shares.map(\.delivery) == [.erased])
    let use = try classification(results.first).use
    #expect(use.transmissions == 2 && use.decodeFailures == 2)
  }

  @Test func `when all experts but one have been tried, that one answers whatever comes`() throws {
    var scene = digital(maximumAttempts: 9)
    scene.infer()
    scene.compute()
    var policies: [DecodeFailurePolicy] = []
    for _ in 0..<Scene.expertCount {
      let sent = try #require(scene.takeDispatches().first)
      policies += sent.latents.map(\.onFailure)
      scene.reply(to: sent, status: sent.latents[0].onFailure == .redispatch ? .lost : .erased)
    }
    #expect(policies == [.redispatch, .redispatch, .erasure])
    let results = scene.takeResults()
    #expect(results.first?.expertsOfImages == [[2]])
  }

  @Test(arguments: [(DecodeFailurePolicy.erasure, Reply.Status.erased), (.raw, .damaged)])
  func `under the other policies there is one transmission and its expert answers`(
    policy: DecodeFailurePolicy, status: Reply.Status
  ) throws {
    var scene = digital(policy)
    scene.infer()
    scene.compute()
    let sent = try #require(scene.takeDispatches().first)
    #expect(sent.latents.map(\.onFailure) == [policy])
    scene.reply(to: sent, status: status)
    let results = scene.takeResults()
    #expect(results.first?.expertsOfImages == [[0]])
    #expect(results.first?.shares.map { Reply.Status($0.delivery) } == [status])
    #expect(try classification(results.first).use.transmissions == 1)
  }

  @Test func `an expert that dies during a re-dispatch is passed over, and its try does not count`() throws {
    var scene = digital(maximumAttempts: 2)
    scene.infer()
    scene.compute()
    scene.reply(to: scene.takeDispatches()[0], status: .lost)
    let dying = try #require(scene.takeDispatches().first)
    #expect(dying.peer == Scene.peer(1))
    scene.directives += scene.logic.onExpertDisconnected(Scene.peer(1), reason: "killed", now: scene.now)
    let third = try #require(scene.takeDispatches().first)
    #expect(third.peer == Scene.peer(2) && third.latents.map(\.item) == dying.latents.map(\.item))
    #expect(third.latents.map(\.onFailure) == [.erasure])
    scene.reply(to: third)
    let results = scene.takeResults()
    #expect(results.first?.expertsOfImages == [[2]])
    #expect(try classification(results.first).use.transmissions == 2)
  }

  @Test func `when those that have not had it die, the best that lost it answers, with new noise`() throws {
    var scene = digital()
    scene.infer()
    scene.compute(logits: [3, 2, 1])
    let first = try #require(scene.takeDispatches().first)
    for expert in 1..<3 {
      scene.directives += scene.logic.onExpertDisconnected(Scene.peer(expert), reason: "killed", now: scene.now)
    }
    scene.reply(to: first, status: .lost)
    let second = try #require(scene.takeDispatches().first)
    #expect(second.peer == Scene.peer(0))
    #expect(second.latents.map(\.item.attempt) == [1] && second.latents.map(\.onFailure) == [.erasure])
    scene.reply(to: second, status: .erased)
    let results = scene.takeResults()
    #expect(results.first?.shares.map(\.attempt) == [1])
    #expect(results.first?.shares.map(\.delivery) == [.erased])
  }

  @Test func `when every expert has gone the image fails`() throws {
    var scene = digital()
    scene.infer()
    scene.compute()
    let sent = try #require(scene.takeDispatches().first)
    for expert in 0..<3 {
      scene.directives += scene.logic.onExpertDisconnected(Scene.peer(expert), reason: "killed", now: scene.now)
    }
    scene.reply(to: sent, status: .lost)
    let results = scene.takeResults()
    #expect(results.first?.expertsOfImages == [nil])
  }

  @Test func `an expert that goes on losing what it must answer is passed over, and at last the image fails`() throws {
    var scene = digital()
    scene.infer()
    scene.compute()
    var count = 0
    while let sent = scene.takeDispatches().first {
      count += 1
      try #require(count < 10, "the base station goes round in circles")
      scene.reply(to: sent, status: .lost)
    }
    let results = scene.takeResults()
    #expect(results.first?.expertsOfImages == [nil])
  }

  @Test func `a request whose time is up during a re-dispatch ends, and the late answer changes nothing`() throws {
    var scene = digital()
    scene.infer(deadline: 100_000)
    scene.compute()
    scene.reply(to: scene.takeDispatches()[0], status: .lost)
    let late = try #require(scene.takeDispatches().first)
    scene.now += 101_000_000
    scene.directives += scene.logic.onTick(now: scene.now)
    #expect(scene.errorsToClient.map(\.code) == [.deadlineExceeded])
    scene.reply(to: late)
    let results = scene.takeResults()
    #expect(results.isEmpty)
    scene.reply(to: late, status: .lost)
    let again = scene.takeDispatches()
    #expect(again.isEmpty, "nobody waits for it any more")
  }

  @Test func `a latent that is lost when its request's time is up goes no further`() throws {
    var scene = digital()
    scene.infer(deadline: 20_000)
    scene.compute()
    let sent = try #require(scene.takeDispatches().first)
    scene.now += 25_000_000
    scene.reply(to: sent, status: .lost)
    #expect(scene.takeDispatches().isEmpty && scene.takeResults().isEmpty)
    scene.directives += scene.logic.onTick(now: scene.now)
    #expect(scene.errorsToClient.map(\.code) == [.deadlineExceeded])
    #expect(scene.counter("loss_redispatches") == 0)
  }

  @Test(arguments: [true, false])
  func `with top-2 the next round waits for both, and does not depend on which came first`(lostFirst: Bool) throws {
    var scene = digital(topK: 2)
    scene.infer()
    scene.compute(logits: [3, 2, 1])
    let sent = scene.takeDispatches()
    #expect(sent.map(\.peer) == [Scene.peer(0), Scene.peer(1)])
    let order = lostFirst ? [0, 1] : [1, 0]
    scene.reply(to: sent[order[0]], status: order[0] == 0 ? .lost : .ok)
    let early = scene.takeDispatches()
    #expect(early.isEmpty)
    scene.reply(to: sent[order[1]], status: order[1] == 0 ? .lost : .ok)
    let next = try #require(scene.takeDispatches().first)
    #expect(next.peer == Scene.peer(2) && next.latents.map(\.onFailure) == [.erasure])
    scene.reply(to: next, status: .erased)
    let results = scene.takeResults()
    #expect(results.first?.expertsOfImages == [[1, 2]])
    #expect(results.first?.shares.map(\.delivery) == [.intact, .erased])
    #expect(try classification(results.first).use.transmissions == 3)
  }

  @Test func `the lost latents of one frame travel on in one frame`() throws {
    var scene = digital()
    scene.infer(3)
    scene.compute()
    scene.reply(to: scene.takeDispatches()[0], status: .lost)
    let next = scene.takeDispatches()
    #expect(next.map(\.peer) == [Scene.peer(1)] && next.first?.latents.count == 3)
  }

  @Test func `the status counts transmissions and decode failures`() throws {
    var scene = digital()
    scene.infer(2)
    scene.compute()
    scene.reply(to: scene.takeDispatches()[0], status: .lost)
    scene.reply(to: scene.takeDispatches()[0])
    let counters = scene.logic.status(now: scene.now).counters
    func value(_ name: String) -> UInt64? { counters.first { $0.name == name }?.value }
    #expect(value("transmissions") == 4 && value("decode_failures") == 2 && value("loss_redispatches") == 2)
  }

  @Test(arguments: [LinkKind.digital, .analog])
  func `a latent that is not finite fails its own image and never leaves`(link: LinkKind) throws {
    var scene = Scene.serving { $0.link = link }
    scene.infer(2)
    let directive = scene.takeDirectives().first(where: \.isCompute)
    guard case .compute(let batch) = try #require(directive) else { return }
    let codec = LatentCodec(table: .uniform, latentMean: [0, 0])
    let rows: [[Float]] = [[0, 1], [.nan, 1]]
    let packets = rows.map { z in
      z.withUnsafeBufferPointer { z in Result { () throws(LatentEncodingError) in try codec.encode(z) } }
    }
    let latents: OutgoingLatents =
      link == .digital ? .coded(packets) : .values(Tensor(rows.flatMap { $0 }, shape: [2, 2]))
    let routing = Routing(
      logits: [3, 2, 1, 3, 2, 1], eligible: batch.eligible, expertCount: Scene.expertCount)
    scene.directives += scene.logic.onRouted(
      RoutedBatch(batch: batch, latents: latents, routing: routing), now: scene.now)
    let sent = try #require(scene.takeDispatches().first)
    #expect(sent.latents.count == 1)
    scene.reply(to: sent)
    let results = scene.takeResults()
    #expect(results.first?.expertsOfImages == [[0], nil])
    guard case .failed(let error) = results.first?.outcomes.last else { return #expect(Bool(false)) }
    #expect(
      error.code == .internalError && error.message == "latents: expected finite numbers, received nan at index 0")
  }
}
