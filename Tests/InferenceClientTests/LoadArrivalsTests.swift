import InferenceClient
import Testing

struct LoadArrivalsTests {
  private func times(_ law: LoadArrivals.Law, seed: UInt64 = 1, count: Int = 20_000) -> [Double] {
    var arrivals = LoadArrivals(law, rate: 1000, seed: seed)
    return (0..<count).map { _ in
      defer { arrivals.advance() }
      return arrivals.next
    }
  }

  @Test func `uniform arrivals keep time however long they go on`() {
    let times = times(.uniform)
    #expect(times[0] == 0 && times[1] == 0.001)
    #expect(abs(times[19_999] - 19.999) < 1e-9)
  }

  @Test func `poisson arrivals come at the rate, with gaps as uneven as an exponential law's`() {
    let times = times(.poisson)
    let gaps = zip(times, times.dropFirst()).map { $1 - $0 }
    let mean = gaps.reduce(0, +) / Double(gaps.count)
    let variance = gaps.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(gaps.count)
    // Standard errors: 0.7 % of the mean, and of the deviation, which equals the mean, 1 %.
    #expect(abs(mean - 0.001) < 4 * 0.007 * 0.001)
    #expect(abs(variance.squareRoot() - 0.001) < 4 * 0.01 * 0.001)
    let longer = Double(gaps.count { $0 > 0.001 }) / Double(gaps.count)
    #expect(abs(longer - 0.3679) < 4 * 0.0034)
  }

  @Test func `at the slowest rate times stay within the clock's range`() {
    var arrivals = LoadArrivals(.poisson, rate: LoadArrivals.rates.lowerBound, seed: 1)
    for _ in 0..<1000 { arrivals.advance() }
    #expect(UInt64(exactly: (arrivals.next * 1e9).rounded()) != nil)
  }

  @Test func `the seed alone says when requests are due`() {
    #expect(times(.poisson, seed: 7, count: 100) == times(.poisson, seed: 7, count: 100))
    #expect(times(.poisson, seed: 7, count: 100) != times(.poisson, seed: 8, count: 100))
  }
}
