package import Randomness

/// How training images are varied: shifted by up to `padding` pixels each way, mirrored left to right half the time, then
/// changed by `randAugment`, and with a black square of `cutout` pixels somewhere (DeVries and Taylor 2017).
///
/// A shift is a crop, at a random place, of the image with a border of `padding` pixels around it.
package struct Augmentation: Sendable, Hashable, Codable {
  /// What lies beyond the image's edge.
  package enum Border: String, Sendable, Hashable, Codable, CaseIterable {
    case black
    /// The image mirrored in its edge pixels, which are not repeated.
    case reflected
  }

  package var padding: Int
  package var border: Border
  package var flips: Bool
  /// The side of the square, whose centre lies anywhere in the image; 0: none.
  package var cutout: Int
  /// nil: nothing of the kind.
  package var randAugment: RandAugment?

  package init(
    padding: Int, border: Border = .black, flips: Bool = true, cutout: Int = 0, randAugment: RandAugment? = nil
  ) {
    precondition(padding >= 0 && cutout >= 0, "a padding of \(padding), a cutout of \(cutout)")
    self.padding = padding
    self.border = border
    self.flips = flips
    self.cutout = cutout
    self.randAugment = randAugment
  }

  package static let none = Augmentation(padding: 0, flips: false)

  /// What happens to one image once: output pixel (x, y) is that at (x + right, y + down), before mirroring.
  package struct Draw: Sendable, Equatable {
    package var right: Int
    package var down: Int
    package var isFlipped: Bool
    /// The centre of the cutout, as a share of the output's width and height, in units of 2^-16.
    package var holeX: UInt16
    package var holeY: UInt16
  }

  /// The stream of an epoch's draws.
  package static func stream(seed: UInt64, epoch: UInt64) -> StreamKey {
    StreamKey(seed: seed, 0x6175_676D, epoch)  // "augm"
  }

  /// The draw of the image with this index, whatever was drawn before and on whatever thread.
  package func draw(image: Int, from stream: StreamKey) -> Draw {
    let words = stream.block(at: UInt64(image))
    func shift(_ word: UInt32) -> Int { Int((UInt64(word) * UInt64(2 * padding + 1)) >> 32) - padding }
    return Draw(
      right: shift(words.x), down: shift(words.y), isFlipped: flips && words.z >> 31 == 1,
      holeX: cutout > 0 ? UInt16(truncatingIfNeeded: words.w) : 0,
      holeY: cutout > 0 ? UInt16(truncatingIfNeeded: words.w >> 16) : 0)
  }
}
