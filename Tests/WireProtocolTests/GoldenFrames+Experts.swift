/// Between the base station and an expert.
extension GoldenFrames {
  static let dispatch = """
    4d 4f 45 31                                     | magic
    01                                              | version
    04                                              | type: dispatch
    00 00                                           | flags
    50 00 00 00                                     | fields length 80
    18 00 00 00                                     | payload length 24
    09 00 00 00 00 00 00 00                         | request id 9
    a0 86 01 00                                     | deadline 100000 µs
    99 d2 09 87                                     | crc32c
    00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f | model digest
    10 11 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f |
    01                                              | link: analog
    00                                              | reserved
    02 00                                           | count 2
    03 00 00 00                                     | latent count 3
    e8 03 00 00 00 00 00 00                         | block 1000
    e8 03 00 00 00 00 00 00                         | tag 1000
    00 00 00 00                                     | attempt 0
    e9 03 00 00 00 00 00 00                         | block 1001
    e9 03 00 00 00 00 00 00                         | tag 1001
    01 00 00 00                                     | attempt 1
    00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 | padding
    00 00 80 3f 00 00 00 c0 00 00 00 3f 00 00 00 00 | latents
    00 00 40 40 00 00 80 be                         |
    """

  static let dispatchDigital = """
    4d 4f 45 31                                     | magic
    01                                              | version
    04                                              | type: dispatch
    00 00                                           | flags
    5a 00 00 00                                     | fields length 90
    58 00 00 00                                     | payload length 88
    0a 00 00 00 00 00 00 00                         | request id 10
    a0 86 01 00                                     | deadline 100000 µs
    10 bf f4 ce                                     | crc32c
    00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f | model digest
    10 11 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f |
    02                                              | link: digital
    00                                              | reserved
    02 00                                           | count 2
    03 00 00 00                                     | latent count 3
    e8 03 00 00 00 00 00 00                         | block 1000
    e8 03 00 00 00 00 00 00                         | tag 1000
    00 00 00 00                                     | attempt 0
    e9 03 00 00 00 00 00 00                         | block 1001
    e9 03 00 00 00 00 00 00                         | tag 1001
    01 00 00 00                                     | attempt 1
    00                                              | packet: on failure redispatch
    2a 00 00 00                                     | length 42
    01                                              | packet: on failure erasure
    2e 00 00 00                                     | length 46
    00 00 00 00 00 00                               | padding
    00 00 c0 bf 00 00 00 40 03 00 00 00 05 0c 13 1a | packets
    21 28 2f 36 3d 44 4b 52 59 60 67 6e 75 7c 83 8a |
    91 98 9f a6 ad b4 bb c2 c9 d0 00 00 80 3e 00 00 |
    80 3e 03 00 01 00 05 0c 13 1a 21 28 2f 36 3d 44 |
    4b 52 59 60 67 6e 75 7c 83 8a 91 98 9f a6 ad b4 |
    bb c2 c9 d0 d7 de e5 e0                         |
    """

  static let reply = """
    4d 4f 45 31                                     | magic
    01                                              | version
    05                                              | type: reply
    00 00                                           | flags
    9f 00 00 00                                     | fields length 159
    10 00 00 00                                     | payload length 16
    09 00 00 00 00 00 00 00                         | request id 9
    00 00 00 00                                     | deadline 0 µs
    86 90 1c d6                                     | crc32c
    00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f | model digest
    10 11 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f |
    02 00                                           | count 2
    04 00                                           | queue depth 4
    b4 00 00 00                                     | compute 180 µs
    02 00 00 00                                     | output count 2
    01                                              | reports 1
    00                                              | status: ok
    00 00 48 41                                     | snr 12.5 dB
    e8 03 00 00 00 00 00 00                         | block 1000
    01 00                                           | use: transmissions 1
    00 00                                           | decode failures 0
    10 00 00 00                                     | value bits 16
    90 00 00 00                                     | information bits 144
    2c 01 00 00                                     | coded bits 300
    4b 00 00 00                                     | symbols 75
    00 00 00 00                                     | channel bit errors 0
    00 00 00 00                                     | information bit errors 0
    00 00 97 42                                     | airtime 75.5 µs
    01                                              | status: lost
    00 00 e8 c0                                     | snr -7.25 dB
    e9 03 00 00 00 00 00 00                         | block 1001
    01 00                                           | use: transmissions 1
    01 00                                           | decode failures 1
    10 00 00 00                                     | value bits 16
    90 00 00 00                                     | information bits 144
    2c 01 00 00                                     | coded bits 300
    4b 00 00 00                                     | symbols 75
    3d 00 00 00                                     | channel bit errors 61
    28 00 00 00                                     | information bit errors 40
    00 00 97 42                                     | airtime 75.5 µs
    01                                              | clock: request
    00                                              | reserved
    02 00                                           | count 2
    00 00 00 00                                     | remaining 0 µs
    ea 03 00 00 00 00 00 00                         | first block 1002
    00 00 60 40                                     | snr 3.5 dB
    00 00 a0 c1                                     | snr -20.0 dB
    00                                              | padding
    00 00 00 40 00 00 80 bf 00 00 00 00 00 00 00 00 | outputs
    """

  static let channelReport = """
    4d 4f 45 31                                     | magic
    01                                              | version
    06                                              | type: channelReport
    00 00                                           | flags
    1c 00 00 00                                     | fields length 28
    00 00 00 00                                     | payload length 0
    0b 00 00 00 00 00 00 00                         | request id 11
    00 00 00 00                                     | deadline 0 µs
    a8 fd 5b 3a                                     | crc32c
    01                                              | clock: request
    00                                              | reserved
    03 00                                           | count 3
    00 00 00 00                                     | remaining 0 µs
    40 00 00 00 00 00 00 00                         | first block 64
    00 00 f0 41                                     | snr 30.0 dB
    00 00 48 c1                                     | snr -12.5 dB
    00 00 00 00                                     | snr 0.0 dB
    """

  static let channelReportByWallClock = """
    4d 4f 45 31                                     | magic
    01                                              | version
    06                                              | type: channelReport
    00 00                                           | flags
    14 00 00 00                                     | fields length 20
    00 00 00 00                                     | payload length 0
    00 00 00 00 00 00 00 00                         | request id 0
    00 00 00 00                                     | deadline 0 µs
    1b c8 dd 47                                     | crc32c
    00                                              | clock: wall
    00                                              | reserved
    01 00                                           | count 1
    18 79 00 00                                     | remaining 31000 µs
    63 00 00 00 00 00 00 00                         | first block 99
    00 00 8a 41                                     | snr 17.25 dB
    """

  static let subscribe = """
    4d 4f 45 31                                     | magic
    01                                              | version
    07                                              | type: subscribe
    00 00                                           | flags
    0c 00 00 00                                     | fields length 12
    00 00 00 00                                     | payload length 0
    0b 00 00 00 00 00 00 00                         | request id 11
    00 00 00 00                                     | deadline 0 µs
    73 50 61 fe                                     | crc32c
    40 00 00 00 00 00 00 00                         | first block 64
    03 00 00 00                                     | count 3
    """
}
