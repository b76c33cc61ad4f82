import Radio
import Randomness
import Testing

struct MobilityTests {
  static let models: [Mobility] = [
    .fixed(distance: 30), .straight(area: 200, speed: 14),
    .gaussMarkov(area: 100, speed: 1.5, speedStd: 0.7, memory: 8),
    .randomWaypoint(area: 60, speeds: 0.5...2, pause: 3),
  ]

  @Test(arguments: models)
  func `devices stay within the area and move no faster than they can`(mobility: Mobility) throws {
    let (area, fastest) =
      switch mobility {
      case .fixed(let distance): (2 * distance, 0.0)
      case .straight(let area, let speed): (area, speed)
      case .gaussMarkov(let area, let speed, let speedStd, _): (area, speed + 6 * speedStd)
      case .randomWaypoint(let area, let speeds, _): (area, speeds.upperBound)
      }
    let path = try link(mobility)
    var moved = false
    for block in 0..<5_000 as Range<UInt64> {
      let here = try #require(path.place(ofBlock: block))
      #expect(abs(here.x) <= area / 2 && abs(here.y) <= area / 2)
      guard (block + 1) % Mobility.anchorInterval != 0 else { continue }
      let step = try #require(path.place(ofBlock: block + 1)) - here
      #expect((step * step).sum().squareRoot() <= fastest * 0.05 + 1e-9)
      moved = moved || step != .zero
    }
    #expect(moved == (fastest > 0))
  }

  @Test func `straight paths keep their speed between walls`() throws {
    let path = try link(.straight(area: 1_000, speed: 20))
    var reflected = 0
    for block in 0..<1_000 as Range<UInt64> {
      let step = try #require(path.place(ofBlock: block + 1)) - #require(path.place(ofBlock: block))
      if abs((step * step).sum().squareRoot() - 1) > 1e-9 { reflected += 1 }
    }
    #expect(reflected <= 6)
  }

  @Test func `waypoint walks pause at places and go straight between them`() throws {
    let path = try link(.randomWaypoint(area: 20, speeds: 1...1, pause: 2))
    var (still, moving) = (0, 0)
    for block in 0..<1_000 as Range<UInt64> {
      let step = try #require(path.place(ofBlock: block + 1)) - #require(path.place(ofBlock: block))
      if step == .zero { still += 1 } else { moving += 1 }
    }
    // Mean way 0.52 of the side (10.4 m at 1 m/s) and 2 s of pause: about one part in six is pause.
    #expect(still > 80 && still < 350 && moving > 600)
  }

  @Test(arguments: [(1, 1), (1, 2), (7, 7), (300, 300), (512, 512), (511, 513), (100, 700), (1023, 1023), (1022, 1023)])
  func `Gauss-Markov displacements have the covariance of the recursion`(m: Int, n: Int) {
    let (step, std, memory) = (0.05, 0.7, 2.0)
    let bridge = GaussMarkovBridge(step: step, speedStd: std, memory: memory)
    // x_m = T (u_0 + … + u_{m-1}) and E u_i u_j = s² a^{|i-j|}.
    let powers = (0..<1_024).map { pow(-step / memory * Double($0)) }
    var expected = 0.0
    for i in 0..<m { for j in 0..<n { expected += powers[abs(i - j)] } }
    expected *= step * step * std * std
    var (along, across) = (Estimate(), Estimate())
    for link in 0..<20_000 as Range<UInt64> {
      let stream = StreamKey(seed: 121, link)
      let a = bridge.displacement(after: UInt64(m), stream)
      let b = bridge.displacement(after: UInt64(n), stream)
      along.add(a.x * b.x)
      along.add(a.y * b.y)
      across.add(a.x * b.y)
    }
    #expect(along.z(from: expected) < 3.5, "\(along.mean) against \(expected)")
    #expect(across.z(from: 0) < 3.5)
  }

  @Test func `Gauss-Markov velocities have their standard deviation and forget as e^(-t/memory)`() {
    let bridge = GaussMarkovBridge(step: 0.1, speedStd: 1.3, memory: 0.5)
    var (variance, lag) = (Estimate(), Estimate())
    for link in 0..<4_000 as Range<UInt64> {
      let stream = StreamKey(seed: 122, link)
      let x = [500, 501, 503, 504].map { bridge.displacement(after: $0, stream).x }
      let (u, v) = ((x[1] - x[0]) / 0.1, (x[3] - x[2]) / 0.1)
      variance.add(u * u)
      lag.add(u * v)
    }
    #expect(variance.z(from: 1.69) < 3.5)
    #expect(lag.z(from: 1.69 * pow(-0.3 / 0.5)) < 3.5)
  }

  private func link(_ mobility: Mobility) throws -> SimulatedLink {
    let configuration = LinkConfiguration(snr: .pathLoss(PathLoss(mobility: mobility)), seed: 123)
    return try SimulatedLink(configuration: configuration, id: LinkID(baseStation: 0, process: 4))
  }

  /// e^x.
  private func pow(_ x: Double) -> Double { Elementary.exp(x) }
}
