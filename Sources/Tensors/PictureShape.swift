/// The extents of a batch of pictures, and how their channels lie in memory; a tensor's shape tells both.
///
/// Plain pictures are `[batch, channels, height, width]`. Kernels of wide networks want some channels side by side at each
/// place, as many as a vector has lanes: `[batch, channels / block, height, width, block]`.
package struct PictureShape: Hashable, Sendable {
  package var batch: Int
  package var channels: Int
  package var height: Int
  package var width: Int
  /// Channels side by side; 1 in plain pictures.
  package var block: Int

  package init(_ shape: [Int]) {
    precondition(
      shape.count == 4 || shape.count == 5,
      "pictures are [batch, channels, height, width] or [batch, channels / block, height, width, block], not \(shape)")
    block = shape.count == 5 ? shape[4] : 1
    (batch, channels, height, width) = (shape[0], shape[1] * block, shape[2], shape[3])
  }

  package var extents: [Int] {
    block == 1 ? [batch, channels, height, width] : [batch, channels / block, height, width, block]
  }

  /// Places of one channel.
  package var plane: Int { height * width }
}

/// How a layer wants its output's channels to lie.
package enum PictureLayout: Hashable, Sendable {
  /// `[batch, channels, height, width]`.
  case plain
  /// In the blocks that the backend's kernels like best, if the number of channels is a multiple of them.
  case blocked

  func block(ofChannels channels: Int, preferring block: Int) -> Int {
    self == .blocked && channels % block == 0 ? block : 1
  }
}

extension Tensor {
  /// The same pictures, channel after channel.
  package var plainPictures: Tensor {
    let picture = PictureShape(shape)
    guard picture.block > 1 else { return self }
    var plain = picture
    plain.block = 1
    let (block, plane) = (picture.block, picture.plane)
    return withUnsafePointer { x in
      Tensor(plain.extents) { y in
        for group in 0..<picture.batch * picture.channels / block {
          for place in 0..<plane {
            for lane in 0..<block {
              y[(group * block + lane) * plane + place] = x[(group * plane + place) * block + lane]
            }
          }
        }
      }
    }
  }

  /// The same pictures with `block` channels side by side.
  package func blockedPictures(_ block: Int) -> Tensor {
    var picture = PictureShape(shape)
    guard picture.block != block else { return self }
    guard picture.block == 1 else { return plainPictures.blockedPictures(block) }
    precondition(picture.channels % block == 0, "\(picture.channels) channels in blocks of \(block)")
    let plane = picture.plane
    picture.block = block
    return withUnsafePointer { x in
      Tensor(picture.extents) { y in
        for group in 0..<picture.batch * picture.channels / block {
          for place in 0..<plane {
            for lane in 0..<block {
              y[(group * plane + place) * block + lane] = x[(group * block + lane) * plane + place]
            }
          }
        }
      }
    }
  }
}
