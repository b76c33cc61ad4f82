internal import Foundation

extension Picture {
  /// The picture at another size, by the antialiasing Lanczos-3 filter; the aspect ratio is not kept.
  ///
  /// The filter runs over sRGB values, as in most software and in the making of the usual data sets; its arithmetic is
  /// Pillow's `LANCZOS`, to which results agree within one step of 255.
  package func resized(width newWidth: Int, height newHeight: Int) -> Picture {
    resampled(from: PixelRectangle(x: 0, y: 0, width: width, height: height), width: newWidth, height: newHeight)
  }

  /// The picture as a network's input: cropped, resized, planar. `[channels, height, width]`
  ///
  /// Of a picture with another aspect ratio the largest centred rectangle of the wanted ratio is taken, so nothing is
  /// distorted and what lies at the long sides' ends is lost. With one channel it becomes grey (ITU-R BT.601 luma).
  package func fitted(to shape: ImageShape) -> [UInt8] {
    precondition(shape.channels == 3 || shape.channels == 1, "a picture in \(shape.channels) channels")
    let fitted = resampled(
      from: centredRectangle(ofRatio: shape.width, to: shape.height), width: shape.width, height: shape.height)
    return shape.channels == 3 ? fitted.planarRGB : fitted.luma
  }

  /// The largest centred rectangle whose width is to its height as `across` to `down`, to the nearest pixel.
  func centredRectangle(ofRatio across: Int, to down: Int) -> PixelRectangle {
    var (cropWidth, cropHeight) = (width, height)
    if width * down > height * across {
      cropWidth = max(1, (height * across + down / 2) / down)
    } else {
      cropHeight = max(1, (width * down + across / 2) / across)
    }
    return PixelRectangle(
      x: (width - cropWidth) / 2, y: (height - cropHeight) / 2, width: cropWidth, height: cropHeight)
  }

  /// `[height, width]`
  private var luma: [UInt8] {
    (0..<width * height).map { pixel in
      UInt8(ImageOperation.luma(rgb[3 * pixel], rgb[3 * pixel + 1], rgb[3 * pixel + 2]))
    }
  }

  /// Columns of pixels first, because whole rows are summed at vector speed and most of the work is done then.
  private func resampled(from area: PixelRectangle, width newWidth: Int, height newHeight: Int) -> Picture {
    precondition(newWidth > 0 && newHeight > 0, "a picture of \(newWidth) x \(newHeight)")
    let down = Lanczos(from: area.height, to: newHeight)
    let across = Lanczos(from: area.width, to: newWidth)
    let samples = 3 * area.width
    var row = [Float](repeating: 0, count: samples)
    let result = [UInt8](unsafeUninitializedCapacity: 3 * newWidth * newHeight) { target, initialized in
      rgb.withUnsafeBufferPointer { rgb in
        row.withUnsafeMutableBufferPointer { row in
          for newRow in 0..<newHeight {
            row.update(repeating: 0)
            for (tap, weight) in down.weights(newRow).enumerated() {
              let first = 3 * ((area.y + down.starts[newRow] + tap) * width + area.x)
              for sample in 0..<samples { row[sample] += weight * Float(rgb[first + sample]) }
            }
            for newColumn in 0..<newWidth {
              var pixel = SIMD3<Float>()
              var sample = 3 * across.starts[newColumn]
              for weight in across.weights(newColumn) {
                pixel += weight * SIMD3(row[sample], row[sample + 1], row[sample + 2])
                sample += 3
              }
              let rounded = pixel.clamped(lowerBound: SIMD3(), upperBound: SIMD3(repeating: 255)) + 0.5
              for channel in 0..<3 { target[initialized + channel] = UInt8(rounded[channel]) }
              initialized += 3
            }
          }
        }
      }
    }
    return Picture(width: newWidth, height: newHeight, rgb: result)
  }
}

/// Some of a picture's pixels.
struct PixelRectangle: Equatable {
  var x: Int
  var y: Int
  var width: Int
  var height: Int
}

/// The taps of the Lanczos-3 filter along one axis, measured once and used for every row or column.
///
/// When the picture shrinks, the kernel is stretched by the ratio, which makes it the antialiasing filter as well. At the
/// edges the taps outside are left out and the others scaled to sum 1.
struct Lanczos {
  private(set) var starts: [Int] = []
  private var offsets: [Int] = [0]
  private var taps: [Float] = []

  init(from sourceCount: Int, to targetCount: Int) {
    let ratio = Double(sourceCount) / Double(targetCount)
    let stretch = max(ratio, 1)
    let reach = Self.lobes * stretch
    for target in 0..<targetCount {
      let centre = (Double(target) + 0.5) * ratio
      let first = max(0, Int((centre - reach + 0.5).rounded(.down)))
      let last = min(sourceCount, Int((centre + reach + 0.5).rounded(.down)))
      let weights = (first..<last).map { Self.kernel((Double($0) - centre + 0.5) / stretch) }
      let sum = weights.reduce(0, +)
      starts.append(first)
      taps += weights.map { Float($0 / sum) }
      offsets.append(taps.count)
    }
  }

  /// The weights of the source pixels from `starts[target]` on.
  func weights(_ target: Int) -> ArraySlice<Float> { taps[offsets[target]..<offsets[target + 1]] }

  private static let lobes = 3.0

  private static func kernel(_ x: Double) -> Double {
    guard abs(x) < lobes else { return 0 }
    guard x != 0 else { return 1 }
    let angle = Double.pi * x
    return lobes * sin(angle) * sin(angle / lobes) / (angle * angle)
  }
}
