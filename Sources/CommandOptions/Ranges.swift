import ArgumentParser

/// - Throws: a usage error where the option's value is outside the range.
package func checkRange<Value>(_ option: String, _ value: Value, _ range: ClosedRange<Value>) throws {
  guard range.contains(value) else {
    throw ValidationError("--\(option): expected \(range.lowerBound) to \(range.upperBound), received \(value)")
  }
}
