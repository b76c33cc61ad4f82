import Foundation
import Radio
import Randomness
import Testing

struct PathLossTests {
  @Test func `loss grows by 10 n a decade and not within the reference distance`() throws {
    func snr(_ distance: Double, height: Double = 0) throws -> Float {
      let law = PathLoss(
        transmitPowerDBm: 10, noisePowerDBm: -95, referenceLossDB: 40, referenceDistance: 2, exponent: 3.5,
        height: height,
        mobility: .fixed(distance: distance))
      let configuration = LinkConfiguration(snr: .pathLoss(law), fading: .none)
      return try SimulatedLink(configuration: configuration, id: LinkID(baseStation: 0, process: 0)).state(ofBlock: 9)
        .snrDB
    }
    #expect(abs(try snr(2) - 65) < 1e-4)
    #expect(abs(try snr(20) - 30) < 1e-4)
    #expect(abs(try snr(200) + 5) < 1e-4)
    #expect(abs(try snr(0.1) - 65) < 1e-4)
    #expect(abs(try snr(3, height: 4) - (65 - 35 * log10(2.5))) < 1e-4)
  }

  @Test(arguments: [0.0, 0.3, 1, 2, 4])
  func `shadowing has unit variance and falls off as e^(-d/d_cor), in any direction`(ratio: Double) {
    var (product, square) = (Estimate(), Estimate())
    for link in 0..<20_000 as Range<UInt64> {
      let field = ShadowField(StreamKey(seed: 111, link), distance: 25)
      let angle = Double(link) * 0.1
      let origin = SIMD2(40.0, -7)
      let a = field.value(at: origin)
      product.add(a * field.value(at: origin + 25 * ratio * SIMD2(cos(angle), sin(angle))))
      square.add(a * a * a * a)
    }
    #expect(product.z(from: exp(-ratio)) < 3.5, "\(product.mean)")
    // E x⁴ = 3 - 3/(2 N) for a sum of N = 64 sinusoids.
    #expect(square.z(from: 3 - 1.5 / 64) < 3.5)
  }

  @Test func `shadowing moves the SNR by its standard deviation and stays where the device stays`() throws {
    let law = PathLoss(shadowingStdDB: 6, mobility: .fixed(distance: 30))
    var spread = Estimate()
    for process in 0..<4_000 as Range<UInt32> {
      let configuration = LinkConfiguration(snr: .pathLoss(law), fading: .none, seed: 112)
      let link = try SimulatedLink(configuration: configuration, id: LinkID(baseStation: 0, process: process))
      let x = Double(link.state(ofBlock: 0).snrDB) - (20 + 100 - 40 - 30 * log10(30))
      #expect(link.state(ofBlock: 5).snrDB == link.state(ofBlock: 0).snrDB)
      spread.add(x * x)
    }
    #expect(spread.z(from: 36) < 3.5, "\(spread.mean)")
  }
}
