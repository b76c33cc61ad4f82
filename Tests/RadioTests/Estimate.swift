import Testing

/// A mean with its standard error, from independent samples (packets, say, within which errors cluster).
struct Estimate {
  private var count = 0.0
  private var sum = 0.0
  private var squares = 0.0

  mutating func add(_ x: Double) {
    count += 1
    sum += x
    squares += x * x
  }

  var mean: Double { sum / count }
  var standardError: Double { (max(0, squares / count - mean * mean) / count).squareRoot() }

  /// The distance from a reference in standard errors, what the reference's rounding explains taken off.
  /// - Parameter rounding: half a unit of the reference's last digit.
  func z(from reference: Double, rounding: Double = 0) -> Double {
    max(0, abs(mean - reference) - rounding) / standardError
  }
}

/// Half a unit in the last of `digits` significant digits.
func halfUnit(of reference: Double, digits: Int) -> Double {
  var unit = 1.0
  while unit > abs(reference) { unit /= 10 }
  while unit * 10 <= abs(reference) { unit *= 10 }
  for _ in 1..<digits { unit /= 10 }
  return unit / 2
}
