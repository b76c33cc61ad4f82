import DequeModule
import MixtureOfExperts
import Radio
import WireProtocol

/// From the requests that wait to the batches that compute workers take.
extension BaseStation {
  mutating func enqueue(_ key: UInt64) {
    guard let count = requests[key]?.samples.count else { return }
    for start in stride(from: 0, to: count, by: configuration.maximumBatch) {
      let images = start..<min(count, start + configuration.maximumBatch)
      waitingForCompute.append(RequestSlice(request: key, images: images))
    }
  }

  /// Gives free compute workers what waits: requests that wait together share one batch.
  ///
  /// While all workers are busy a batch fills by itself; an idle one takes what there is at once, or waits for more as long
  /// as ``BaseStationConfiguration/maximumWait`` says.
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
    guard configuration.maximumWait > 0, let first = waitingForCompute.first, let oldest = requests[first.request]
    else { return nil }
    var images = 0
    for slice in waitingForCompute {
      images += slice.images.count
      if images >= configuration.maximumBatch { return nil }
    }
    return oldest.arrivedAt + configuration.maximumWait
  }

  /// The next batch, of one model; nil where nobody waits any more for what was first in the queue.
  private mutating func nextBatch(now: UInt64) -> Batch? {
    var batch: Batch?
    let blocksDiffer = clock == .request
    // Without blocks of their own all images find the links as they are now.
    var present: [LinkState?]?
    while let slice = waitingForCompute.first {
      guard let request = requests[slice.request], request.deadline > now else {
        waitingForCompute.removeFirst()
        continue
      }
      if let batch {
        let fits = batch.count + slice.images.count <= configuration.maximumBatch
        guard fits, batch.model == request.model else { break }
      } else {
        batch = Batch(model: request.model, expertCount: model.description.expertCount, startedAt: now)
      }
      waitingForCompute.removeFirst()
      times.waiting.record(now - request.arrivedAt)
      batch?.append(slice: slice, of: request)
      for image in slice.images {
        let states = present ?? linkStates(block: request.samples[image].block, model: request.model)
        if !blocksDiffer { present = states }
        batch?.append(linkStates: states)
      }
    }
    return batch
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
