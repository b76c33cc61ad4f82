/// Labelled images of one shape, held in memory: a data set or a part of one.
///
/// Pixels are 8-bit and planar (all red, then all green, then all blue, each row by row), as in the CIFAR binaries and
/// on the wire. An image's position in the set is its index everywhere else.
package struct ImageSet: Sendable {
  package let name: String
  package let shape: ImageShape
  package let classNames: [String]
  /// The class of each image, an index into ``classNames``. `[count]`
  package let labels: [Int]
  /// `[count, channels, height, width]`
  package let pixels: [UInt8]

  package init(name: String, shape: ImageShape, classNames: [String], labels: [Int], pixels: [UInt8]) {
    precondition(
      pixels.count == labels.count * shape.count,
      "\(name): \(labels.count) images of \(shape) have \(labels.count * shape.count) bytes, not \(pixels.count)")
    precondition(labels.allSatisfy(classNames.indices.contains), "\(name): a label outside 0..<\(classNames.count)")
    self.name = name
    self.shape = shape
    self.classNames = classNames
    self.labels = labels
    self.pixels = pixels
  }

  package var count: Int { labels.count }

  /// The pixels of one image. `[channels, height, width]`
  package subscript(index: Int) -> ArraySlice<UInt8> {
    pixels[index * shape.count..<(index + 1) * shape.count]
  }

  /// The images at `indices`, in that order.
  package func selecting(_ indices: some Collection<Int>, name: String? = nil) -> ImageSet {
    let size = shape.count
    let selected = [UInt8](unsafeUninitializedCapacity: indices.count * size) { buffer, initialized in
      pixels.withUnsafeBufferPointer { source in
        for index in indices {
          precondition(labels.indices.contains(index), "\(self.name): image \(index) of \(count)")
          let image = UnsafeBufferPointer(rebasing: source[index * size..<(index + 1) * size])
          _ = UnsafeMutableBufferPointer(rebasing: buffer[initialized...]).update(fromContentsOf: image)
          initialized += size
        }
      }
    }
    return ImageSet(
      name: name ?? self.name, shape: shape, classNames: classNames, labels: indices.map { labels[$0] },
      pixels: selected)
  }

  /// The first `limit` images, or all where there are fewer.
  package func prefix(_ limit: Int) -> ImageSet {
    limit >= count ? self : selecting(0..<max(limit, 0))
  }
}
