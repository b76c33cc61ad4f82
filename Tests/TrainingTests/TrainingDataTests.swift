import Datasets
import Testing
import Training

@Suite struct TrainingDataTests {
  private func complaint(_ images: ImageSet) -> String {
    do {
      _ = try TrainingData(images)
      return ""
    } catch { return "\(error)" }
  }

  @Test func `one class, pixels of one value and blank images are refused by name`() {
    let images = squares(60)
    func changed(classNames: [String]? = nil, pixels: [UInt8]? = nil) -> ImageSet {
      ImageSet(
        name: "p", shape: .cifar, classNames: classNames ?? images.classNames,
        labels: classNames == nil ? images.labels : images.labels.map { _ in 0 }, pixels: pixels ?? images.pixels)
    }
    #expect(complaint(changed(classNames: ["a"])) == "data: p: expected at least 2 classes, received 1")
    let black = [UInt8](repeating: 0, count: images.pixels.count)
    #expect(complaint(changed(pixels: black)) == "data: p: all pixels of channel 0 are nearly equal")
    let size = images.shape.count
    let partly = images.pixels.enumerated().map { $0.offset / size >= 50 ? UInt8(7) : $0.element }
    #expect(
      complaint(changed(pixels: partly))
        == "data: p: 10 of 60 images are blank, all pixels equal, the first is image 50")
  }

  @Test func `the digest does not depend on the order, and a class without images is refused`() throws {
    let images = squares(60)
    let shuffled = images.selecting(Array((0..<60).reversed()))
    #expect(try TrainingData(images).digest == TrainingData(shuffled).digest)
    let lacking = images.selecting((0..<60).filter { images.labels[$0] != 2 })
    #expect {
      _ = try TrainingData(lacking)
    } throws: { "\($0)".contains("class 2 (sw)") }
  }
}
