import Datasets
import Digests
import InferenceClient
import Logging
import Radio
import Transport
import WireProtocol

/// A base station without experts, which says what a test wants.
final class ScriptedBaseStation: Sendable {
  static let shape = ImageShape(channels: 1, height: 2, width: 2)

  private let io: IOQueue
  private let listener: PeerListener

  var address: String { listener.address.description }

  static func hello(of shape: ImageShape) -> Hello {
    Hello(
      nodeID: "scripted", generation: 1, software: "test",
      detail: .baseStation(
        Hello.BaseStation(
          id: 0, modelName: "none", digest: SHA256Digest.of([]), inputShape: shape, classLabels: ["a", "b"],
          gate: "none", link: .ideal)))
  }

  /// - Parameter onInfer: on a queue of its own, in the order in which requests arrive.
  convenience init(onInfer: @escaping @Sendable (Peer, FrameBuffer) -> Void) throws {
    try self.init(respond: { _ in Self.hello(of: Self.shape) }, onInfer: onInfer)
  }

  /// - Parameters:
  ///   - respond: on the same queue: what it says to the client's HELLO.
  ///   - onClose: on the same queue: a client's connection has ended.
  init(
    respond: @escaping @Sendable (Hello) -> Hello, onInfer: @escaping @Sendable (Peer, FrameBuffer) -> Void,
    onClose: @escaping @Sendable () -> Void = {}
  ) throws {
    io = try IOQueue(label: "test.base-station", logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    listener = try PeerListener(
      address: SocketAddress(host: "127.0.0.1", port: 0), io: io, respond: { respond($0) }
    ) { peer in
      peer.onFrame = { [unowned peer] frame in
        if frame.type == .infer { onInfer(peer, frame) }
      }
      peer.onClose = { _ in onClose() }
    }
  }

  func end() async {
    await withCheckedContinuation { continuation in
      io.async { [self] in
        listener.close()
        continuation.resume()
      }
    }
  }

  func load(_ test: LoadTest, connections: Int = 1, _ options: InferenceClient.Options = .init()) async throws
    -> LoadReport
  {
    let connections = try await LoadConnections.connect(to: address, count: connections, options: options)
    let report = try await test.run(over: connections, sending: Array(repeating: 7, count: Self.shape.count))
    await connections.close()
    return report
  }
}

/// The answer that every image is of class 1.
func answer(to frame: FrameBuffer) -> FrameBuffer {
  var result = InferenceResult(modelDigest: SHA256Digest.of([]), link: .ideal, gate: "none")
  for _ in 0..<(frame.batchCount ?? 0) {
    result.appendClassified(classIndex: 1, probability: 1, block: 0, experts: [])
  }
  return Message.result(result).encode(requestID: frame.requestID)
}
