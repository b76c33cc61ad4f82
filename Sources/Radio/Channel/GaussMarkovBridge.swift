package import Randomness

/// Displacement by a velocity that is a stationary first-order Gauss-Markov process, at any block after an anchor.
///
/// Per axis (x, u): x' = x + u T, u' = a u + s sqrt(1 - a²) N. Instead of running through all blocks, the state at the next
/// anchor is drawn first and then midpoints between two known states, each from its conditional law: ten draws for one of
/// 1,024 blocks, the same whichever blocks are asked for. The law at the blocks is that of the recursion.
package struct GaussMarkovBridge: Sendable {
  private static let levels = 10  // 2^10 = Mobility.anchorInterval

  /// What is needed to draw the state in the middle of 2 m blocks, for m = 2^level.
  private struct Level {
    /// The state m blocks on, without noise, and that noise's covariance.
    let transition: Matrix2
    let covariance: Matrix2
    /// Gain on the surprise of the state at the end, and the covariance that then remains, as a factor.
    let gain: Matrix2
    let factor: Matrix2
  }

  private let levels: [Level]
  private let endTransition: Matrix2
  private let endFactor: Matrix2
  private let speedStd: Double

  /// - Parameters:
  ///   - step: T, a block's duration in seconds.
  ///   - speedStd: s, standard deviation of the velocity per axis in m/s.
  ///   - memory: the time in seconds after which a velocity's correlation is 1/e: a = e^{-T/memory}.
  package init(step: Double, speedStd: Double, memory: Double) {
    let a = Elementary.exp(-step / memory)
    var transition = Matrix2(1, step, 0, a)
    var covariance = Matrix2(0, 0, 0, speedStd * speedStd * (1 - a * a))
    var levels: [Level] = []
    for _ in 0..<Self.levels {
      // Given s0, the middle is A s0 + w1 and the end A (A s0 + w1) + w2, both noises of covariance Q:
      // gain K = Q Aᵀ (A Q Aᵀ + Q)⁻¹, remaining covariance Q - K A Q.
      let whole = transition * covariance * transition.transposed + covariance
      let gain = speedStd > 0 ? covariance * transition.transposed * whole.inverse : Matrix2(0, 0, 0, 0)
      levels.append(
        Level(
          transition: transition, covariance: covariance, gain: gain,
          factor: (covariance - gain * transition * covariance).cholesky))
      covariance = whole
      transition = transition * transition
    }
    self.levels = levels
    self.speedStd = speedStd
    endTransition = transition
    endFactor = covariance.cholesky
  }

  /// How far the device has come from the anchor, x and y, less than ``Mobility/anchorInterval`` blocks after it.
  package func displacement(after blocks: UInt64, _ stream: StreamKey) -> SIMD2<Double> {
    if blocks == 0 { return .zero }
    var generator = CounterGenerator(stream)
    let (a, b) = generator.gaussianPair()
    // Columns: x axis, y axis. Rows: displacement, velocity.
    var start = Matrix2(0, 0, speedStd * a, speedStd * b)
    var end = endTransition * start + endFactor * draw(&generator)
    var first: UInt64 = 0
    for level in levels.indices.reversed() {
      let law = levels[level]
      let half: UInt64 = 1 << UInt64(level)
      generator.position = (first + half) * 8  // four words are used
      let expected = law.transition * start
      let middle = expected + law.gain * (end - law.transition * expected) + law.factor * draw(&generator)
      if blocks < first + half {
        end = middle
      } else {
        start = middle
        first += half
        if first == blocks { break }
      }
    }
    return SIMD2(start.a, start.b)
  }

  private func draw(_ generator: inout CounterGenerator) -> Matrix2 {
    let ((a, b), (c, d)) = (generator.gaussianPair(), generator.gaussianPair())
    return Matrix2(a, b, c, d)
  }
}

/// A matrix of two rows, (a, b) and (c, d).
struct Matrix2: Sendable {
  var a, b, c, d: Double

  init(_ a: Double, _ b: Double, _ c: Double, _ d: Double) {
    (self.a, self.b, self.c, self.d) = (a, b, c, d)
  }

  var transposed: Matrix2 { Matrix2(a, c, b, d) }

  var inverse: Matrix2 {
    let determinant = a * d - b * c
    return Matrix2(d / determinant, -b / determinant, -c / determinant, a / determinant)
  }

  /// The lower triangular L with L Lᵀ = self, of a covariance that rounding may have made slightly indefinite.
  var cholesky: Matrix2 {
    let first = max(a, 0).squareRoot()
    let below = first > 0 ? c / first : 0
    return Matrix2(first, 0, below, max(d - below * below, 0).squareRoot())
  }

  static func * (x: Matrix2, y: Matrix2) -> Matrix2 {
    Matrix2(x.a * y.a + x.b * y.c, x.a * y.b + x.b * y.d, x.c * y.a + x.d * y.c, x.c * y.b + x.d * y.d)
  }

  static func + (x: Matrix2, y: Matrix2) -> Matrix2 { Matrix2(x.a + y.a, x.b + y.b, x.c + y.c, x.d + y.d) }
  static func - (x: Matrix2, y: Matrix2) -> Matrix2 { Matrix2(x.a - y.a, x.b - y.b, x.c - y.c, x.d - y.d) }
}
