package import Digests
internal import Dispatch

extension ImageSet {
  /// Divides the set into images to train with and images to choose models by.
  ///
  /// The validation images are those with the smallest SHA-256 of (label, pixels), a tenth of all unless another count
  /// is given: 5,000 of CIFAR's 50,000. Both parts come in the order of these digests. So the same images give the same
  /// two parts, image for image, in whatever order their files held them.
  package func split(validationCount: Int? = nil) -> (training: ImageSet, validation: ImageSet) {
    let validationCount = validationCount ?? count / 10
    precondition((0...count).contains(validationCount), "\(name): \(validationCount) validation images of \(count)")
    let digests = imageDigests()
    let order = labels.indices.sorted { digests[$0] < digests[$1] }
    return (
      selecting(order[validationCount...], name: "\(name) without validation"),
      selecting(order[..<validationCount], name: "\(name) validation")
    )
  }

  /// The digest of the images whatever their order: SHA-256 over the sorted digests of the images.
  package var digest: SHA256Digest {
    var hasher = SHA256Hasher()
    for digest in imageDigests().sorted() { hasher.update(digest.bytes) }
    return hasher.finalize()
  }

  /// For each image the SHA-256 of its label, then its pixels. `[count]`
  ///
  /// A label is one byte, or two (little-endian) where there are more than 256 classes.
  package func imageDigests() -> [SHA256Digest] {
    let size = shape.count
    let wide = classNames.count > 256
    let imagesPerTask = 2_000
    let tasks = (count + imagesPerTask - 1) / imagesPerTask
    return [SHA256Digest](unsafeUninitializedCapacity: count) { digests, initialized in
      pixels.withUnsafeBytes { pixels in
        // Both outlive the call; the pixels are only read, and each task writes the digests of its own images only.
        nonisolated(unsafe) let (digests, pixels) = (digests, pixels)
        DispatchQueue.concurrentPerform(iterations: tasks) { task in
          var hasher = SHA256Hasher()
          for index in task * imagesPerTask..<min(count, (task + 1) * imagesPerTask) {
            let label = labels[index]
            hasher.update(
              wide ? [UInt8(truncatingIfNeeded: label), UInt8(truncatingIfNeeded: label >> 8)] : [UInt8(label)])
            hasher.update(UnsafeRawBufferPointer(rebasing: pixels[index * size..<(index + 1) * size]))
            digests.initializeElement(at: index, to: hasher.finalizeAndReset())
          }
        }
      }
      initialized = count
    }
  }
}
