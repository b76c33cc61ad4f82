/// Per-channel kernels: what batch normalisation is made of.
extension KernelBackend {
  /// Mean and (biased) variance of every channel over all images and places, `[channels]` each.
  ///
  /// An image's own moments first, while its numbers are in the cache, which are then joined with those of the images before
  /// it (Chan, Golub and LeVeque 1979).
  package func channelMoments(_ x: Tensor) -> (mean: Tensor, variance: Tensor) {
    let channels = ChannelGroups(x.shape)
    let plane = Double(channels.picture.plane)
    var (mean, variance) = (Tensor(zeros: [channels.count]), Tensor(zeros: [channels.count]))
    x.withUnsafePointer { x in
      mean.withUnsafeMutableBufferPointer { mean in
        variance.withUnsafeMutableBufferPointer { variance in
          Parallel.forEach(below: channels.groups) { group in
            var (middle, squares) = (Lanes<Double>.zero, Lanes<Double>.zero)
            for image in 0..<channels.picture.batch {
              let run = image * channels.groups + group
              let own = channels.sums(ofRun: run, { i, _ in Panel.load(x + i) }, tail: { i in x[i] }) / plane
              let centre = channels.floats(own)
              squares += channels.sums(ofRun: run) { i, vector in
                let distance = Panel.load(x + i) - centre[half: vector]
                return distance * distance
              } tail: { i in
                let distance = x[i] - centre[0]
                return distance * distance
              }
              let distance = own - middle
              let before = Double(image)
              middle += distance / (before + 1)
              squares += distance * distance * (plane * before / (before + 1))
            }
            let count = plane * Double(channels.picture.batch)
            for lane in 0..<channels.block {
              mean[group * channels.block + lane] = Float(middle[lane])
              variance[group * channels.block + lane] = Float(squares[lane] / count)
            }
          }
        }
      }
    }
    return (mean, variance)
  }

  /// activation(x · scale + shift), with one scale and shift a channel, `[channels]`.
  package func scaleChannels(_ x: Tensor, scale: Tensor, shift: Tensor, activation: Activation) -> Tensor {
    let channels = ChannelGroups(x.shape)
    let floor = activation == .relu ? Panel.zero : Panel(repeating: -.infinity)
    return withPointers(scale, shift) { scale, shift in
      let (scale, shift) = (channels.all(scale), channels.all(shift))
      return x.withUnsafePointer { x in
        Tensor(channels.picture.extents) { y in
          guard let y = y.baseAddress else { return }
          Parallel.split(channels.picture.batch * channels.groups) { runs in
            for run in runs {
              let (a, b) = (channels.lanes(scale, run % channels.groups), channels.lanes(shift, run % channels.groups))
              channels.forEachVector(ofRun: run) { i, vector in
                let value = Panel.load(x + i) * a[half: vector] + b[half: vector]
                value.replacing(with: floor, where: value .< floor).store(to: y + i)
              } tail: { i in
                y[i] = max(x[i] * a[0] + b[0], floor[0])
              }
            }
          }
        }
      }
    }
  }

  /// The gradients of y = gain · (x - mean)/deviation + bias, where mean and deviation are x's own.
  ///
  /// With x^ = (x - mean)/deviation and N values a channel: dbias = Σ dy, dgain = Σ dy x^, and
  /// dx = gain/deviation · (dy - dbias/N - x^ dgain/N); Ioffe and Szegedy 2015.
  ///
  /// - Parameters:
  ///   - inverseDeviation: 1/deviation, `[channels]` like mean and gain.
  ///   - affine: where y was rectified after it, y as x · scale + shift: dy counts where that is above 0.
  package func normalisationGradient(
    _ dy: Tensor, x: Tensor, mean: Tensor, inverseDeviation: Tensor, gain: Tensor,
    rectifying affine: (scale: Tensor, shift: Tensor)? = nil
  ) -> (dx: Tensor, gain: Tensor, bias: Tensor) {
    precondition(dy.shape == x.shape, "gradient \(dy.shape) for output \(x.shape)")
    let channels = ChannelGroups(x.shape)
    let count = Float(channels.picture.batch * channels.picture.plane)
    var (dgain, dbias) = (Tensor(zeros: [channels.count]), Tensor(zeros: [channels.count]))
    let (means, inverses, gains) = (
      mean.withUnsafePointer(channels.all), inverseDeviation.withUnsafePointer(channels.all),
      gain.withUnsafePointer(channels.all)
    )
    // What is not rectified is 0 x + 1, above 0 everywhere.
    let scales =
      affine?.scale.withUnsafePointer(channels.all) ?? means.map { _ in .zero }
    let shifts =
      affine?.shift.withUnsafePointer(channels.all) ?? means.map { _ in Panel(repeating: 1) }
    let dx = withPointers(dy, x) { dy, x in
      Tensor(channels.picture.extents) { dx in
        guard let dx = dx.baseAddress else { return }
        dgain.withUnsafeMutableBufferPointer { dgain in
          dbias.withUnsafeMutableBufferPointer { dbias in
            Parallel.forEach(below: channels.groups) { group in
              let (m, inverse) = (channels.lanes(means, group), channels.lanes(inverses, group))
              let (scale, shift) = (channels.lanes(scales, group), channels.lanes(shifts, group))
              @inline(__always) func counted(_ i: Int, _ vector: Int) -> (dy: Panel, x: Panel) {
                let x = Panel.load(x + i)
                let isAbove = x * scale[half: vector] + shift[half: vector] .> 0
                return (Panel.zero.replacing(with: Panel.load(dy + i), where: isAbove), x)
              }
              @inline(__always) func counted(_ i: Int) -> Float {
                x[i] * scale[0] + shift[0] > 0 ? dy[i] : 0
              }
              var (biases, slopes) = (Lanes<Double>.zero, Lanes<Double>.zero)
              for image in 0..<channels.picture.batch {
                let sums = channels.pairsOfSums(ofRun: image * channels.groups + group) { i, vector in
                  let (dy, x) = counted(i, vector)
                  return (dy, dy * (x - m[half: vector]) * inverse[half: vector])
                } tail: { i in
                  let dy = counted(i)
                  return (dy, dy * (x[i] - m[0]) * inverse[0])
                }
                biases += sums.0
                slopes += sums.1
              }
              for lane in 0..<channels.block {
                dbias[group * channels.block + lane] = Float(biases[lane])
                dgain[group * channels.block + lane] = Float(slopes[lane])
              }
              // dx = a dy + b x + c.
              let (bias, slope) = (channels.floats(biases), channels.floats(slopes))
              let a = channels.lanes(gains, group) * inverse
              let b = -a * inverse * slope / count
              let c = -a * bias / count - b * m
              for image in 0..<channels.picture.batch {
                channels.forEachVector(ofRun: image * channels.groups + group) { i, vector in
                  let (dy, x) = counted(i, vector)
                  (a[half: vector] * dy + b[half: vector] * x + c[half: vector]).store(to: dx + i)
                } tail: { i in
                  dx[i] = a[0] * counted(i) + b[0] * x[i] + c[0]
                }
              }
            }
          }
        }
      }
    }
    return (dx, dgain, dbias)
  }

  /// The mean of every channel of every image, `[batch, channels]`.
  package func globalAverage(_ x: Tensor) -> Tensor {
    let channels = ChannelGroups(x.shape)
    return x.withUnsafePointer { x in
      Tensor([channels.picture.batch, channels.count]) { y in
        for run in 0..<channels.picture.batch * channels.groups {
          let sums = channels.sums(ofRun: run, { i, _ in Panel.load(x + i) }, tail: { i in x[i] })
          for lane in 0..<channels.block {
            y[run * channels.block + lane] = Float(sums[lane] / Double(channels.picture.plane))
          }
        }
      }
    }
  }

  /// dy `[batch, channels]` spread evenly over the places of `inputShape`.
  package func globalAverageGradient(_ dy: Tensor, inputShape: [Int]) -> Tensor {
    let channels = ChannelGroups(inputShape)
    precondition(
      dy.shape == [channels.picture.batch, channels.count], "gradient \(dy.shape) of pictures \(inputShape)")
    return dy.withUnsafePointer { dy in
      Tensor(inputShape) { dx in
        guard let dx = dx.baseAddress else { return }
        for run in 0..<channels.picture.batch * channels.groups {
          let share =
            channels.lanes(channels.all(dy + run * channels.block, groups: 1), 0) / Float(channels.picture.plane)
          channels.forEachVector(ofRun: run) { i, vector in
            share[half: vector].store(to: dx + i)
          } tail: { i in
            dx[i] = share[0]
          }
        }
      }
    }
  }
}

/// Pictures as runs of memory: one for each image and each group of channels that lie side by side.
///
/// A plain picture's group is one channel, and a vector holds eight of its places. In blocks of 8 or 16 channels one or two
/// vectors hold one place, a channel a lane.
private struct ChannelGroups {
  let picture: PictureShape
  var block: Int { picture.block }
  var count: Int { picture.channels }
  var groups: Int { picture.channels / picture.block }
  /// Vectors a place (or, in plain pictures, a step).
  private let vectors: Int

  init(_ shape: [Int]) {
    picture = PictureShape(shape)
    precondition([1, Panel.width, 2 * Panel.width].contains(picture.block), "blocks of \(picture.block) channels")
    vectors = max(1, picture.block / Panel.width)
  }

  /// One number a channel as vectors: of plain pictures the number in every lane.
  func all(_ values: UnsafePointer<Float>) -> [Panel] { all(values, groups: groups) }

  func all(_ values: UnsafePointer<Float>, groups: Int) -> [Panel] {
    block == 1
      ? (0..<groups).map { Panel(repeating: values[$0]) }
      : (0..<groups * vectors).map { Panel.load(values + $0 * Panel.width) }
  }

  /// The numbers of one group.
  func lanes(_ all: [Panel], _ group: Int) -> Lanes<Float> {
    Lanes(lowHalf: all[group * vectors], highHalf: all[group * vectors + vectors - 1])
  }

  /// Rounded; of plain pictures the one sum in every lane.
  func floats(_ sums: Lanes<Double>) -> Lanes<Float> {
    block == 1 ? Lanes(repeating: Float(sums[0])) : Lanes(sums)
  }

  /// Calls `body` with the position of every vector of a run and which of a place's vectors it is, and `tail` with the
  /// positions that fill no vector.
  @inline(__always)
  func forEachVector(ofRun run: Int, _ body: (_ position: Int, _ vector: Int) -> Void, tail: (_ position: Int) -> Void)
  {
    let length = picture.plane * block
    var i = run &* length
    let end = i &+ length
    if vectors == 2 {
      while i < end {
        body(i, 0)
        body(i &+ Panel.width, 1)
        i &+= 2 &* Panel.width
      }
    } else {
      while i &+ Panel.width <= end {
        body(i, 0)
        i &+= Panel.width
      }
      while i < end {
        tail(i)
        i &+= 1
      }
    }
  }

  /// The sums over one run, one a channel of its group.
  @inline(__always)
  func sums(
    ofRun run: Int, _ value: (_ position: Int, _ vector: Int) -> Panel, tail: (_ position: Int) -> Float
  ) -> Lanes<Double> {
    pairsOfSums(ofRun: run, { (value($0, $1), .zero) }, tail: { (tail($0), 0) }).0
  }

  /// The sums of two values at a time.
  @inline(__always)
  func pairsOfSums(
    ofRun run: Int, _ values: (_ position: Int, _ vector: Int) -> (Panel, Panel),
    tail: (_ position: Int) -> (Float, Float)
  ) -> (Lanes<Double>, Lanes<Double>) {
    var (low, high, rest) = ((Panel.zero, Panel.zero), (Panel.zero, Panel.zero), (Float(0), Float(0)))
    forEachVector(ofRun: run) { i, vector in
      let value = values(i, vector)
      if vector == 0 {
        low.0 += value.0
        low.1 += value.1
      } else {
        high.0 += value.0
        high.1 += value.1
      }
    } tail: { i in
      let value = tail(i)
      rest.0 += value.0
      rest.1 += value.1
    }
    if block == 1 {
      return (Lanes(repeating: Double(low.0.sum() + rest.0)), Lanes(repeating: Double(low.1.sum() + rest.1)))
    }
    return (Lanes(Lanes(lowHalf: low.0, highHalf: high.0)), Lanes(Lanes(lowHalf: low.1, highHalf: high.1)))
  }
}

/// One number a channel of a group; of plain pictures all lanes are one channel's.
private typealias Lanes<Scalar: SIMDScalar> = SIMD16<Scalar>

extension Lanes<Float> {
  /// What the lower or the higher of a place's vectors meets.
  @inline(__always)
  fileprivate subscript(half vector: Int) -> Panel { vector == 0 ? lowHalf : highHalf }
}
