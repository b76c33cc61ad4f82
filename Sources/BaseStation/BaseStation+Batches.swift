import MixtureOfExperts
import Radio
import WireProtocol

/// From the requests that wait to the batches that compute workers take.
extension BaseStation {
  /// Nanoseconds of computing that are worth a batch of their own, with its hand-over and its frames to the experts.
  private static let leastShare: UInt64 = 200_000

  mutating func enqueue(_ key: UInt64) {
    guard let count = requests[key]?.samples.count else { return }
    waitingForCompute.append(RequestSlice(request: key, images: 0..<count))
  }

  /// Gives free compute workers what waits: requests that wait together share one batch.
  ///
  /// While all workers are busy a batch fills by itself; an idle one takes its ``share`` of what there is at once, or waits for
  /// more as long as ``BaseStationConfiguration/maximumWait`` says.
  mutating func startBatches(now: UInt64, _ directives: inout [Directive]) {
    while batchesUnderWay < configuration.maximumConcurrentBatches, !waitingForCompute.isEmpty {
      if let due = fillingUntil, due > now { return wakeUp(at: due, &directives) }
      guard let batch = nextBatch(now: now) else { continue }
      batchesUnderWay += 1
      counters.batches += 1
      directives.append(.compute(batch))
    }
  }

  /// Until when the next batch is kept from starting; nil where it need not wait, being full or unwanted.
  private var fillingUntil: UInt64? {
    guard configuration.maximumWait > 0, waitingForCompute.imageCount < configuration.maximumBatch,
      let first = waitingForCompute.first, let oldest = requests[first.request]
    else { return nil }
    return oldest.arrivedAt + configuration.maximumWait
  }

  /// The next batch, of one model; nil where nobody waits any more for what was first in the queue.
  private mutating func nextBatch(now: UInt64) -> Batch? {
    let share = share
    var batch: Batch?
    let blocksDiffer = clock == .request
    // Without blocks of their own all images find the links as they are now.
    var present: [LinkState?]?
    while let first = waitingForCompute.first, (batch?.count ?? 0) < share {
      guard let request = requests[first.request], request.deadline > now else {
        waitingForCompute.dropFirst()
        continue
      }
      guard batch?.model ?? request.model == request.model,
        let slice = waitingForCompute.takeFirst(share - (batch?.count ?? 0))
      else { break }
      times.waiting.record(now - request.arrivedAt)
      if batch == nil {
        batch = Batch(model: request.model, expertCount: model.description.expertCount, startedAt: now)
      }
      batch?.append(slice: slice, of: request)
      for image in slice.images {
        let states = present ?? linkStates(block: request.samples[image].block, model: request.model)
        if !blocksDiffer { present = states }
        batch?.append(linkStates: states)
      }
    }
    return batch
  }

  /// How many images the next batch takes at most: a worker's part of all that are before the backbone or in it, if what is left
  /// is enough for another batch. Where a worker waits for a fuller batch, it has all of it.
  private var share: Int {
    guard configuration.maximumWait == 0 else { return configuration.maximumBatch }
    let workers = configuration.maximumConcurrentBatches
    // At least one image, also where all that waits has been given up, so that the queue is always worked off.
    let part = max(1, (imagesWaiting + workers - 1) / workers)
    let left = waitingForCompute.imageCount - part
    guard left > 0, pace.time(for: left) >= Self.leastShare else { return configuration.maximumBatch }
    return min(part, configuration.maximumBatch)
  }

  /// Whether the batch's images are all that the base station has in hand.
  func hasNothingElseInHand(than batch: Batch) -> Bool {
    imagesWaiting == batch.count && dispatches.isEmpty
  }

  /// Backbone and gate have run over a batch.
  package mutating func onRouted(_ routed: RoutedBatch, now: UInt64) -> [Directive] {
    var directives: [Directive] = []
    times.computing.record(now - routed.batch.startedAt)
    pace.record(
      images: routed.batch.count, nanoseconds: now - routed.batch.startedAt, concurrentBatches: batchesUnderWay)
    batchesUnderWay -= 1
    var row = 0
    var indices: [SampleIndex] = []
    indices.reserveCapacity(routed.batch.count)
    for slice in routed.batch.slices {
      guard requests[slice.request] != nil else {
        row += slice.images.count
        continue
      }
      for image in slice.images {
        defer { row += 1 }
        imagesWaiting -= 1
        let index = SampleIndex(request: slice.request, image: image)
        requests[slice.request]?.samples[image].routing = RoutedImage(
          routing: routed.routing, row: row, links: routed.batch.linkStates, eligible: routed.batch.eligible[row],
          startedAt: routed.batch.startedAt, routedAt: now)
        do {
          requests[slice.request]?.samples[image].latent = try routed.latents.row(row)
          indices.append(index)
        } catch {
          settle(index, .failed(ProtocolError(.internalError, "\(error)")), now: now, &directives)
        }
      }
    }
    keepProbe(of: indices, model: routed.batch.model)
    dispatch(indices, now: now, &directives)
    startBatches(now: now, &directives)
    return directives
  }
}
