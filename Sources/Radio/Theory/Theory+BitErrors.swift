#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

extension Theory {
  /// Bit error rate of Gray 16-QAM without coding on the Gaussian channel, exactly.
  ///
  /// 3/4 Q(sqrt(g/5)) + 1/2 Q(3 sqrt(g/5)) - 1/4 Q(5 sqrt(g/5)); Cho and Yoon, "On the general BER expression of one- and
  /// two-dimensional amplitude modulations", IEEE Trans. Commun. 50(7), 2002.
  /// - Parameter esN0: g = Es/N0 of the complex symbol.
  public static func qam16BitErrorRate(esN0: Double) -> Double {
    let x = (esN0 / 5).squareRoot()
    return 0.75 * q(x) + 0.5 * q(3 * x) - 0.25 * q(5 * x)
  }

  /// The same over Rayleigh fading, perfectly known.
  ///
  /// Each Q(a sqrt(g)) becomes 1/2 (1 - sqrt(a² g/(2 + a² g))), its mean over an exponential |h|².
  /// - Parameter meanEsN0: Es/N0 at |h|² = 1.
  public static func qam16RayleighBitErrorRate(meanEsN0: Double) -> Double {
    func tail(_ a: Double) -> Double {
      let x = a * a * meanEsN0 / 5
      return (1 - (x / (2 + x)).squareRoot()) / 2
    }
    return 0.75 * tail(1) + 0.5 * tail(3) - 0.25 * tail(5)
  }

  /// Union bound on the bit error rate of ``ConvolutionalCode`` with BPSK and unquantised soft decisions.
  ///
  /// Sum over distances d of (information weight at d) Q(sqrt(2 d R Eb/N0)), R = 1/2, cut at distance 20; close above
  /// 4 dB, far too large below 3.
  public static func codedBitErrorBound(ebN0: Double) -> Double {
    distanceSpectrum.reduce(0) { $0 + Double($1.weight) * q((Double($1.distance) * ebN0).squareRoot()) }
  }

  /// The same with hard decisions: each distance's pairwise error probability is that of d decisions, of which each is
  /// wrong with probability Q(sqrt(2 R Eb/N0)); ties count half.
  public static func hardCodedBitErrorBound(ebN0: Double) -> Double {
    let p = q(ebN0.squareRoot())
    return distanceSpectrum.reduce(0) { sum, term in
      let d = term.distance
      func probability(_ errors: Int) -> Double {
        exp(
          lgamma(Double(d + 1)) - lgamma(Double(errors + 1)) - lgamma(Double(d - errors + 1))
            + Double(errors) * log(p) + Double(d - errors) * log1p(-p))
      }
      let wrong = (d / 2 + 1...d).reduce(0) { $0 + probability($1) }
      return sum + Double(term.weight) * (wrong + (d % 2 == 0 ? probability(d / 2) / 2 : 0))
    }
  }

  /// Information bits that are wrong over all error events of each distance: 36 at 10, 211 at 12, 1404 at 14 …
  ///
  /// Counted by following every path that leaves state 0 and first returns to it, by weight.
  public static let distanceSpectrum: [(distance: Int, weight: Int)] = {
    let limit = 20
    // paths[d][s]: how many paths of weight d stand in state s, and the information ones on all of them together.
    var paths = [[(count: Int, ones: Int)]](
      repeating: Array(repeating: (0, 0), count: 64), count: limit + 1)
    var spectrum = [Int](repeating: 0, count: limit + 1)
    paths[2][1] = (1, 1)
    // Each round moves every path one stage on; no cycle but that of state 0 has weight 0, so they all run out.
    while paths.contains(where: { $0.contains { $0.count > 0 } }) {
      var next = paths.map { $0.map { _ in (count: 0, ones: 0) } }
      for d in 0...limit {
        for state in 1..<64 where paths[d][state].count > 0 {
          for bit in 0...1 {
            let register = state << 1 | bit
            let weight =
              (register & 0b110_1101).nonzeroBitCount % 2 + (register & 0b100_1111).nonzeroBitCount % 2
            guard d + weight <= limit else { continue }
            let ones = paths[d][state].ones + bit * paths[d][state].count
            if register & 63 == 0 {
              spectrum[d + weight] += ones
            } else {
              next[d + weight][register & 63].count += paths[d][state].count
              next[d + weight][register & 63].ones += ones
            }
          }
        }
      }
      paths = next
    }
    return spectrum.enumerated().filter { $0.element > 0 }.map { ($0.offset, $0.element) }
  }()
}
