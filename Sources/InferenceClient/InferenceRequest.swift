/// Images to be classified together.
public struct InferenceRequest: Sendable {
  /// Planar 8-bit pixels, `[count, channels, height, width]`, of the shape that the model takes.
  public var pixels: [UInt8]
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

/// The answer to an ``InferenceRequest``: one outcome an image, in the request's order.
public struct InferenceAnswer: Sendable {
  public let outcomes: [Result<Classification, InferenceError>]
  /// From sending to receiving, retries included.
  public let latency: Duration
  /// How often the request had to be sent again.
  public let retries: Int
}
