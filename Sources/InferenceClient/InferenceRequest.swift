import WireProtocol

/// Images to be classified together.
public struct InferenceRequest: Sendable {
  /// Planar 8-bit pixels, `[count, channels, height, width]`, of the shape that the model takes.
  public var pixels: [UInt8]
  /// How many images; 1 to 65,535, and no more than fit a frame: 16 MiB.
  public var count: Int
  /// The block of the links in which the first image travels, the others in those that follow; nil: the base station counts.
  public var firstBlock: UInt64?
  /// Whether the answers shall bring the probability of every class.
  public var wantsProbabilities = false
  /// Whether the answers shall tell why each image was sent where it was.
  public var wantsExplanations = false

  public init(pixels: [UInt8], count: Int = 1, firstBlock: UInt64? = nil) {
    self.pixels = pixels
    self.count = count
    self.firstBlock = firstBlock
  }
}

extension InferenceRequest {
  /// Throws what is wrong with it for a base station that serves `model`.
  func check(for model: ServedModel) throws(InferenceError) {
    guard (1...Infer.maximumCount).contains(count) else {
      throw .badRequest("count: expected 1 to \(Infer.maximumCount) images, received \(count)")
    }
    guard pixels.count == count * model.bytesPerImage else {
      throw .badRequest(
        "pixels: expected \(count) images of \(model.shape), as the base station takes them, received "
          + "\(pixels.count) bytes")
    }
    guard pixels.count <= FrameLimits.standard.maximumFrameBytes else {
      throw .tooLarge(bytes: pixels.count, maximum: FrameLimits.standard.maximumFrameBytes)
    }
  }
}

/// The answer to an ``InferenceRequest``: one outcome an image, in the request's order.
public struct InferenceAnswer: Sendable {
  /// Of each image its class, or why it has none.
  public let outcomes: [Result<Classification, InferenceError>]
  /// From sending to receiving, retries included.
  public let latency: Duration
  /// How often the request had to be sent again.
  public let retries: Int
}
