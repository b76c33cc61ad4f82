package import ArgumentParser
package import Radio

/// What is done about latents that digital links lose, as `moe-bs` and `moe-train evaluate` take it.
package struct LossOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What follows when a digital link loses a latent: redispatch (default: the next-best expert is asked), erasure (the "
        + "expert answers from the training mean) or raw (it answers from what came, as in the paper).",
      valueName: "policy"), transform: named)
  package var onDecodeFailure: DecodeFailurePolicy = .redispatch

  @Option(
    help: ArgumentHelp(
      "Under redispatch: transmissions of a latent at most; the last expert answers from the training mean.",
      valueName: "n"))
  package var maxAttempts: Int = 3

  package init() {}

  package mutating func validate() throws {
    guard (1...64).contains(maxAttempts) else {
      throw ValidationError("--max-attempts: expected 1 to 64, received \(maxAttempts)")
    }
  }
}
