internal import Dispatch
internal import Synchronization

/// A bounded set of threads' worth of computing: serial queues, of which a job takes the one with the least before it.
///
/// Their target has another quality of service than an ``IOQueue``'s. Each quality has a pool of threads of its own, no larger
/// than the processor has cores; in a common one as many jobs as there are cores would keep the io queue from sending heartbeats
/// and replies until one of them ends.
package final class ComputeWorkers: Sendable {
  private let queues: [DispatchQueue]
  /// Jobs waiting or running, by worker.
  private let jobs: Mutex<[Int]>

  package init(label: String, count: Int) {
    precondition(count > 0, "\(count) compute workers")
    queues = (0..<count).map {
      DispatchQueue(label: "\(label).compute-\($0)", qos: .default, target: .global(qos: .default))
    }
    jobs = Mutex(Array(repeating: 0, count: count))
  }

  package var count: Int { queues.count }

  /// Runs `job` on a worker, after what that worker has already been given.
  package func run(_ job: @escaping @Sendable () -> Void) {
    let worker = jobs.withLock { jobs in
      let worker = jobs.indices.min { jobs[$0] < jobs[$1] } ?? 0
      jobs[worker] += 1
      return worker
    }
    queues[worker].async { [self] in
      job()
      jobs.withLock { $0[worker] -= 1 }
    }
  }
}
