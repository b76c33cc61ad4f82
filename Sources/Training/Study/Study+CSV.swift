import Foundation
import Radio

extension Study {
  /// Names of the columns of ``csvRows``.
  static let csvHead =
    "law,link,gate,top_k,accuracy,low_95,high_95,seed_accuracies,delivered,transmissions,airtime_us"

  /// Every row as fields of a table.
  var csvRows: [String] {
    rows.map { row in
      let numbers = [row.accuracy.mean, row.accuracy.low, row.accuracy.high].map(sixDigits)
      return [
        "\"\(row.law)\"", row.link.rawValue, row.gate.rawValue, "\(row.topK)", numbers.joined(separator: ","),
        row.accuracies.map(sixDigits).joined(separator: " "), sixDigits(row.delivered),
        sixDigits(row.radioPerImage.transmissions), sixDigits(row.radioPerImage.airtime),
      ].joined(separator: ",")
    }
  }
}
