import Datasets
import Testing
import WireProtocol

struct FrameStampTests {
  private func frame(_ requestID: UInt64, deadline: UInt32) -> FrameBuffer {
    let pixels = BytePayload((0..<24).map(UInt8.init))
    let infer = Infer(count: 2, shape: ImageShape(channels: 3, height: 2, width: 2), pixels: pixels)
    return Message.infer(infer).encode(requestID: requestID, deadlineMicroseconds: deadline)
  }

  @Test func `a stamped frame is the one that would have been encoded`() throws {
    var stamped = frame(1, deadline: 0)
    for (requestID, deadline) in [(2 as UInt64, 5 as UInt32), (UInt64.max, .max)] {
      stamped.stamp(requestID: requestID, deadlineMicroseconds: deadline)
      #expect(stamped.bytes == frame(requestID, deadline: deadline).bytes)
      #expect(try frames(stamped.bytes).first?.requestID == requestID)
    }
  }

  @Test func `a frame that somebody else still holds keeps its bytes`() {
    let held = frame(1, deadline: 0)
    var stamped = held
    stamped.stamp(requestID: 2, deadlineMicroseconds: 9)
    #expect(held.bytes == frame(1, deadline: 0).bytes)
    #expect(stamped.bytes == frame(2, deadline: 9).bytes)
    #expect(held.storage !== stamped.storage)
    let storage = ObjectIdentifier(stamped.storage)
    stamped.stamp(requestID: 3, deadlineMicroseconds: 0)
    #expect(ObjectIdentifier(stamped.storage) == storage)
  }
}
