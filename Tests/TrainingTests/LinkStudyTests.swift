import Foundation
import Radio
import Testing
import Training

@Suite struct LinkStudyTests {
  private func study(_ name: String, packets: Int, progress: (Int) -> Void = { _ in }) throws -> LinkStudy {
    var scenario = try Scenario(name) { _ in "" }
    scenario.configuration.seed = 131
    let plan = try LinkStudyPlan(scenario.configuration, latentCount: 60, packetCount: packets)
    return try LinkStudy(plan, scenario: scenario, command: "test", progress: progress)
  }

  @Test(arguments: Scenario.names) func `simulations meet their closed forms`(name: String) throws {
    let study = try study(name, packets: 1_000)
    var compared = 0
    for figure in study.figures {
      for curve in figure.curves where !curve.isBounded {
        for point in curve.points {
          let (measured, error) = (point.measured, point.measured.halfWidth / 1.96)
          // Where little was seen the interval itself is uncertain.
          guard let closedForm = point.closedForm, error > 0, error < 0.1 * abs(measured.mean) else { continue }
          compared += 1
          #expect(
            abs(measured.mean - closedForm) < 4.5 * error, "\(figure.name), \(curve.name) at \(point.x): \(measured)")
        }
      }
    }
    #expect(compared > 50)
  }

  @Test func `coded bit error rates stay under their bounds`() throws {
    let coded = try #require(try study("paper", packets: 1_000).figures.first { $0.name == "coded" })
    for curve in coded.curves {
      #expect(curve.isBounded && coded.largestDeviation(of: curve) == nil)
      for point in curve.points {
        guard let bound = point.closedForm else { continue }
        #expect(point.measured.mean - point.measured.halfWidth < bound)
      }
      #expect(curve.points[0].measured.mean > curve.points[4].measured.mean)
    }
  }

  @Test func `the same seed gives the same study, and its points are counted`() throws {
    var told: [Int] = []
    let first = try study("uav", packets: 100) { told.append($0) }
    #expect(try study("uav", packets: 100).json == first.json)
    let points = first.figures.reduce(0) { $0 + $1.curves.reduce(0) { $0 + $1.points.count } }
    #expect(told == Array(1...points))
    let rows = first.csv.split(separator: "\n")
    #expect(rows[0] == "figure,curve,x,simulated,half_width_95,samples,closed_form")
    #expect(rows.count == points + 1)
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let again = try decoder.decode(LinkStudy.self, from: Data(first.json.utf8))
    #expect(again.csv == first.csv)
  }

  @Test func `the picture has every curve, and quotes are no danger to it`() throws {
    var study = try study("paper", packets: 100)
    study.summary = "it's"
    let script = LinkPlot(study).script(output: "/tmp/o'brien.svg")
    #expect(script.contains("set output '/tmp/o''brien.svg'") && script.contains("it''s"))
    for (number, figure) in study.figures.enumerated() {
      for index in figure.curves.indices { #expect(script.contains("$s\(number)_\(index) using")) }
    }
  }
}
