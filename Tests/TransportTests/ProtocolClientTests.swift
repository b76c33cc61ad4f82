import Datasets
import Digests
import Foundation
import Radio
import Testing
import Transport
import WireProtocol

/// `scripts/protocol_client.py` was written from PROTOCOL.md alone: it must understand us, and we it.
@Suite(
  .timeLimit(.minutes(1)),
  .enabled(if: hasPython, "needs python3"))
struct ProtocolClientTests {
  private static let hello = Hello(
    nodeID: "bs-0", generation: 1, software: "test",
    detail: .baseStation(
      Hello.BaseStation(
        id: 0, modelName: "sum", digest: .of([1]), inputShape: ImageShape(channels: 3, height: 4, width: 5),
        classLabels: (0..<10).map { "class \($0)" }, gate: "base", link: .analog)))

  /// A base station whose class is the sum of the pixels modulo 10.
  private func listen(io: IOQueue) throws -> PeerListener {
    var options = Peer.Options()
    options.clientHeartbeat = Peer.Heartbeat(interval: .milliseconds(5), timeout: .seconds(20))
    return try PeerListener(address: anyPort, io: io, options: options, respond: { _ in Self.hello }) { peer in
      peer.onFrame = { [unowned peer] frame in
        switch try? Message(decoding: frame) {
        case .infer(let infer):
          // Some time later, so that pings come in between.
          io.after(.milliseconds(20)) { [weak peer] in
            _ = peer?.send(.result(Self.result(of: infer)), requestID: frame.requestID)
          }
        case .statusRequest:
          peer.send(
            .status(
              Status(
                modelName: "sum", digest: .of([1]), uptimeMicroseconds: 1_500_000, canServe: true,
                experts: [.init(expert: 2, state: .up, node: "e-2", address: "here", snrDB: 7.5, queue: 1)])),
            requestID: frame.requestID)
        default: peer.close("unexpected")
        }
      }
    }
  }

  private static func result(of infer: Infer) -> InferenceResult {
    var result = InferenceResult(modelDigest: .of([1]), link: .analog, gate: "base")
    for image in 0..<infer.count {
      let size = infer.shape.count
      let sum = infer.pixels.withUnsafeBytes { $0[image * size..<(image + 1) * size].reduce(0) { $0 + Int($1) } }
      result.appendClassified(
        classIndex: UInt16(sum % 10), probability: 0.5, block: infer.block(ofImage: image) ?? 0,
        experts: [
          .init(expert: 1, process: 1, node: "e-1", weight: 0.25, tag: 0, attempt: 0, snrDB: 1),
          .init(expert: 2, process: 2, node: nil, weight: 0.75, tag: 0, attempt: 0, snrDB: -2.5),
        ])
    }
    return result
  }

  private func run(_ arguments: [String]) async throws -> (status: Int32, lines: [[String: Any]], errors: String) {
    let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "scripts/protocol_client.py")
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-B", script.path] + arguments
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    let status = try await withCheckedThrowingContinuation { continuation in
      process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
      do { try process.run() } catch { continuation.resume(throwing: error) }
    }
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    let lines = text.split(separator: "\n").compactMap {
      try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
    }
    return (status, lines, String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self))
  }

  @Test func `images from a file are classified`() async throws {
    let io = makeIO()
    let listener = try listen(io: io)
    // Three records of CIFAR-10's form, a label and the pixels.
    let images = (0..<3).map { image in (0..<60).map { UInt8(truncatingIfNeeded: 7 * $0 + 31 * image) } }
    let file = FileManager.default.temporaryDirectory.appending(path: "protocol-client-\(UUID().uuidString).bin")
    try Data(images.flatMap { [9] + $0 }).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let (status, lines, errors) = try await run([
      "--bs", "\(listener.address)", "--cifar", file.path, "--batch", "2", "--block", "100",
    ])
    #expect(status == 0, "\(errors)")
    #expect(lines.count == 3)
    for (index, line) in lines.enumerated() {
      let expected = images[index].reduce(0) { $0 + Int($1) } % 10
      #expect(line["class"] as? Int == expected)
      #expect(line["label"] as? String == "class \(expected)")
      #expect(line["block"] as? Int == 100 + index)
      #expect(line["expert"] as? Int == 2)
      #expect(line["snr_db"] as? Double == -2.5)
    }
    await io.run { listener.close() }
  }

  @Test func `the status is understood`() async throws {
    let io = makeIO()
    let listener = try listen(io: io)
    let (status, lines, errors) = try await run(["--bs", "\(listener.address)", "--status"])
    #expect(status == 0, "\(errors)")
    #expect(lines.first?["uptime_s"] as? Double == 1.5)
    let experts = lines.first?["experts"] as? [[String: Any]]
    #expect(experts?.first?["state"] as? String == "up")
    await io.run { listener.close() }
  }

  @Test func `a refusal reaches the user`() async throws {
    let io = makeIO()
    let listener = try PeerListener(
      address: anyPort, io: io,
      respond: { _ throws(ProtocolError) in throw ProtocolError(.unauthorised, "clients are not welcome") },
      onPeer: { _ in })
    let (status, _, errors) = try await run(["--bs", "\(listener.address)"])
    #expect(status == 1)
    #expect(errors.contains("clients are not welcome"))
    await io.run { listener.close() }
  }
}

private let hasPython: Bool = {
  let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
  return path.split(separator: ":").contains { FileManager.default.isExecutableFile(atPath: "\($0)/python3") }
}()
