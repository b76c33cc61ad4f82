/// Per-channel kernels: what batch normalisation is made of.
extension KernelBackend {
  /// Mean and (biased) variance of every channel over all images and places, `[channels]` each.
  package func channelMoments(_ x: Tensor) -> (mean: Tensor, variance: Tensor) {
    let channels = ChannelGroups(x.shape)
    let count = Double(channels.picture.batch * channels.picture.plane)
    var (mean, variance) = (Tensor(zeros: [channels.count]), Tensor(zeros: [channels.count]))
    x.withUnsafePointer { x in
      mean.withUnsafeMutableBufferPointer { mean in
        variance.withUnsafeMutableBufferPointer { variance in
          Parallel.forEach(below: channels.groups) { group in
            let sums = channels.sums(of: group, { i, _ in Panel.load(x + i) }, tail: { i in x[i] })
            for (lane, sum) in sums.enumerated() { mean[group * channels.block + lane] = Float(sum / count) }
            let center = channels.vectors(mean, group)
            let squares = channels.sums(of: group) { i, vector in
              let distance = Panel.load(x + i) - center[vector]
              return distance * distance
            } tail: { i in
              let distance = x[i] - center[0][0]
              return distance * distance
            }
            for (lane, sum) in squares.enumerated() { variance[group * channels.block + lane] = Float(sum / count) }
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
              let (a, b) = (
                channels.vectors(scale, run % channels.groups), channels.vectors(shift, run % channels.groups)
              )
              channels.forEachVector(ofRun: run) { i, vector in
                let value = Panel.load(x + i) * a[vector] + b[vector]
                value.replacing(with: floor, where: value .< floor).store(to: y + i)
              } tail: { i in
                y[i] = max(x[i] * a[0][0] + b[0][0], floor[0])
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
  /// - Parameter inverseDeviation: 1/deviation, `[channels]` like mean and gain.
  package func normalisationGradient(
    _ dy: Tensor, x: Tensor, mean: Tensor, inverseDeviation: Tensor, gain: Tensor
  ) -> (dx: Tensor, gain: Tensor, bias: Tensor) {
    precondition(dy.shape == x.shape, "gradient \(dy.shape) for output \(x.shape)")
    let channels = ChannelGroups(x.shape)
    let count = Float(channels.picture.batch * channels.picture.plane)
    var (dgain, dbias) = (Tensor(zeros: [channels.count]), Tensor(zeros: [channels.count]))
    let (means, inverses, gains) = (
      mean.withUnsafePointer(channels.all), inverseDeviation.withUnsafePointer(channels.all),
      gain.withUnsafePointer(channels.all)
    )
    let dx = withPointers(dy, x) { dy, x in
      Tensor(channels.picture.extents) { dx in
        guard let dx = dx.baseAddress else { return }
        dgain.withUnsafeMutableBufferPointer { dgain in
          dbias.withUnsafeMutableBufferPointer { dbias in
            Parallel.forEach(below: channels.groups) { group in
              let (m, inverse) = (channels.vectors(means, group), channels.vectors(inverses, group))
              let biases = channels.sums(of: group, { i, _ in Panel.load(dy + i) }, tail: { i in dy[i] })
              let slopes = channels.sums(of: group) { i, vector in
                Panel.load(dy + i) * (Panel.load(x + i) - m[vector]) * inverse[vector]
              } tail: { i in
                dy[i] * (x[i] - m[0][0]) * inverse[0][0]
              }
              for lane in 0..<channels.block {
                dbias[group * channels.block + lane] = Float(biases[lane])
                dgain[group * channels.block + lane] = Float(slopes[lane])
              }
              // dx = a dy + b x + c.
              let a = zip(channels.vectors(gains, group), inverse).map { $0 * $1 }
              let b = a.indices.map { -a[$0] * inverse[$0] * channels.vectors(dgain, group)[$0] / count }
              let c = a.indices.map { -a[$0] * channels.vectors(dbias, group)[$0] / count - b[$0] * m[$0] }
              for image in 0..<channels.picture.batch {
                channels.forEachVector(ofRun: image * channels.groups + group) { i, vector in
                  (a[vector] * Panel.load(dy + i) + b[vector] * Panel.load(x + i) + c[vector]).store(to: dx + i)
                } tail: { i in
                  dx[i] = a[0][0] * dy[i] + b[0][0] * x[i] + c[0][0]
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
          let share = channels.vectors(channels.all(dy + run * channels.block, groups: 1), 0)
            .map { $0 / Float(channels.picture.plane) }
          channels.forEachVector(ofRun: run) { i, vector in
            share[vector].store(to: dx + i)
          } tail: { i in
            dx[i] = share[0][0]
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

  /// The vectors of one group.
  func vectors(_ all: [Panel], _ group: Int) -> [Panel] { Array(all[group * vectors..<(group + 1) * vectors]) }

  func vectors(_ values: UnsafeMutableBufferPointer<Float>, _ group: Int) -> [Panel] {
    guard let base = values.baseAddress else { return [] }
    return all(UnsafePointer(base) + group * block, groups: 1)
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
  ) -> [Double] {
    var (first, second, rest) = (Panel.zero, Panel.zero, Float(0))
    forEachVector(ofRun: run) { i, vector in
      if vector == 0 { first += value(i, 0) } else { second += value(i, 1) }
    } tail: { i in
      rest += tail(i)
    }
    if block == 1 { return [Double(first.sum() + rest)] }
    return (0..<block).map { Double($0 < Panel.width ? first[$0] : second[$0 - Panel.width]) }
  }

  /// The sums over all images, one a channel of the group; in double precision from image to image.
  @inline(__always)
  func sums(
    of group: Int, _ value: (_ position: Int, _ vector: Int) -> Panel, tail: (_ position: Int) -> Float
  ) -> [Double] {
    var total = [Double](repeating: 0, count: block)
    for image in 0..<picture.batch {
      let part = sums(ofRun: image * groups + group, value, tail: tail)
      for lane in total.indices { total[lane] += part[lane] }
    }
    return total
  }
}
