import Foundation
import MixtureOfExperts

/// A finished experiment's results: a JSON file that tells all, a table for other programs, a section of RESULTS.md, a picture.
package protocol Experiment: Codable, Sendable {
  associatedtype Configuration: StrictFile

  /// The folder's and the files' name, `table2`.
  var name: String { get }
  /// The heading of the results' section.
  var title: String { get }
  var csv: String { get }
  /// The results' section of RESULTS.md, from its heading on.
  var markdown: String { get }
  /// The gnuplot script that draws the picture; nil where there is nothing to draw.
  func plot(output path: String) -> String?
}

extension Experiment {
  package var json: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
  }

  /// Writes `Results/<name>/<name>` with .json, .csv and, where gnuplot is, .svg under `root`.
  /// - Returns: whether a picture was drawn, where there was something to draw.
  package func write(under root: String, gnuplot: Gnuplot?) throws -> Bool {
    let folder = "\(root)/Results/\(name)"
    let path = "\(folder)/\(name)"
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw TrainingError.unwritable(path: folder, reason: (error as NSError).localizedDescription)
    }
    try storeFile(json + "\n", at: path + ".json")
    try storeFile(csv, at: path + ".csv")
    guard let script = plot(output: path + ".svg") else { return true }
    guard let gnuplot else { return false }
    try gnuplot.draw(script, to: path + ".svg")
    return true
  }

  /// The results that lie under `root`; nil where there are none.
  package static func read(_ name: String, under root: String) throws(TrainingError) -> Self? {
    let path = "\(root)/Results/\(name)/\(name).json"
    guard let data = FileManager.default.contents(atPath: path) else { return nil }
    do {
      return try JSONDecoder().decode(Self.self, from: data)
    } catch let error as DecodingError {
      throw .file(path: path, reason: error.oneLine)
    } catch {
      throw .file(path: path, reason: "\(error)")
    }
  }
}
