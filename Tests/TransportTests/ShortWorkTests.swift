import Testing
import Transport

@Suite struct ShortWorkTests {
  @Test func `what has never been measured is not short`() {
    #expect(!ShortWork().isShort(items: 1))
  }

  @Test func `work is short up to the limit, counting its items`() {
    var work = ShortWork()
    work.record(items: 4, nanoseconds: ShortWork.limit)
    #expect(work.isShort(items: 4))
    #expect(!work.isShort(items: 5))
  }

  @Test func `work that has become slow is not short for long, and the other way round`() {
    var work = ShortWork()
    work.record(items: 1, nanoseconds: 1000)
    for _ in 0..<30 { work.record(items: 1, nanoseconds: 5 * ShortWork.limit) }
    #expect(!work.isShort(items: 1))
    for _ in 0..<60 { work.record(items: 1, nanoseconds: 1000) }
    #expect(work.isShort(items: 1))
  }

  @Test func `no items teach nothing`() {
    var work = ShortWork()
    work.record(items: 0, nanoseconds: 1)
    #expect(!work.isShort(items: 0))
  }
}
