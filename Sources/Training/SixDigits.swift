import Foundation

/// A number with six significant digits, as tables and plots take it.
func sixDigits(_ x: Double) -> String { String(format: "%.6g", x) }
