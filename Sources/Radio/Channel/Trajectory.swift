internal import Randomness

/// Where a moving device is during each block: metres from the base station, x and y.
struct Trajectory: Sendable {
  private let mobility: Mobility
  private let stream: StreamKey
  private let blockDuration: Double
  private let gaussMarkov: GaussMarkovBridge?

  init(_ stream: StreamKey, mobility: Mobility, blockDuration: Double) {
    self.stream = stream
    self.mobility = mobility
    self.blockDuration = blockDuration
    if case .gaussMarkov(_, _, let speedStd, let memory) = mobility {
      gaussMarkov = GaussMarkovBridge(step: blockDuration, speedStd: speedStd, memory: memory)
    } else {
      gaussMarkov = nil
    }
  }

  func place(ofBlock block: UInt64) -> SIMD2<Double> {
    let anchor = block / Mobility.anchorInterval
    let offset = block % Mobility.anchorInterval
    let elapsed = Double(offset) * blockDuration
    switch mobility {
    case .fixed(let distance):
      var generator = CounterGenerator(stream)
      return distance * direction(&generator)
    case .straight(let area, let speed):
      var generator = CounterGenerator(stream.appending(anchor))
      let start = place(in: area, &generator)
      return folded(start + elapsed * speed * direction(&generator), area: area)
    case .gaussMarkov(let area, let speed, _, _):
      guard let gaussMarkov else { preconditionFailure("a Gauss-Markov path has its bridge") }
      var generator = CounterGenerator(stream.appending(anchor))
      let start = place(in: area, &generator)
      let drift = elapsed * speed * direction(&generator)
      let wander = gaussMarkov.displacement(after: offset, stream.appending(anchor).appending(1))
      return folded(start + drift + wander, area: area)
    case .randomWaypoint(let area, let speeds, let pause):
      var generator = CounterGenerator(stream.appending(anchor))
      return waypointWalk(area: area, speeds: speeds, pause: pause, elapsed: elapsed, &generator)
    }
  }

  /// Legs from the anchor on. A leg takes at least a block, so there are at most ``Mobility/anchorInterval`` of them.
  private func waypointWalk(
    area: Double, speeds: ClosedRange<Double>, pause: Double, elapsed: Double, _ generator: inout CounterGenerator
  ) -> SIMD2<Double> {
    var here = place(in: area, &generator)
    var left = elapsed
    for _ in 0..<Mobility.anchorInterval {
      let there = place(in: area, &generator)
      let speed = speeds.lowerBound + (speeds.upperBound - speeds.lowerBound) * generator.uniform()
      let way = there - here
      let duration = max((way * way).sum().squareRoot() / speed, blockDuration)
      if left < duration { return here + way * (left / duration) }
      if left < duration + pause { return there }
      left -= duration + pause
      here = there
    }
    return here
  }

  private func direction(_ generator: inout CounterGenerator) -> SIMD2<Double> {
    let (c, s) = Elementary.cosSin(turns: generator.uniform())
    return SIMD2(c, s)
  }

  private func place(in area: Double, _ generator: inout CounterGenerator) -> SIMD2<Double> {
    (SIMD2(generator.uniform(), generator.uniform()) - 0.5) * area
  }

  /// Reflects at the walls of a square of side `area`: a path into the mirrored square is the mirrored path.
  private func folded(_ place: SIMD2<Double>, area: Double) -> SIMD2<Double> {
    var result = place / area + 0.5
    for axis in 0..<2 {
      let turn = result[axis] - 2 * (result[axis] / 2).rounded(.down)  // in 0..<2
      result[axis] = turn <= 1 ? turn : 2 - turn
    }
    return (result - 0.5) * area
  }
}
