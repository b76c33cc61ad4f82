import Foundation
import Randomness
import Testing

struct ElementaryTests {
  @Test func `logarithm, exponential, cosine and sine agree with the C library`() {
    var generator = CounterGenerator(seed: 1)
    var (logError, expError, turnError) = (0.0, 0.0, 0.0)
    for _ in 0..<20_000 {
      let x = Foundation.exp((generator.uniform() - 0.5) * 1_400)
      logError = max(logError, abs(Elementary.log(x) - Foundation.log(x)) / max(1e-3, abs(Foundation.log(x))))
      let y = (generator.uniform() - 0.5) * 1_400
      expError = max(expError, abs(Elementary.exp(y) / Foundation.exp(y) - 1))
      let turns = (generator.uniform() - 0.5) * 10
      let (c, s) = Elementary.cosSin(turns: turns)
      let angle = 2 * .pi * (turns - turns.rounded())
      turnError = max(turnError, abs(c - Foundation.cos(angle)), abs(s - Foundation.sin(angle)))
    }
    #expect(logError < 1e-15)
    #expect(expError < 1e-15)
    #expect(turnError < 1e-15)
    #expect(Elementary.exp(-800) == 0 && Elementary.exp(800) == .infinity && Elementary.exp(0) == 1)
    #expect(abs(Elementary.exp(-744) / Foundation.exp(-744) - 1) < 0.5)
    #expect(Elementary.cosSin(turns: 0.25).sine == 1 && Elementary.cosSin(turns: -0.25).sine == -1)
  }

  @Test func `decibels go both ways`() {
    #expect(abs(Elementary.decibels(100) - 20) < 1e-14)
    #expect(abs(Elementary.ratio(decibels: -30) - 1e-3) < 1e-18)
  }
}
