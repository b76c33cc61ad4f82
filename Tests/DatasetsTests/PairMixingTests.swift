import Datasets
import Randomness
import Testing

struct PairMixingTests {
  private static let shape = ImageShape(channels: 2, height: 8, width: 10)
  private static let stream = PairMixing.stream(seed: 3, epoch: 2)
  private static let images = 20_000

  private func draws(_ mixing: PairMixing) -> [PairMixing.Draw?] {
    (0..<Self.images).map { mixing.draw(image: $0, of: Self.images, shape: Self.shape, from: Self.stream) }
  }

  /// The mean of (share - 1/2)², that is the variance of Beta(α, α).
  private func variance(_ shares: [Double]) -> Double {
    shares.reduce(0) { $0 + ($1 - 0.5) * ($1 - 0.5) } / Double(shares.count)
  }

  @Test(arguments: [0.1, 0.2, 0.5, 1.0]) func `mixup's shares are those of Beta(α, α)`(alpha: Double) {
    let shares = draws(PairMixing(mixup: alpha, cutmix: 0)).compactMap { $0.map { Double($0.ownShare) } }
    #expect(shares.count == Self.images && shares.allSatisfy { (0...1).contains($0) })
    #expect(abs(shares.reduce(0, +) / Double(shares.count) - 0.5) < 0.02)
    #expect(abs(variance(shares) - 1 / (4 * (2 * alpha + 1))) < 0.005)
    if alpha == 1 { #expect(abs(shares.count { $0 < 0.2 } - Self.images / 5) < 300) }
  }

  @Test func `cutmix's label has the shares of the areas, and patches lie anywhere`() throws {
    let all = draws(PairMixing(mixup: 0, cutmix: 1)).compactMap(\.self)
    var seen = Set<[Int]>()
    for draw in all {
      let patch = try #require(draw.patch)
      #expect(patch.columns.lowerBound >= 0 && patch.columns.upperBound <= 10)
      #expect(patch.rows.lowerBound >= 0 && patch.rows.upperBound <= 8)
      #expect(draw.ownShare == 1 - Float(patch.columns.count * patch.rows.count) / 80)
      for row in patch.rows { for column in patch.columns { seen.insert([row, column]) } }
    }
    #expect(seen.count == 80)
  }

  @Test func `shares of pairs, ways and partners are as asked`() {
    let all = draws(PairMixing(mixup: 0.2, cutmix: 1, share: 0.6))
    let pairs = all.compactMap(\.self)
    #expect(abs(pairs.count - 12_000) < 350)
    #expect(abs(pairs.count { $0.patch == nil } - pairs.count / 2) < 300)
    #expect(pairs.allSatisfy { (0..<Self.images).contains($0.partner) })
    #expect(Set(pairs.map(\.partner)).count > 8_000)
    #expect(draws(PairMixing(mixup: 0.2, cutmix: 1, share: 0)).allSatisfy { $0 == nil })
    let next = PairMixing.stream(seed: 3, epoch: 3)
    let again = (0..<100).count { image in
      let draw = PairMixing(mixup: 1, cutmix: 0).draw(image: image, of: 100, shape: Self.shape, from: next)
      return draw == PairMixing(mixup: 1, cutmix: 0).draw(image: image, of: 100, shape: Self.shape, from: Self.stream)
    }
    #expect(again == 0)
  }

  @Test func `pixels are blended, or replaced inside the patch, in every channel`() throws {
    let (own, other) = ((0..<160).map(Float.init), (0..<160).map { -Float($0) - 1 })
    func mixed(_ draw: PairMixing.Draw) -> [Float] {
      var image = own
      image.withUnsafeMutableBufferPointer { image in
        other.withUnsafeBufferPointer { draw.mix($0, into: image, shape: Self.shape) }
      }
      return image
    }
    let blends = PairMixing(mixup: 1, cutmix: 0)
    var blend = try #require(blends.draw(image: 0, of: 2, shape: Self.shape, from: Self.stream))
    blend.ownShare = 0.75
    #expect(mixed(blend) == zip(own, other).map { 0.75 * $0 + 0.25 * $1 })
    let cut = try #require(draws(PairMixing(mixup: 0, cutmix: 1)).compactMap(\.self).first { $0.ownShare < 0.7 })
    let patch = try #require(cut.patch)
    let expected = own.indices.map { i in
      patch.columns.contains(i % 10) && patch.rows.contains(i / 10 % 8) ? other[i] : own[i]
    }
    #expect(mixed(cut) == expected)
  }
}
