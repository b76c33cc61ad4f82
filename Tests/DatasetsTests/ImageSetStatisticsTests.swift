import Datasets
import Testing

struct ImageSetStatisticsTests {
  @Test func `each channel has its own mean and deviation`() {
    let set = ImageSet(
      name: "s", shape: ImageShape(channels: 2, height: 1, width: 2), classNames: ["a"], labels: [0, 0],
      pixels: [0, 255, 51, 51, 0, 255, 51, 51])
    let (mean, deviation) = set.channelStatistics()
    #expect(mean == [0.5, 0.2])
    #expect(deviation == [0.5, 0])
  }
}
