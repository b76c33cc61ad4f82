import Foundation
import Randomness
import Testing

struct ElementaryTests {
  @Test func `logarithm, exponential, cosine and sine agree with the C library`() {
    var generator = CounterGenerator(seed: 1)
    for _ in 0..<20_000 {
      let x = Foundation.exp((generator.uniform() - 0.5) * 1_400)
      #expect(abs(Elementary.log(x) - Foundation.log(x)) <= 4e-16 * max(1, abs(Foundation.log(x))) + 1e-16)
      let y = (generator.uniform() - 0.5) * 1_400
      #expect(abs(Elementary.exp(y) / Foundation.exp(y) - 1) < 1e-15)
      let turns = (generator.uniform() - 0.5) * 10
      let (c, s) = Elementary.cosSin(turns: turns)
      #expect(abs(c - Foundation.cos(2 * .pi * turns)) < 1e-14)
      #expect(abs(s - Foundation.sin(2 * .pi * turns)) < 1e-14)
    }
    #expect(Elementary.exp(-800) == 0 && Elementary.exp(800) == .infinity && Elementary.exp(0) == 1)
    #expect(abs(Elementary.exp(-744) / Foundation.exp(-744) - 1) < 0.5)
    #expect(Elementary.cosSin(turns: 0.25).sine == 1 && Elementary.cosSin(turns: -0.25).sine == -1)
  }

  @Test func `decibels go both ways`() {
    #expect(abs(Elementary.decibels(100) - 20) < 1e-14)
    #expect(abs(Elementary.ratio(decibels: -30) - 1e-3) < 1e-18)
  }
}
