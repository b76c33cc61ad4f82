import ArgumentParser
import CommandOptions
import Foundation

/// Prints a line on standard error and gives the exit status of something that ran and failed.
func failure(_ message: String) -> ExitCode {
  FileHandle.standardError.tell(Data("moe-client: \(message)\n".utf8))
  return ExitCode(1)
}

/// Prints one JSON object on one line.
func printJSON(_ value: some Encodable) throws {
  let encoder = JSONEncoder()
  encoder.keyEncodingStrategy = .convertToSnakeCase
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  print(String(decoding: try encoder.encode(value), as: UTF8.self))
}

/// An optional that JSON shows as null instead of leaving it out.
struct Nullable<Wrapped: Encodable>: Encodable {
  let value: Wrapped?

  init(_ value: Wrapped?) { self.value = value }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if let value { try container.encode(value) } else { try container.encodeNil() }
  }
}

extension Float {
  /// With as many decimals as say something.
  func rounded(_ decimals: Int) -> String { String(format: "%.\(decimals)f", self) }
}

extension Double {
  func rounded(_ decimals: Int) -> String { String(format: "%.\(decimals)f", self) }

  var percent: String { (self * 100).rounded(2) + " %" }
}
