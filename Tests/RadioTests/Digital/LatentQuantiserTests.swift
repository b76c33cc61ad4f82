import Radio
import Randomness
import Testing

struct LatentQuantiserTests {
  @Test func `eq. 10 maps the range to 0 to 255`() throws {
    #expect(try quantise([-1, 1, 0, 0.5, -0.25]).values == [0, 255, 128, 191, 96])
    #expect(try quantise([0, 255, 0.5, 1.5, 2.5, 100.4]).values == [0, 255, 0, 2, 2, 100])
  }

  @Test func `eq. 11 returns within half a step, and the ends within rounding`() throws {
    var generator = CounterGenerator(seed: 71)
    for length in [1, 2, 7, 8, 9, 120, 512] {
      let z = generator.gaussians(length)
      let (range, values) = try quantise(z)
      let back = reconstruct(values, range)
      let step = (range.maximum - range.minimum) / 255
      #expect(zip(z, back).allSatisfy { abs($0 - $1) <= 0.5001 * step })
      #expect(range.minimum == z.min() && range.maximum == z.max())
    }
  }

  @Test func `a constant vector is 0 throughout and comes back exactly`() throws {
    let (range, values) = try quantise([0.3, 0.3, 0.3])
    #expect(values == [0, 0, 0] && reconstruct(values, range) == [0.3, 0.3, 0.3])
    #expect(try quantise([]).values == [])
    #expect(try quantise([-0.0, 0.0]).values == [0, 0])
  }

  @Test func `the smallest and the largest ranges work`() throws {
    let tiny = Float.leastNonzeroMagnitude
    #expect(try quantise([0, 3 * tiny, tiny]).values == [0, 255, 85])
    #expect(try quantise([-1e38, 1e38, 0]).values == [0, 255, 128])
  }

  @Test func `what is not finite never leaves the base station`() {
    for (z, message) in [
      ([0, .nan, 1], "latents: expected finite numbers, received nan at index 1"),
      ([0, 1, 2, 3, 4, 5, 6, 7, -.infinity], "latents: expected finite numbers, received -inf at index 8"),
      ([.infinity, 1, 2, 3, 4, 5, 6, 7], "latents: expected finite numbers, received inf at index 0"),
      ([-3e38, 3e38], "latents: expected a range below 3.4e38, received -3e+38 to 3e+38"),
    ] as [([Float], String)] {
      #expect(#expect(throws: LatentEncodingError.self) { try quantise(z) }?.description == message)
    }
  }
}

func quantise(_ z: [Float]) throws -> (range: LatentRange, values: [UInt8]) {
  try z.withUnsafeBufferPointer { z in
    let range = try LatentRange(of: z)
    var values = [UInt8](repeating: 0xFF, count: z.count)
    values.withUnsafeMutableBufferPointer { range.quantise(z, into: $0) }
    return (range, values)
  }
}

func reconstruct(_ values: [UInt8], _ range: LatentRange) -> [Float] {
  var z = [Float](repeating: .nan, count: values.count)
  values.withUnsafeBufferPointer { values in z.withUnsafeMutableBufferPointer { range.reconstruct(values, into: $0) } }
  return z
}
