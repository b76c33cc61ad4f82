package import Radio

/// What a scenario's links do, simulated, beside what theory says: error rates, SNRs and fades.
package struct LinkStudy: Codable, Sendable {
  package struct Figure: Codable, Sendable {
    /// A word for files.
    package var name: String
    package var title: String
    package var xLabel: String
    package var yLabel: String
    package var isLogarithmic: Bool
    package var curves: [Curve]

    /// A curve's largest distance from its closed form in standard errors; nil without one, and beside a bound.
    ///
    /// Of rates only points with an interval within 40 % count: of fewer events than some 25 the standard error itself is
    /// little known.
    package func largestDeviation(of curve: Curve) -> Double? {
      if curve.isBounded { return nil }
      return curve.points.compactMap { point in
        let measured = point.measured
        guard let closedForm = point.closedForm, measured.halfWidth > 0,
          !isLogarithmic || measured.halfWidth < 0.4 * measured.mean
        else { return nil }
        return abs(measured.mean - closedForm) / measured.halfWidth * Measured.halfWidths
      }.max()
    }
  }

  package struct Curve: Codable, Sendable {
    package var name: String
    /// Whether the closed form is an upper bound only.
    package var isBounded: Bool
    package var points: [Point]
  }

  package struct Point: Codable, Sendable {
    package var x: Double
    package var measured: Measured
    package var closedForm: Double?
  }

  package var scenario: String
  package var summary: String
  /// The command that made the study.
  package var command: String
  package var seed: UInt64
  package var figures: [Figure]

  /// Carries out a plan.
  /// - Parameter progress: told how many of the plan's points are done.
  package init(
    _ plan: LinkStudyPlan, scenario: Scenario, command: String, progress: (Int) -> Void = { _ in }
  ) throws {
    self.scenario = scenario.name
    summary = scenario.summary
    self.command = command
    seed = plan.configuration.seed
    figures = []
    var done = 0
    for figure in plan.figures {
      var curves: [Curve] = []
      for curve in figure.curves {
        let measured = try curve.measure(curve.xs) {
          done += 1
          progress(done)
        }
        let points = zip(curve.xs, measured).map { x, measured in
          Point(x: x, measured: measured, closedForm: curve.closedForm(x, curves))
        }
        curves.append(Curve(name: curve.name, isBounded: curve.isBounded, points: points))
      }
      figures.append(
        Figure(
          name: figure.name, title: figure.title, xLabel: figure.xLabel, yLabel: figure.yLabel,
          isLogarithmic: figure.isLogarithmic, curves: curves))
    }
  }
}

/// A measured mean, with the half-width of its 95 % interval.
package struct Measured: Codable, Sendable {
  package var mean: Double
  package var halfWidth: Double
  /// Independent samples: packets, links.
  package var samples: Int

  /// Half-widths are so many standard errors.
  static let halfWidths = 1.96

  package init(mean: Double, standardError: Double, samples: Int) {
    self.mean = mean
    halfWidth = Self.halfWidths * standardError
    self.samples = samples
  }
}

/// Sums of independent samples that may be put together in any grouping.
struct Tally {
  private var count = 0
  private var sum = 0.0
  private var squares = 0.0

  mutating func add(_ x: Double) {
    count += 1
    sum += x
    squares += x * x
  }

  static func += (tally: inout Tally, other: Tally) {
    tally.count += other.count
    tally.sum += other.sum
    tally.squares += other.squares
  }

  /// The mean. A rate of which nothing was seen in n samples is below 3/n with 95 % confidence ("rule of three").
  var measured: Measured {
    let n = Double(count)
    let mean = sum / n
    let error = squares > 0 ? (max(0, squares / n - mean * mean) / n).squareRoot() : 3 / n / Measured.halfWidths
    return Measured(mean: mean, standardError: error, samples: count)
  }
}

/// `body` for 0 ..< count on all cores, what it adds summed in order.
func tally(_ count: Int, _ body: (Int, inout Tally) -> Void) -> Tally {
  let pieces = shards(of: count, size: 250)
  return parallelMap(pieces.count) { piece in
    pieces[piece].reduce(into: Tally()) { tally, i in body(i, &tally) }
  }.reduce(into: Tally()) { $0 += $1 }
}
