/// Between any two nodes.
extension GoldenFrames {
  static let cancel = """
    4d 4f 45 31                                     | magic
    01                                              | version
    08                                              | type: cancel
    00 00                                           | flags
    00 00 00 00                                     | fields length 0
    00 00 00 00                                     | payload length 0
    05 00 00 00 00 00 00 00                         | request id 5
    00 00 00 00                                     | deadline 0 µs
    19 0f 67 43                                     | crc32c
    """

  static let ping = """
    4d 4f 45 31                                     | magic
    01                                              | version
    09                                              | type: ping
    00 00                                           | flags
    08 00 00 00                                     | fields length 8
    00 00 00 00                                     | payload length 0
    00 00 00 00 00 00 00 00                         | request id 0
    00 00 00 00                                     | deadline 0 µs
    45 ba 21 91                                     | crc32c
    88 77 66 55 44 33 22 11                         | token
    """

  static let pong = """
    4d 4f 45 31                                     | magic
    01                                              | version
    0a                                              | type: pong
    00 00                                           | flags
    0a 00 00 00                                     | fields length 10
    00 00 00 00                                     | payload length 0
    00 00 00 00 00 00 00 00                         | request id 0
    00 00 00 00                                     | deadline 0 µs
    57 d4 73 7b                                     | crc32c
    88 77 66 55 44 33 22 11                         | token
    03 00                                           | queue depth 3
    """

  static let goaway = """
    4d 4f 45 31                                     | magic
    01                                              | version
    0b                                              | type: goaway
    00 00                                           | flags
    0b 00 00 00                                     | fields length 11
    00 00 00 00                                     | payload length 0
    00 00 00 00 00 00 00 00                         | request id 0
    00 00 00 00                                     | deadline 0 µs
    e2 12 9e f2                                     | crc32c
    01                                              | reason: shutdown
    40 4b 4c 00                                     | grace 5000000 µs
    05 64 72 61 69 6e                               | message "drain"
    """

  static let error = """
    4d 4f 45 31                                     | magic
    01                                              | version
    0c                                              | type: error
    00 00                                           | flags
    22 00 00 00                                     | fields length 34
    00 00 00 00                                     | payload length 0
    05 00 00 00 00 00 00 00                         | request id 5
    00 00 00 00                                     | deadline 0 µs
    c9 10 37 e7                                     | crc32c
    08 00                                           | code: busy
    01                                              | retryable
    00                                              | reserved
    98 3a 00 00                                     | retry after 15000 µs
    18 00 74 68 65 20 71 75 65 75 65 20 6f 66 20 32 | message "the queue of 256 is full"
    35 36 20 69 73 20 66 75 6c 6c                   |
    """

  static let statusRequest = """
    4d 4f 45 31                                     | magic
    01                                              | version
    0d                                              | type: statusRequest
    00 00                                           | flags
    00 00 00 00                                     | fields length 0
    00 00 00 00                                     | payload length 0
    0c 00 00 00 00 00 00 00                         | request id 12
    00 00 00 00                                     | deadline 0 µs
    71 4a 04 5b                                     | crc32c
    """

  static let status = """
    4d 4f 45 31                                     | magic
    01                                              | version
    0e                                              | type: status
    00 00                                           | flags
    c6 00 00 00                                     | fields length 198
    00 00 00 00                                     | payload length 0
    0c 00 00 00 00 00 00 00                         | request id 12
    00 00 00 00                                     | deadline 0 µs
    b2 03 e8 09                                     | crc32c
    00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f | model digest
    10 11 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f |
    00 a4 93 d6 00 00 00 00                         | uptime 3600000000 µs
    01                                              | can serve
    00                                              | reserved
    02 00                                           | experts 2
    01 00                                           | counters 1
    01 00                                           | latencies 1
    06 6c 65 6e 65 74 35                            | model name "lenet5"
    00 00                                           | expert 0
    01                                              | state: up
    00 00 a8 41                                     | snr 21 dB
    02 00 00 00                                     | queue 2
    63 00 00 00 00 00 00 00                         | answered 99
    90 01 00 00                                     | reply 400 µs
    08 65 78 70 65 72 74 2d 30                      | node "expert-0"
    0e 31 32 37 2e 30 2e 30 2e 31 3a 37 31 30 30    | address "127.0.0.1:7100"
    00                                              | reason: none
    ff ff                                           | expert: unknown
    04                                              | state: down
    00 00 c0 7f                                     | snr: none
    00 00 00 00                                     | queue 0
    00 00 00 00 00 00 00 00                         | answered 0
    00 00 00 00                                     | reply 0 µs
    00                                              | node: none
    0a 5b 3a 3a 31 5d 3a 37 31 30 31                | address "[::1]:7101"
    07 72 65 66 75 73 65 64                         | reason "refused"
    87 d6 12 00 00 00 00 00                         | counter 1234567
    08 72 65 71 75 65 73 74 73                      | name "requests"
    e7 03 00 00 00 00 00 00                         | latency: count 999
    0a 00 00 00                                     | p50 10 µs
    14 00 00 00                                     | p90 20 µs
    1e 00 00 00                                     | p99 30 µs
    28 00 00 00                                     | p99.9 40 µs
    32 00 00 00                                     | max 50 µs
    06 65 78 70 65 72 74                            | stage "expert"
    """

  static let reload = """
    4d 4f 45 31                                     | magic
    01                                              | version
    0f                                              | type: reload
    00 00                                           | flags
    00 00 00 00                                     | fields length 0
    00 00 00 00                                     | payload length 0
    0d 00 00 00 00 00 00 00                         | request id 13
    00 00 00 00                                     | deadline 0 µs
    31 7e d2 81                                     | crc32c
    """

  static let reloaded = """
    4d 4f 45 31                                     | magic
    01                                              | version
    10                                              | type: reloaded
    00 00                                           | flags
    20 00 00 00                                     | fields length 32
    00 00 00 00                                     | payload length 0
    0d 00 00 00 00 00 00 00                         | request id 13
    00 00 00 00                                     | deadline 0 µs
    b9 3d 91 ee                                     | crc32c
    00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f | model digest
    10 11 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f |
    """

  // The worked example of PROTOCOL.md.
}
