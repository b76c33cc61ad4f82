/// What makes fading follow time: a speed and a carrier frequency.
public struct Doppler: Sendable, Hashable, Codable {
  /// Speed of the device (or of what scatters) in m/s.
  public var speed: Double
  /// Carrier frequency in Hz.
  public var carrier: Double

  public init(speed: Double, carrier: Double) {
    self.speed = speed
    self.carrier = carrier
  }

  /// The maximum Doppler shift f_d = v f_c/c, in Hz.
  public var frequency: Double { speed * carrier / 299_792_458 }
}
