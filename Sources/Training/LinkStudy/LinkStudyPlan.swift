package import Radio

/// What a study of links is made of, before it is carried out.
package struct LinkStudyPlan {
  /// A figure's simulations and closed forms.
  struct Figure {
    let name: String
    let title: String
    let xLabel: String
    let yLabel: String
    var isLogarithmic = true
    var curves: [Curve]
  }

  struct Curve {
    let name: String
    let xs: [Double]
    /// Whether the closed form is an upper bound only.
    var isBounded = false
    /// The exact value at x, if there is one; it may be made from the figure's earlier curves.
    var closedForm: (_ x: Double, _ earlier: [LinkStudy.Curve]) -> Double? = { _, _ in nil }
    /// Simulates all of `xs` and says when each is done.
    let measure: (_ xs: [Double], _ pointIsDone: () -> Void) throws -> [Measured]
  }

  package let configuration: LinkConfiguration
  /// N_F of the packets.
  package let latentCount: Int
  /// Packets for each point.
  package let packetCount: Int
  let figures: [Figure]

  /// How many points there are to compute.
  package var pointCount: Int { figures.reduce(0) { $0 + $1.curves.reduce(0) { $0 + $1.xs.count } } }

  package init(_ configuration: LinkConfiguration, latentCount: Int, packetCount: Int) throws {
    self.configuration = configuration
    self.latentCount = latentCount
    self.packetCount = packetCount
    let errors = ErrorRatePlans(configuration, latentCount: latentCount, packetCount: packetCount)
    let states = try SNRPlans(configuration, linkCount: max(packetCount / 10, 20))
    let fades = FadePlans(configuration, linkCount: max(packetCount / 50, 20))
    figures =
      try [errors.uncoded, errors.coded, errors.packets(), states.distribution, states.density, errors.delivery()]
      + fades.all
  }
}

extension LinkConfiguration {
  /// The same small-scale fading, new in every block, at a fixed mean SNR and without interference.
  func fadingAlone(meanDB: Double) -> LinkConfiguration {
    LinkConfiguration(snrMeanDB: meanDB, snrStdDB: 0, fading: fading, symbolRate: symbolRate, seed: seed)
  }
}

extension Fading {
  /// For legends.
  var title: String {
    switch self {
    case .none: "no fading"
    case .rayleigh: "Rayleigh"
    case .rician(let k): "Rician, K = \(sixDigits(k))"
    case .nakagami(let m): "Nakagami, m = \(sixDigits(m))"
    }
  }
}
