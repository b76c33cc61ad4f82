import ArgumentParser
import InferenceClient

struct ShowStatus: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Show the base station and its experts; exit status 1 until it can serve.")

  @OptionGroup var connection: ConnectionOptions

  func run() async throws {
    let client = try await connection.connect()
    let status: BaseStationStatus
    do {
      status = try await client.status()
    } catch {
      throw failure("\(error)")
    }
    await client.close()
    if connection.json { try printJSON(Report(status)) } else { show(status) }
    if !status.canServe { throw failure("the base station cannot serve yet: no expert is up") }
  }

  private func show(_ status: BaseStationStatus) {
    print("model   \(status.model) (\(status.digest.prefix(12)))")
    print("uptime  \(status.uptime.inSeconds.rounded(1)) s")
    for (name, value) in status.counters {
      print("\(name.replacing("_", with: " "))  \(value)")
    }
    print("")
    var table = Table(">expert", "state", "node", "address", ">SNR dB", ">queue", "")
    for expert in status.experts {
      table.add(
        expert.expert.map(String.init) ?? "-", expert.state, expert.node, expert.address,
        expert.snrDB.map { $0.rounded(1) } ?? "-", "\(expert.queue)", expert.reason)
    }
    table.show()
  }

  private struct Report: Encodable {
    let model: String
    let digest: String
    let uptimeS: Double
    let canServe: Bool
    let experts: [Expert]
    let counters: [String: UInt64]

    struct Expert: Encodable {
      let expert: Nullable<Int>
      let node: String
      let state: String
      let address: String
      let snrDb: Nullable<Float>
      let queue: Int
      let reason: String
    }

    init(_ status: BaseStationStatus) {
      model = status.model
      digest = status.digest
      uptimeS = status.uptime.inSeconds
      canServe = status.canServe
      experts = status.experts.map {
        Expert(
          expert: Nullable($0.expert), node: $0.node, state: $0.state, address: $0.address, snrDb: Nullable($0.snrDB),
          queue: $0.queue, reason: $0.reason)
      }
      counters = Dictionary(status.counters.map { ($0.name, $0.value) }) { first, _ in first }
    }
  }
}
