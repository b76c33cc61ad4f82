import Foundation
import Randomness
import Testing

struct CounterGeneratorTests {
  @Test func `a generator replays from any position`() {
    var generator = CounterGenerator(seed: 3, stream: 5)
    let numbers = (0..<100).map { _ in generator.next() }
    for i in [99, 0, 50, 51, 7, 8] {
      var other = CounterGenerator(seed: 3, stream: 5, position: UInt64(i))
      #expect(other.next() == numbers[i])
    }
    generator.position = 13
    #expect(generator.next() == numbers[13])
  }

  @Test func `a checkpoint keeps stream and position`() throws {
    var generator = CounterGenerator(seed: 3, stream: 5, 6)
    _ = generator.next()
    var restored = try JSONDecoder().decode(CounterGenerator.self, from: JSONEncoder().encode(generator))
    #expect(restored == generator)
    #expect(restored.next() == generator.next())
  }

  @Test func `streams are told apart by seed, word, and order of words`() {
    let keys = [
      StreamKey(seed: 0), StreamKey(seed: 1), StreamKey(seed: 0, 0), StreamKey(seed: 0, 1), StreamKey(seed: 0, 0, 1),
      StreamKey(seed: 0, 1, 0), StreamKey(seed: 0, 0, 0), StreamKey(seed: 0, 1 << 32), StreamKey(seed: 1 << 32),
    ]
    #expect(Set(keys).count == keys.count)
    #expect(Set(keys.map { $0.block(at: 0) }).count == keys.count)
  }

  @Test func `uniform numbers have the moments of [0, 1)`() {
    var generator = CounterGenerator(seed: 11)
    let n = 1_000_000
    var sum = 0.0
    var squares = 0.0
    for _ in 0..<n {
      let u = generator.uniform()
      #expect(u >= 0 && u < 1)
      sum += u
      squares += u * u
    }
    #expect(abs(sum / Double(n) - 0.5) * (12 * Double(n)).squareRoot() < 3.5)
    #expect(abs(squares / Double(n) - 1 / 3.0) * (Double(n) * 45 / 4).squareRoot() < 3.5)
  }

  @Test func `integers below a bound are uniform`() {
    var generator = CounterGenerator(seed: 12)
    var counts = [Int](repeating: 0, count: 7)
    for _ in 0..<70_000 { counts[Int(generator.uniform(below: 7))] += 1 }
    let chiSquare = counts.reduce(0.0) { $0 + Double(($1 - 10_000) * ($1 - 10_000)) / 10_000 }
    #expect(chiSquare < 27.9)  // 6 degrees of freedom, p = 1e-4
  }

  @Test func `Gaussian samples in bulk follow the normal law`() {
    let n = 4_000_000
    let samples = [Float](unsafeUninitializedCapacity: n) { buffer, count in
      var generator = CounterGenerator(seed: 13)
      generator.fillGaussian(buffer)
      count = n
    }
    expectNormal(samples.map(Double.init))
    // Both coordinates of a pair and neighbouring blocks are independent: their products have mean 0 and variance 1.
    for lag in [1, 8, 16, 32] {
      let products = (0..<(n - lag)).reduce(0.0) { $0 + Double(samples[$1] * samples[$1 + lag]) }
      #expect(abs(products) / Double(n - lag).squareRoot() < 3.5, "lag \(lag)")
    }
  }

  @Test func `Gaussian pairs follow the normal law`() {
    var generator = CounterGenerator(seed: 14)
    expectNormal((0..<500_000).flatMap { _ in [generator.gaussianPair()] }.flatMap { [$0.0, $0.1] })
  }

  /// Moments and the whole distribution (Kolmogorov-Smirnov).
  private func expectNormal(_ samples: [Double]) {
    let n = Double(samples.count)
    let powers = samples.reduce(into: SIMD4<Double>()) { sums, x in sums += SIMD4(x, x * x, x * x * x, x * x * x * x) }
    #expect(abs(powers[0]) / n.squareRoot() < 3.5)
    #expect(abs(powers[1] - n) / (2 * n).squareRoot() < 3.5)
    #expect(abs(powers[2]) / (15 * n).squareRoot() < 3.5)
    #expect(abs(powers[3] - 3 * n) / (96 * n).squareRoot() < 3.5)
    var distance = 0.0
    for (i, x) in samples.sorted().enumerated() {
      let p = 0.5 * erfc(-x / 2.0.squareRoot())
      distance = max(distance, abs(p - Double(i) / n), abs(p - Double(i + 1) / n))
    }
    #expect(distance * n.squareRoot() < 2.0)  // P = 2 exp(-2 * 4) = 7e-4
  }

  @Test func `adding noise adds exactly the scaled samples and leaves what follows alone`() {
    var a = CounterGenerator(seed: 15)
    var b = CounterGenerator(seed: 15)
    var samples = [Float](repeating: 0, count: 121)
    samples.withUnsafeMutableBufferPointer { a.fillGaussian($0) }
    var values = [Float](repeating: 2, count: 121)
    values.withUnsafeMutableBufferPointer {
      b.addGaussian(scale: 0.5, to: UnsafeMutableBufferPointer(rebasing: $0[..<120]))
    }
    #expect(values == samples.dropLast().map { 2 + 0.5 * $0 } + [2])
    #expect(a == b)
  }

  @Test func `recorded samples stay as they were`() {
    var generator = CounterGenerator(seed: 2024, stream: 1)
    var samples = [Float](repeating: 0, count: 1024)
    samples.withUnsafeMutableBufferPointer { generator.fillGaussian($0) }
    let hash = samples.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1.bitPattern)) &* 0x100_0000_01b3 }
    #expect(hash == 9_506_275_815_502_732_597)
    let pair = generator.gaussianPair()
    #expect(pair == (-0.7703787275526924, 0.6565601850031312))
  }

  @Test func `a permutation holds every item once and depends on seed and epoch`() {
    let order = permutation(of: 1_000, seed: 1, epoch: 0)
    #expect(order.sorted() == Array(0..<1_000))
    #expect(order == permutation(of: 1_000, seed: 1, epoch: 0))
    #expect(order != permutation(of: 1_000, seed: 1, epoch: 1))
    #expect(order != permutation(of: 1_000, seed: 2, epoch: 0))
    #expect(permutation(of: 0, seed: 1, epoch: 0).isEmpty && permutation(of: 1, seed: 1, epoch: 0) == [0])
  }
}
