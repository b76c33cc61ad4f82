import Foundation
import Radio

extension EvaluationReport {
  /// The report for people.
  package var table: String {
    var lines = [
      "gate \(gate), link \(link), top \(topK)",
      "accuracy   \(Self.percent(accuracy))  (\(correct) of \(images))",
      "speed      \(ProgressMeter.grouped(Int(imagesPerSecond))) images/s; one image p50 \(Int(latency.p50)) us, "
        + "p99 \(Int(latency.p99)) us",
      String(
        format: "radio      %.3f transmissions, %.0f symbols, %.0f us on air an image", radio.transmissions,
        radio.symbols, radio.airtime),
    ]
    if radio.codedBits > 0 {
      lines += [
        String(
          format: "           %.0f bits of values -> %.0f of codeword -> %.0f coded; %.1f wrong on air",
          radio.valueBits,
          radio.informationBits, radio.codedBits, radio.bitErrors),
        String(format: "           %.3f decode failures an image; delivered ", radio.decodeFailures)
          + Self.percent(Double(delivered) / Double(max(images, 1))),
      ]
    }
    lines.append("expert     images   share")
    let asked = experts.reduce(0) { $0 + $1.selected }
    for row in experts {
      let share = asked == 0 ? 0 : Double(row.selected) / Double(asked)
      lines.append(
        Self.padded("\(row.expert)", 6) + Self.padded(ProgressMeter.grouped(row.selected), 11)
          + Self.padded(Self.percent(share), 9))
    }
    return lines.joined(separator: "\n")
  }

  private static func percent(_ share: Double) -> String { String(format: "%.2f %%", 100 * share) }

  private static func padded(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
