import Radio
import Testing

struct SNRTraceTests {
  @Test func `a trace is repeated, a column for each process`() throws {
    let trace = try SNRTrace(parsing: "# time of day\n1, 2\n\n-3.5\t4e0 # night\n")
    #expect(trace.columns == 2 && trace.rows == 2)
    #expect([0, 1, 2].map { trace.snrDB(ofBlock: $0, process: 0) } == [1, -3.5, 1])
    #expect([0, 1, 2].map { trace.snrDB(ofBlock: $0, process: 3) } == [2, 4, 2])
    let configuration = LinkConfiguration(snr: .trace(trace), fading: .none)
    let link = try SimulatedLink(configuration: configuration, id: LinkID(baseStation: 0, process: 1))
    #expect(link.state(ofBlock: .max).snrDB == 4)
  }

  @Test(arguments: ["\r\n", "\r"]) func `lines end as on any system`(end: String) throws {
    let text = "# time of day\n1 2 # night\n\n3 4\n"
    let there = text.replacing("\n", with: end)
    #expect(try SNRTrace(parsing: there) == SNRTrace(parsing: text))
    let error = #expect(throws: SNRTraceError.self) { try SNRTrace(parsing: there + "5") }
    #expect(error?.line == 5)
  }

  @Test(arguments: [
    ("", "SNR trace, line 1: expected at least one number, received none"),
    ("# nothing\n", "SNR trace, line 2: expected at least one number, received none"),
    ("1 2\n3\n", "SNR trace, line 2: expected 2 numbers, as in the first row, received 1"),
    ("1\nsnow\n", "SNR trace, line 2: expected an SNR from -400 to 400 dB, received \"snow\""),
    ("1\nnan\n", "SNR trace, line 2: expected an SNR from -400 to 400 dB, received \"nan\""),
    ("401", "SNR trace, line 1: expected an SNR from -400 to 400 dB, received \"401\""),
  ])
  func `a bad trace is refused with its line`(text: String, message: String) {
    #expect(#expect(throws: SNRTraceError.self) { try SNRTrace(parsing: text) }?.description == message)
  }
}
