import Foundation
import MixtureOfExperts
import Radio
import Testing
import Training

/// The study of experts of different sizes, on a small data set of pictures.
@Suite struct HeterogeneousExperimentTests {
  private func text(_ folder: String) -> String {
    """
    { "title": "Sizes", "dataset": "folder", "seeds": [1, 2], "law": { "meanDB": 8, "stdDB": 5 },
      "links": ["analog", "digital-raw"], "channelSeeds": [1, 2], "prices": [0, 1000000],
      "variants": [
        { "name": "equal", "recipe": "\(folder)/recipe.json" },
        { "name": "unequal", "recipe": "\(folder)/recipe.json",
          "changes": { "expertHiddenWidths": [[], [8], [24, 12]], "stage1": { "epochs": 2 } } }
      ] }
    """
  }

  @Test func `accuracy is told against what the experts compute, and a price moves the choice to the cheap ones`()
    throws
  {
    try withData { folder, surroundings in
      let setting = try configuration(text(folder), in: folder, as: Heterogeneous.Configuration.self)
      #expect(throws: TrainingError.interrupted) {
        try Heterogeneous(setting, in: surroundings.interrupted(at: 25))
      }
      let study = try Heterogeneous(setting, in: surroundings)
      let (equal, unequal) = (study.results[0], study.results[1])
      #expect(equal.multiplyAdds == [Int](repeating: 120 * 84 + 84 * 4, count: 3))
      #expect(unequal.multiplyAdds == [480, 992, 3216] && unequal.widths[2] == [120, 24, 12, 4])
      #expect(equal.runs.map(\.seed) == [1, 2] && equal.runs.allSatisfy { $0.seconds > 0 })
      // Over two kinds of link: the channel-aware gate at each price, and best-SNR.
      #expect(equal.runs[0].arms.count == 2 * 2 && unequal.runs[0].arms.count == 2 * 3)
      for (run, first) in zip(unequal.runs, equal.runs) {
        for link in study.links {
          func arm(_ run: Heterogeneous.Run, _ price: Float) throws -> Heterogeneous.Arm {
            try #require(run.arms.first { $0.link == link && $0.gate == .channelAware && $0.price == price })
          }
          let (free, dear, other) = (try arm(run, 0), try arm(run, 1_000_000), try arm(first, 0))
          #expect(dear.multiplyAddsPerImage == 480 && dear.loads == [1, 0, 0])
          let work = zip(free.loads, unequal.multiplyAdds).reduce(0) { $0 + $1.0 * Double($1.1) }
          #expect(abs(free.multiplyAddsPerImage - work) < 1e-6 && work > 480)
          let difference = (free.accuracies.reduce(0, +) - other.accuracies.reduce(0, +)) / 2
          #expect(abs(try #require(free.lead).mean - difference) < 1e-9 && other.lead == nil)
        }
      }

      let markdown = study.markdown
      #expect(markdown.contains("| `unequal` | ideal, base gate | 1,563 | "))
      #expect(markdown.contains("| 2 | 120-24-12-4 | 3,216 | "))
      #expect(markdown.contains("(`--compute-price`)"))
      #expect(study.csv.split(separator: "\n").count == 1 + 2 * (1 + 4) + 2 * (1 + 6))
      let script = try #require(study.plot(output: folder + "/x.svg"))
      #expect(script.contains("'unequal'"))
      try Gnuplot.installed?.draw(script, to: folder + "/x.svg")
      #expect(try study.write(under: folder, gnuplot: nil) == false)
      #expect(try #require(try Heterogeneous.read("heterogeneous", under: folder)).markdown == markdown)
    }
  }

  @Test func `a configuration that is wrong is told by its field`() throws {
    try withScratchFolder { folder in
      func complaint(_ old: String, _ new: String) -> String {
        do {
          let text = text(folder).replacing(old, with: new)
          _ = try configuration(text, in: folder, as: Heterogeneous.Configuration.self)
          return ""
        } catch { return "\(error)" }
      }
      #expect(complaint("", "") == "")
      #expect(complaint("[0, 1000000]", "[1]").contains("prices: expected 0 as the first, received 1.0"))
      #expect(complaint("[0, 1000000]", "[0, -1]").contains("prices: expected 0.0 to 1000000.0, received -1.0"))
      #expect(complaint("\"unequal\"", "\"equal\"").contains("variants: expected each name once"))
      #expect(complaint("\"digital-raw\"", "\"ideal\"").contains("links: expected some, and none that are ideal"))
      #expect(complaint("{ \"expertHidden", "[{ \"expertHidden").contains("not valid JSON"))
    }
  }
}
