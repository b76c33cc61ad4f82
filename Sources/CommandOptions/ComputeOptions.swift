package import ArgumentParser

/// What experts' computation counts in their choice, as `moe-bs` and `moe-train evaluate` take it.
package struct ComputeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Let what experts compute count beside the gate: a million multiply-adds for a latent outweigh a factor of e to this "
        + "power in the gate's confidence; 0 (default) is the paper's rule, in which it does not count.",
      valueName: "price"))
  package var computePrice: Float = 0

  package init() {}

  package mutating func validate() throws { try checkRange("compute-price", computePrice, 0...1e6) }
}
