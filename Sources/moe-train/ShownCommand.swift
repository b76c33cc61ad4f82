import Foundation

/// The command line as a shell takes it; of absolute paths only the last part, which is the same everywhere.
var shownCommand: String {
  let words = CommandLine.arguments.dropFirst().map { argument in
    let name = argument.hasPrefix("/") ? URL(fileURLWithPath: argument).lastPathComponent : argument
    return name.contains(" ") ? "'\(name)'" : name
  }
  return (["moe-train"] + words).joined(separator: " ")
}
