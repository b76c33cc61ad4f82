import Tensors
import Testing

struct KeptBlocksTests {
  @Test func `a freed block goes to the next who asks for its size, and to nobody else`() {
    var blocks = KeptBlocks(capacity: 1 << 20)
    #expect(blocks.take(4096).address == nil)
    #expect(blocks.keep(7, 4096).isEmpty)
    #expect(blocks.take(8192).address == nil)
    #expect(blocks.take(4096).address == 7)
    #expect(blocks.take(4096).address == nil && blocks.bytesKept == 0)
  }

  @Test func `who uses one size after another holds twice what was used at once, the latest sizes`() {
    var blocks = KeptBlocks(capacity: 1 << 20)
    var surplus: [UInt] = []
    for (address, size) in [(1, 40), (2, 50), (3, 60), (4, 70)] as [(UInt, Int)] {
      let taken = blocks.take(size)
      #expect(taken.address == nil)
      surplus += taken.surplus + blocks.keep(address, size)
    }
    #expect(surplus == [1, 2] && blocks.bytesKept == 130)
    #expect(blocks.take(60).address == 3)
  }

  @Test func `sizes that are used in turn are all kept while they fit`() {
    var blocks = KeptBlocks(capacity: 1 << 20)
    for turn in 0..<5 {
      for address in 1...3 as ClosedRange<UInt> {
        #expect(blocks.take(30 + Int(address)).address == (turn == 0 ? nil : address))
        // What lasts.
        if turn == 0, address == 1 { #expect(blocks.take(60).address == nil) }
        #expect(blocks.keep(address, 30 + Int(address)).isEmpty)
      }
    }
  }

  @Test func `the capacity holds whatever was in use, and a block beyond it is not kept`() {
    var blocks = KeptBlocks(capacity: 100)
    for size in [500, 60, 60] { #expect(blocks.take(size).address == nil) }
    #expect(blocks.keep(1, 500) == [1])
    #expect(blocks.keep(2, 60).isEmpty)
    #expect(blocks.keep(3, 60).count == 1)
    #expect(blocks.bytesKept == 60)
  }

  @Test func `every block is in use, kept or given back, whatever is asked for`() {
    var numbers = Numbers(3)
    var blocks = KeptBlocks(capacity: 5_000)
    var inUse: [(address: UInt, size: Int)] = []
    var idle: [UInt: Int] = [:]
    var made: UInt = 0
    var bytesInUse = 0
    var mostInUse = 0
    for _ in 0..<20_000 {
      if Bool.random(using: &numbers) || inUse.isEmpty {
        let size = 100 * Int.random(in: 1...12, using: &numbers)
        let (address, surplus) = blocks.take(size)
        if let address {
          #expect(idle.removeValue(forKey: address) == size)
          inUse.append((address, size))
        } else {
          #expect(!idle.values.contains(size))
          made += 1
          inUse.append((made, size))
        }
        for address in surplus { #expect(idle.removeValue(forKey: address) != nil) }
        bytesInUse += size
        mostInUse = max(mostInUse, bytesInUse)
      } else {
        let (address, size) = inUse.remove(at: Int.random(in: inUse.indices, using: &numbers))
        idle[address] = size
        bytesInUse -= size
        for address in blocks.keep(address, size) { #expect(idle.removeValue(forKey: address) != nil) }
      }
      #expect(blocks.bytesKept == idle.values.reduce(0, +))
      #expect(blocks.bytesKept <= min(5_000, 2 * mostInUse - bytesInUse))
    }
  }
}
