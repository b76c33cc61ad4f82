internal import Glibc

/// What our nodes call themselves in HELLO.
package let softwareVersion = "moe-edge 0.1.0"

/// A generation for this start of the process: larger than that of any earlier start, as long as the machine's clock
/// does not go backwards.
package func wallClockGeneration() -> UInt64 {
  var time = timespec()
  clock_gettime(CLOCK_REALTIME, &time)
  return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}
