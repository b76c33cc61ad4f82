import Datasets
import Testing

struct ImageSetTests {
  let set = ImageSet(
    name: "three", shape: ImageShape(channels: 1, height: 1, width: 2), classNames: ["a", "b"], labels: [1, 0, 1],
    pixels: [0, 1, 10, 11, 20, 21])

  @Test func `an image is found by its index`() {
    #expect(Array(set[1]) == [10, 11])
  }

  @Test func `selecting keeps the order of the indices`() {
    let chosen = set.selecting([2, 0, 2], name: "chosen")
    #expect(chosen.labels == [1, 1, 1])
    #expect(chosen.pixels == [20, 21, 0, 1, 20, 21])
    #expect(chosen.name == "chosen")
  }

  @Test func `a prefix longer than the set is the set`() {
    #expect(set.prefix(2).pixels == [0, 1, 10, 11])
    #expect(set.prefix(9).pixels == set.pixels)
  }
}
