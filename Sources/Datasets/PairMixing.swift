package import Randomness

/// Pairs of training images in the place of single ones: blended (mixup, Zhang et al. 2018), or a rectangle of one
/// replaced by the other's (cutmix, Yun et al. 2019). The labels are mixed in the same shares.
package struct PairMixing: Sendable, Hashable, Codable {
  /// α: an image keeps a share of itself that is drawn from Beta(α, α), 0 < α <= 1; 0: no mixup.
  package var mixup: Double
  /// α of the share of the area that an image keeps; 0: no cutmix. With both, each is done to half of the pairs.
  package var cutmix: Double
  /// The share of images that become pairs at all.
  package var share: Double

  package init(mixup: Double, cutmix: Double, share: Double = 1) {
    self.mixup = mixup
    self.cutmix = cutmix
    self.share = share
  }

  /// What happens to one image once.
  package struct Draw: Sendable, Equatable {
    /// The index of the other image.
    package var partner: Int
    /// How much of the image and of its label stays.
    package var ownShare: Float
    /// Where the partner is seen; nil: everywhere, the two are blended.
    package var patch: Patch?
  }

  package struct Patch: Sendable, Equatable {
    package var columns: Range<Int>
    package var rows: Range<Int>
  }

  /// The stream of an epoch's draws.
  package static func stream(seed: UInt64, epoch: UInt64) -> StreamKey {
    StreamKey(seed: seed, 0x7061_6972, epoch)  // "pair"
  }

  /// The draw of the image with this index among `count`, whatever was drawn before; nil: it stays alone.
  package func draw(image: Int, of count: Int, shape: ImageShape, from stream: StreamKey) -> Draw? {
    var generator = CounterGenerator(stream.appending(UInt64(image)))
    guard generator.uniform() < share, mixup > 0 || cutmix > 0 else { return nil }
    let partner = Int(generator.uniform(below: UInt64(count)))
    guard mixup == 0 || (cutmix > 0 && generator.uniform() < 0.5) else {
      return Draw(partner: partner, ownShare: Float(Self.symmetricBeta(mixup, using: &generator)), patch: nil)
    }
    // A patch of the image's proportions around any of its pixels; what lies outside is lost.
    let side = (1 - Self.symmetricBeta(cutmix, using: &generator)).squareRoot()
    func extent(_ count: Int) -> Range<Int> {
      let length = Int((side * Double(count)).rounded())
      let first = Int(generator.uniform(below: UInt64(count))) - length / 2
      return max(0, first)..<min(count, first + length)
    }
    let patch = Patch(columns: extent(shape.width), rows: extent(shape.height))
    let area = Float(patch.columns.count * patch.rows.count)
    return Draw(partner: partner, ownShare: 1 - area / Float(shape.width * shape.height), patch: patch)
  }

  /// A sample of Beta(α, α), α <= 1, by Jöhnk's method: X/(X + Y) for X = U^(1/α), Y = V^(1/α) where X + Y <= 1.
  private static func symmetricBeta(_ alpha: Double, using generator: inout CounterGenerator) -> Double {
    precondition(alpha > 0 && alpha <= 1, "Beta(\(alpha), \(alpha))")
    while true {
      let x = power(generator.uniform(), 1 / alpha)
      let y = power(generator.uniform(), 1 / alpha)
      if x + y <= 1, x + y > 0 { return x / (x + y) }
    }
  }

  private static func power(_ base: Double, _ exponent: Double) -> Double {
    base > 0 ? Elementary.exp(exponent * Elementary.log(base)) : 0
  }
}

extension PairMixing.Draw {
  /// Mixes the partner's pixels into the image's, both `[channels, height, width]`.
  package func mix(
    _ partner: UnsafeBufferPointer<Float>, into image: UnsafeMutableBufferPointer<Float>, shape: ImageShape
  ) {
    precondition(
      partner.count == shape.count && image.count == shape.count, "\(partner.count) and \(image.count) of \(shape)")
    guard let patch else {
      for i in image.indices { image[i] = ownShare * image[i] + (1 - ownShare) * partner[i] }
      return
    }
    for channel in 0..<shape.channels {
      for row in patch.rows {
        for column in patch.columns {
          let place = (channel * shape.height + row) * shape.width + column
          image[place] = partner[place]
        }
      }
    }
  }
}
