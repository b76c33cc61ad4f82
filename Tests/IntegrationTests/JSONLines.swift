import Foundation

/// What images took of the radio links, as the programs print it with `--json`.
struct RadioLine: Decodable, Equatable {
  let transmissions: Double
  let decode_failures: Double
  let value_bits: Double
  let information_bits: Double
  let coded_bits: Double
  let symbols: Double
  let bit_errors: Double
  let information_bit_errors: Double
  let airtime_us: Double
}

/// What the programs print with `--json`, as the command line's contract has it.
struct InferLine: Decodable {
  let file: String
  let `class`: Int
  let label: String
  let probability: Double
  let expert: Int
  let experts: [Int]
  let snr_db: Double?
  let link: String
  let latency_us: Int
  let delivered: Bool
  let radio: RadioLine
}

struct FailedLine: Decodable {
  let file: String
  let error: String?
}

struct Latencies: Decodable {
  let p50: Int
  let p95: Int
  let p99: Int
  let max: Int
}

struct EvaluationLine: Decodable {
  struct Share: Decodable {
    let expert: Int
    let selected: Int
  }
  let images: Int
  let correct: Int
  let accuracy: Double
  let errors: Int
  let gate: String
  let link: String
  let top_k: Int
  let experts: [Share]
  let latency_us: Latencies
  let images_per_second: Double
  let delivered: Int
  let radio_per_image: RadioLine
}

struct BenchLine: Decodable {
  struct Percentiles: Decodable {
    let p50: Int
    let p90: Int
    let p95: Int
    let p99: Int
    let p99_9: Int
    let max: Int

    var isOrdered: Bool { p50 <= p90 && p90 <= p95 && p95 <= p99 && p99 <= p99_9 && p99_9 <= max }
  }
  let requests: Int
  let images: Int
  let images_per_second: Double
  let offered_per_second: Double
  let errors: Int
  let refused: Int
  let expired: Int
  let failed: Int
  let unsent: Int
  let retries: Int
  let latency_us: Percentiles
  let send_delay_us: Percentiles
}

struct Prediction: Decodable, Equatable {
  let index: Int
  let label: Int
  let `class`: Int
  let probability: Double
  let expert: Int
  let block: UInt64
  let snr_db: Double?
}

func decodeLines<Line: Decodable>(_ type: Line.Type, _ text: String) throws -> [Line] {
  try text.split(separator: "\n").map { try JSONDecoder().decode(type, from: Data($0.utf8)) }
}

/// A small picture that the test makes, different for every name.
func writePicture(_ name: String, in folder: URL) throws -> String {
  let seed = name.utf8.reduce(7) { ($0 &* 31 &+ Int($1)) & 0xFFFF }
  var data = Data("P6 48 40 255\n".utf8)
  for place in 0..<48 * 40 * 3 { data.append(UInt8(truncatingIfNeeded: place &* seed >> 5)) }
  let file = folder.appendingPathComponent(name)
  try data.write(to: file)
  return file.path
}

/// Where two files of lines differ first; nil where they are equal.
func firstDifference(_ files: [String]) -> String? {
  let lines = files.map { $0.split(separator: "\n", omittingEmptySubsequences: false) }
  for index in 0..<(lines.map(\.count).max() ?? 0) {
    let these = lines.map { index < $0.count ? String($0[index]) : "(end)" }
    if Set(these).count > 1 { return these.joined(separator: " != ") }
  }
  return nil
}
