import Datasets
import Testing

struct PictureResizingTests {
  static func picture(_ width: Int, _ height: Int, _ pixel: (Int, Int) -> [Int]) -> Picture {
    Picture(
      width: width, height: height,
      rgb: (0..<height).flatMap { y in (0..<width).flatMap { x in pixel(x, y).map { UInt8($0) } } })
  }

  @Test(arguments: PictureFixture.resized)
  func `the filter is Pillow's Lanczos, within one step`(fixture: PictureFixture) {
    let source = Self.picture(40, 30) { x, y in [6 * x + 10, 7 * y + 20, 64 + (x * y) % 64] }
    let resized = source.resized(width: fixture.width, height: fixture.height)
    #expect(largestDifference(resized.rgb, fixture.rgb) <= 1)
  }

  @Test func `the same size is the same picture`() {
    let source = Self.picture(9, 5) { x, y in [x * 28, y * 60, (x * 37 + y * 91) % 256] }
    #expect(source.resized(width: 9, height: 5) == source)
  }

  @Test(arguments: [(1, 1), (3, 100), (32, 32), (200, 7)])
  func `one colour stays that colour, exactly`(width: Int, height: Int) {
    let source = Self.picture(50, 40) { _, _ in [255, 1, 128] }
    #expect(source.resized(width: width, height: height) == Self.picture(width, height) { _, _ in [255, 1, 128] })
  }

  @Test func `a pattern too fine for the target becomes its mean instead of an alias`() {
    let source = Self.picture(256, 256) { x, _ in x % 2 == 0 ? [200, 200, 200] : [100, 100, 100] }
    let resized = source.resized(width: 32, height: 32)
    let inner = (4..<28).map { resized.rgb[3 * (16 * 32 + $0)] }
    #expect(inner.allSatisfy { abs(Int($0) - 150) <= 1 })
  }

  @Test func `the crop is the largest centred one of the wanted ratio`() {
    let wide = Self.picture(30, 10) { x, _ in (10..<20).contains(x) ? [90, 90, 90] : [255, 0, 0] }
    let tall = Self.picture(10, 30) { _, y in (10..<20).contains(y) ? [90, 90, 90] : [255, 0, 0] }
    let grey = [UInt8](repeating: 90, count: 3 * 64)
    #expect(wide.fitted(to: ImageShape(channels: 3, height: 8, width: 8)) == grey)
    #expect(tall.fitted(to: ImageShape(channels: 3, height: 8, width: 8)) == grey)
    #expect(wide.fitted(to: ImageShape(channels: 3, height: 4, width: 12)) != [UInt8](repeating: 90, count: 3 * 48))
  }

  @Test func `a fitted picture is planar`() {
    let source = Self.picture(4, 4) { _, _ in [10, 20, 30] }
    let shape = ImageShape(channels: 3, height: 2, width: 2)
    #expect(source.fitted(to: shape) == [10, 10, 10, 10, 20, 20, 20, 20, 30, 30, 30, 30])
    #expect(source.planarRGB == [10, 20, 30].flatMap { [UInt8](repeating: $0, count: 16) })
  }

  @Test func `one channel is the luma`() {
    let source = Self.picture(3, 1) { x, _ in [x == 0 ? 255 : 0, x == 1 ? 255 : 0, x == 2 ? 255 : 0] }
    #expect(source.fitted(to: ImageShape(channels: 1, height: 1, width: 3)) == [76, 150, 29])
  }

  @Test func `a needle of a picture can be fitted`() {
    let needle = Self.picture(5_000, 1) { x, _ in [x == 2_499 ? 250 : 0, 0, 0] }
    #expect(needle.fitted(to: .cifar).prefix(1_024).allSatisfy { $0 == 250 })
  }
}
