import ArgumentParser
import InferenceClient

struct Reload: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Have the base station and its experts read their model's folders again and serve what is there.",
    discussion: """
      Every node reads its own --model folder. The base station switches when every expert index that is up has the new \
      model; nothing that is under way is lost. With TLS the certificate's role has to be operator.
      """)

  @OptionGroup var connection: ConnectionOptions

  @Option(
    help: ArgumentHelp(
      "How long to wait for the answer; how long loading may take is the base station's --reload-timeout.",
      valueName: "seconds"))
  var reloadTimeout: Double = 120

  func validate() throws {
    guard reloadTimeout > 0, reloadTimeout <= 86_400 else {
      throw ValidationError("--reload-timeout: expected a number of seconds above 0 up to 86400, got \(reloadTimeout)")
    }
  }

  func run() async throws {
    let client = try await connection.connect(asOperator: true)
    let before = client.model.digest
    let digest: String
    do {
      digest = try await client.reload(within: .seconds(reloadTimeout))
    } catch {
      throw failure("\(error)")
    }
    await client.close()
    if connection.json {
      try printJSON(Report(digest: digest, isNew: digest != before))
    } else {
      print(digest == before ? "served already: \(digest.prefix(12))" : "served now: \(digest.prefix(12))")
    }
  }

  private struct Report: Encodable {
    let digest: String
    let isNew: Bool
  }
}
