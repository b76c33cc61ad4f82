import Transport
import WireProtocol

/// Measures a base station under load.
package struct LoadTest: Sendable {
  /// What decides when the next request is sent.
  package enum Pace: Sendable {
    /// So many callers, each of which sends its next request when it has the answer to the last one: a slow base station
    /// is asked less. One that is refused waits for as long as the base station says.
    case closed(callers: Int)
    /// The clock, whatever the base station does; with so many requests under way at most, beyond which they are not
    /// sent but counted.
    case open(LoadArrivals, maximumUnderWay: Int)
  }

  package let pace: Pace
  /// Images in each request.
  package let batch: Int
  package let warmUp: Duration
  package let duration: Duration

  package init(pace: Pace, batch: Int, warmUp: Duration, duration: Duration) {
    precondition(batch > 0, "\(batch) images a request")
    precondition(duration > .zero, "nothing is measured in \(duration)")
    self.pace = pace
    self.batch = batch
    self.warmUp = warmUp
    self.duration = duration
  }

  /// Returns when all requests that were sent are answered or given up.
  ///
  /// - Parameter pixels: images to send in turn, one after the other, each of the model's shape; at least one.
  /// - Throws: ``InferenceError/refused(code:message:isRetryable:retryAfter:)`` where a request does not fit a frame.
  package func run(
    over connections: LoadConnections, sending pixels: [UInt8]
  ) async throws(InferenceError) -> LoadReport {
    let bytes = batch * connections.model.bytesPerImage
    guard bytes <= FrameLimits.standard.maximumFrameBytes else {
      throw .tooLarge(bytes: bytes, maximum: FrameLimits.standard.maximumFrameBytes)
    }
    let requests = frames(of: pixels, as: connections.model)
    return await withCheckedContinuation { continuation in
      connections.io.async {
        LoadGenerator(test: self, sessions: connections.sessions, requests: requests) {
          continuation.resume(returning: $0)
        }.run()
      }
    }
  }

  private func frames(of pixels: [UInt8], as model: ServedModel) -> [FrameBuffer] {
    let size = model.bytesPerImage
    let available = pixels.count / size
    precondition(available > 0, "no image to send")
    let infer = Infer(count: batch, shape: model.shape)
    return (0..<min(available, 64)).map { first in
      infer.encode(requestID: 0) { place in
        for offset in 0..<batch {
          let image = (first * batch + offset) % available
          UnsafeMutableRawBufferPointer(rebasing: place[offset * size..<(offset + 1) * size]).copyBytes(
            from: pixels[image * size..<(image + 1) * size])
        }
      }
    }
  }
}

/// Several connections to one base station that share a queue.
package struct LoadConnections: Sendable {
  /// Dialled together at most, so that a base station's listener is not overrun.
  private static let dialledTogether = 64

  package let model: ServedModel
  let sessions: [Session]

  var io: IOQueue { sessions[0].io }

  /// Makes all of them.
  package static func connect(
    to address: String, count: Int, options: InferenceClient.Options
  ) async throws(InferenceError) -> LoadConnections {
    precondition(count > 0, "\(count) connections")
    ResourceLimits.raiseDescriptorLimit()
    let first = try Session(address: address, options: options)
    let model = try await first.connected()
    let others = (1..<count).map { _ in Session(beside: first) }
    for start in stride(from: 0, to: others.count, by: dialledTogether) {
      let wave = others[start..<min(start + dialledTogether, others.count)]
      let results = await withTaskGroup(of: Result<ServedModel, InferenceError>.self) { group in
        for session in wave {
          group.addTask {
            do throws(InferenceError) { return .success(try await session.connected()) } catch {
              return .failure(error)
            }
          }
        }
        return await group.reduce(into: []) { $0.append($1) }
      }
      for result in results { _ = try result.get() }
    }
    return LoadConnections(model: model, sessions: [first] + others)
  }

  package func close() async {
    for session in sessions { await session.ended() }
  }
}
