import Datasets
import BaseStation
import Digests
import MixtureOfExperts
import Radio
import Tensors
import Testing
import Transport
import WireProtocol

/// A base station with three experts, driven by hand: the test plays the shell, the network and the clock.
struct Scene {
  static let expertCount = 3
  static let digest = SHA256Digest.of([1, 2, 3])
  static let otherDigest = SHA256Digest.of([4, 5, 6])
  static let client = PeerID(100)
  static let shape = ImageShape(channels: 1, height: 2, width: 2)
  static let model = ModelDescription(
    name: "tiny", backbone: .leNet5, recipe: "robust", combination: .probabilities, expertCount: expertCount,
    latentCount: 2, outputCount: 2, inputShape: ImageShape(channels: 1, height: 2, width: 2),
    classLabels: ["no", "yes"], normalisation: PixelNormalisation(mean: [0], deviation: [1]), powerScaling: 1,
    latentMean: [0, 0])

  var logic: BaseStation
  var now: UInt64 = 1_000_000_000
  /// All that was directed and not looked at yet.
  var directives: [Directive] = []

  init(
    model: ModelDescription = Scene.model, head: Head? = nil,
    _ change: (inout BaseStationConfiguration) -> Void = { _ in }
  ) {
    var configuration = BaseStationConfiguration()
    change(&configuration)
    logic = BaseStation(configuration: configuration, model: model, digest: Self.digest, head: head, now: now)
  }

  /// With experts 0, 1 and 2 up and their first windows reported, all at 20 dB.
  static func serving(
    model: ModelDescription = Scene.model, head: Head? = nil,
    _ change: (inout BaseStationConfiguration) -> Void = { _ in }
  ) -> Scene {
    var scene = Scene(model: model, head: head, change)
    for expert in 0..<expertCount { scene.connect(expert) }
    scene.answerSubscriptions()
    _ = scene.takeDirectives()
    return scene
  }

  static func peer(_ expert: Int) -> PeerID { PeerID(UInt64(expert)) }

  static func hello(
    _ expert: Int, node: String? = nil, generation: UInt64 = 1, digest: SHA256Digest = digest,
    clock: LinkClock = .request, maximumFrameBytes: UInt32 = 1 << 20, maximumBatch: UInt16 = 1024
  ) -> Hello {
    Hello(
      nodeID: node ?? "expert-\(expert)", generation: generation, software: "test",
      maximumFrameBytes: maximumFrameBytes, maximumBatch: maximumBatch,
      detail: .expert(
        Hello.Expert(
          index: UInt16(expert), expertCount: UInt16(expertCount), linkProcess: UInt32(expert), digests: [digest],
          clock: clock, coherenceMicroseconds: 50_000, latentCount: 2, outputCount: 2)))
  }

  mutating func connect(_ expert: Int, as peer: PeerID? = nil, _ hello: Hello? = nil) {
    let hello = hello ?? Self.hello(expert)
    guard case .expert(let detail) = hello.detail else { return }
    directives += logic.onExpertHello(
      hello, detail: detail, peer: peer ?? Self.peer(expert), address: "test:\(expert)", now: now)
  }

  /// An expert says HELLO again, with other models.
  mutating func hold(_ expert: Int, _ digests: [SHA256Digest], as peer: PeerID? = nil) {
    var hello = Self.hello(expert)
    guard case .expert(var detail) = hello.detail else { return }
    detail.digests = digests
    hello.detail = .expert(detail)
    directives += logic.onExpertHolds(hello, detail: detail, peer: peer ?? Self.peer(expert), now: now)
  }

  /// Has another model served, of the digest ``otherDigest``: experts 1 and 2 load it.
  mutating func switchModel() {
    directives += logic.onReload(from: nil, requestID: 0)
    directives += logic.onModelLoaded(
      .success(ServedModel(number: 1, description: Self.model, digest: Self.otherDigest)), now: now)
    for expert in 1..<Self.expertCount { hold(expert, [Self.otherDigest, Self.digest]) }
  }

  /// Lets time pass, with the ticks that belong to it.
  mutating func advance(milliseconds: UInt64) {
    let end = now + milliseconds * 1_000_000
    while now < end {
      now = min(end, now + BaseStation.tickInterval)
      directives += logic.onTick(now: now)
    }
  }

  func state(of expert: Int) -> Status.ExpertState? {
    logic.status(now: now).experts.first { $0.expert == UInt16(expert) }?.state
  }

  func counter(_ name: String) -> UInt64? {
    logic.status(now: now).counters.first { $0.name == name }?.value
  }

  mutating func takeDirectives() -> [Directive] {
    defer { directives = [] }
    return directives
  }

  /// Reports to every subscription: `snrDB` by peer, 20 dB where it is not named.
  mutating func answerSubscriptions(snrDB: [PeerID: Float] = [:]) {
    while let place = directives.firstIndex(where: \.isSubscription) {
      guard case .send(let peer, .subscribe(let subscription), _) = directives.remove(at: place) else { return }
      let states = [Float](repeating: snrDB[peer] ?? 20, count: Int(subscription.count))
      let report = ChannelReport(clock: .request, firstBlock: subscription.firstBlock, snrDB: states)
      directives += logic.onReport(report, from: peer, now: now)
    }
  }

  mutating func infer(_ count: Int = 1, requestID: UInt64 = 7, blocks: Infer.Blocks = .unnamed, deadline: UInt32 = 0) {
    let pixels = BytePayload([UInt8](repeating: 0, count: count * Self.shape.count))
    directives += logic.onInfer(
      Infer(count: count, shape: Self.shape, blocks: blocks, pixels: pixels), from: Self.client,
      requestID: requestID, deadlineMicroseconds: deadline, now: now)
  }

  /// Plays the compute worker: every image of every batch prefers the experts by `logits`.
  mutating func compute(logits: [Float] = [3, 2, 1]) {
    while let place = directives.firstIndex(where: \.isCompute) {
      guard case .compute(let batch) = directives.remove(at: place) else { return }
      let routing = Routing(
        logits: (0..<batch.count).flatMap { _ in logits }, eligible: batch.eligible, expertCount: Self.expertCount)
      let routed = RoutedBatch(batch: batch, latents: latents(batch.count), routing: routing)
      directives += logic.onRouted(routed, now: now)
    }
  }

  /// How many images the batches have that wait for a compute worker.
  var batchSizes: [Int] { directives.compactMap { if case .compute(let batch) = $0 { batch.count } else { nil } } }

  /// Has one image classified whose backbone takes that long.
  mutating func learnPace(nanosecondsPerImage: UInt64) {
    infer()
    // It may wait for a fuller batch.
    now += logic.configuration.maximumWait
    directives += logic.onTick(now: now)
    now += nanosecondsPerImage
    compute()
    _ = answerAll()
  }

  /// Answers all dispatches, and takes the results off the directives.
  mutating func answerAll() -> [InferenceResult] {
    for sent in takeDispatches() { reply(to: sent) }
    return takeResults()
  }

  private func latents(_ count: Int) -> OutgoingLatents {
    guard logic.configuration.link == .digital else { return .values(Tensor(zeros: [count, 2])) }
    let codec = LatentCodec(table: .uniform, latentMean: [0, 0])
    return .coded(
      (0..<count).map { _ in
        Result { () throws(LatentEncodingError) in try codec.encode([0, 1]) }
      })
  }

  /// Takes the frames of latents off the directives.
  mutating func takeDispatches() -> [SentDispatch] {
    defer { directives.removeAll(where: \.isDispatch) }
    return directives.compactMap {
      if case .dispatch(let peer, let dispatch) = $0 {
        SentDispatch(peer: peer, id: dispatch.id, latents: dispatch.latents)
      } else {
        nil
      }
    }
  }

  mutating func reply(
    to sent: SentDispatch, from peer: PeerID? = nil, output: [Float] = [0, 1], status: Reply.Status = .ok,
    computeMicroseconds: UInt32 = 1, queueDepth: UInt16 = 0, digest: SHA256Digest = Scene.digest,
    reports: [ChannelReport] = []
  ) {
    let items = sent.latents.map {
      Reply.Item(status: status, snrDB: 20, block: $0.item.block, use: Self.use(of: status))
    }
    directives += logic.onReply(
      Reply(
        modelDigest: digest, outputCount: 2, queueDepth: queueDepth,
        computeMicroseconds: computeMicroseconds * UInt32(items.count), items: items, reports: reports,
        outputs: FloatPayload(items.flatMap { _ in output })),
      id: sent.id, from: peer ?? sent.peer, now: now)
  }

  /// One transmission of 10 symbols.
  static func use(of status: Reply.Status) -> LinkUse {
    var use = LinkUse()
    use.transmissions = 1
    use.decodeFailures = [.lost, .erased, .damaged].contains(status) ? 1 : 0
    use.symbols = 10
    return use
  }

  /// Takes the results off the directives.
  mutating func takeResults() -> [InferenceResult] {
    defer { directives.removeAll { if case .send(_, .result, _) = $0 { true } else { false } } }
    return directives.compactMap { if case .send(_, .result(let result), _) = $0 { result } else { nil } }
  }

  /// The peers that were asked to load their model again, and the numbers of the questions.
  var reloadsAsked: [(peer: PeerID, requestID: UInt64)] {
    directives.compactMap { if case .send(let peer, .reload, let requestID) = $0 { (peer, requestID) } else { nil } }
  }

  /// The errors that were sent to a peer, with their request ids.
  func errors(to peer: PeerID) -> [(error: ProtocolError, requestID: UInt64)] {
    directives.compactMap {
      if case .send(peer, .error(let error), let requestID) = $0 { (error, requestID) } else { nil }
    }
  }

  /// The errors that were sent to the client.
  var errorsToClient: [ProtocolError] {
    directives.compactMap {
      if case .send(Self.client, .error(let error), _) = $0 { error } else { nil }
    }
  }
}

struct SentDispatch {
  let peer: PeerID
  let id: UInt64
  let latents: [DispatchedLatent]
}

extension Directive {
  var isSubscription: Bool { if case .send(_, .subscribe, _) = self { true } else { false } }
  var isCompute: Bool { if case .compute = self { true } else { false } }
  var isDispatch: Bool { if case .dispatch = self { true } else { false } }
  var isCancel: Bool { if case .send(_, .cancel, _) = self { true } else { false } }
  var isDrained: Bool { if case .drained = self { true } else { false } }
}

extension InferenceResult {
  /// The experts of each image, nil where it failed.
  var expertsOfImages: [[Int]?] {
    outcomes.map { outcome in
      guard case .classified(let classification) = outcome else { return nil }
      return experts(of: classification).map { Int($0.expert) }
    }
  }

  /// The class of each image, nil where it failed.
  var classes: [UInt16?] {
    outcomes.map { if case .classified(let classification) = $0 { classification.classIndex } else { nil } }
  }
}

extension LatentCodec {
  fileprivate func encode(_ latents: [Float]) throws(LatentEncodingError) -> CodedLatent {
    let result = latents.withUnsafeBufferPointer { latents in
      Result { () throws(LatentEncodingError) in try encode(latents) }
    }
    return try result.get()
  }
}
