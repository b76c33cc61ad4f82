import Radio
import Testing

struct SimulatedLinkTests {
  @Test func `the ideal link leaves latents alone`() throws {
    let link = try SimulatedLink(configuration: LinkConfiguration(), id: LinkID(baseStation: 0, process: 0))
    var z: [Float] = [1, 2, 3]
    let carried = z.withUnsafeMutableBufferPointer {
      link.carry($0, powerScaling: 1, kind: .ideal, block: 0, tag: 0, attempt: 0)
    }
    #expect(z == [1, 2, 3] && carried.symbols == 0)
  }
}
