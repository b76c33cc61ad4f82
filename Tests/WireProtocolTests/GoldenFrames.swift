/// One frame of every message, packed by hand after PROTOCOL.md: hexadecimal bytes, then what they are.
enum GoldenFrames {
  static let helloClient = """
    4d 4f 45 31                                     | magic
    01                                              | version
    01                                              | type: hello
    00 00                                           | flags
    21 00 00 00                                     | fields length 33
    00 00 00 00                                     | payload length 0
    00 00 00 00 00 00 00 00                         | request id 0
    00 00 00 00                                     | deadline 0 µs
    44 a3 f8 4f                                     | crc32c
    01                                              | minimum version
    01                                              | maximum version
    01                                              | role: client
    00                                              | reserved
    08 07 06 05 04 03 02 01                         | generation
    00 00 00 01                                     | maximum frame 16777216
    00 04                                           | maximum batch 1024
    06 6e 6f 64 65 2d 31                            | node id "node-1"
    07 6d 6f 65 20 31 2e 30                         | software "moe 1.0"
    """

  static let helloOperator = """
    4d 4f 45 31                                     | magic
    01                                              | version
    01                                              | type: hello
    00 00                                           | flags
    21 00 00 00                                     | fields length 33
    00 00 00 00                                     | payload length 0
    00 00 00 00 00 00 00 00                         | request id 0
    00 00 00 00                                     | deadline 0 µs
    0c 37 2e d0                                     | crc32c
    01                                              | minimum version
    01                                              | maximum version
    04                                              | role: operator
    00                                              | reserved
    08 07 06 05 04 03 02 01                         | generation
    00 00 00 01                                     | maximum frame 16777216
    00 04                                           | maximum batch 1024
    06 6e 6f 64 65 2d 31                            | node id "node-1"
    07 6d 6f 65 20 31 2e 30                         | software "moe 1.0"
    """

  static let helloExpert = """
    4d 4f 45 31                                     | magic
    01                                              | version
    01                                              | type: hello
    00 00                                           | flags
    79 00 00 00                                     | fields length 121
    00 00 00 00                                     | payload length 0
    00 00 00 00 00 00 00 00                         | request id 0
    00 00 00 00                                     | deadline 0 µs
    8f d6 db 3d                                     | crc32c
    01                                              | minimum version
    01                                              | maximum version
    03                                              | role: expert
    00                                              | reserved
    08 07 06 05 04 03 02 01                         | generation
    00 00 00 01                                     | maximum frame 16777216
    00 04                                           | maximum batch 1024
    08 65 78 70 65 72 74 2d 33                      | node id "expert-3"
    07 6d 6f 65 20 31 2e 30                         | software "moe 1.0"
    03 00                                           | expert index 3
    08 00                                           | expert count 8
    13 00 00 00                                     | link process 19
    50 c3 00 00                                     | coherence 50000 µs
    78 00 00 00                                     | latent count 120
    0a 00 00 00                                     | output count 10
    01                                              | clock: request
    02                                              | digests 2
    00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f | model digest
    10 11 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f |
    20 21 22 23 24 25 26 27 28 29 2a 2b 2c 2d 2e 2f | second digest
    30 31 32 33 34 35 36 37 38 39 3a 3b 3c 3d 3e 3f |
    """

  static let helloBaseStation = """
    4d 4f 45 31                                     | magic
    01                                              | version
    01                                              | type: hello
    00 00                                           | flags
    72 00 00 00                                     | fields length 114
    00 00 00 00                                     | payload length 0
    00 00 00 00 00 00 00 00                         | request id 0
    00 00 00 00                                     | deadline 0 µs
    1f fa 0d c4                                     | crc32c
    01                                              | minimum version
    01                                              | maximum version
    02                                              | role: base station
    00                                              | reserved
    08 07 06 05 04 03 02 01                         | generation
    00 00 00 01                                     | maximum frame 16777216
    00 04                                           | maximum batch 1024
    04 62 73 2d 37                                  | node id "bs-7"
    07 6d 6f 65 20 31 2e 30                         | software "moe 1.0"
    07 00 00 00                                     | base station id 7
    01                                              | link: analog
    00                                              | reserved
    03 00                                           | channels 3
    20 00                                           | height 32
    20 00                                           | width 32
    02 00                                           | class labels 2
    00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f | model digest
    10 11 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f |
    06 6c 65 6e 65 74 35                            | model name "lenet5"
    0d 63 68 61 6e 6e 65 6c 2d 61 77 61 72 65       | gate "channel-aware"
    09 61 65 72 6f 70 6c 61 6e 65                   | class label 0 "aeroplane"
    05 76 c3 a9 6c 6f                               | class label 1 "vélo"
    """

  static let infer = """
    4d 4f 45 31                                     | magic
    01                                              | version
    02                                              | type: infer
    00 00                                           | flags
    12 00 00 00                                     | fields length 18
    0c 00 00 00                                     | payload length 12
    05 00 00 00 00 00 00 00                         | request id 5
    90 d0 03 00                                     | deadline 250000 µs
    10 da f6 8e                                     | crc32c
    02 00                                           | count 2
    00                                              | flags
    01                                              | block mode: from
    01 00                                           | channels 1
    02 00                                           | height 2
    03 00                                           | width 3
    e8 03 00 00 00 00 00 00                         | first block 1000
    00 00 00 00 00 00 00 00 00 00 00 00 00 00       | padding
    01 02 03 04 05 06 07 08 09 0a 0b 0c             | pixels
    """

  static let inferPinned = """
    4d 4f 45 31                                     | magic
    01                                              | version
    02                                              | type: infer
    00 00                                           | flags
    32 00 00 00                                     | fields length 50
    03 00 00 00                                     | payload length 3
    06 00 00 00 00 00 00 00                         | request id 6
    00 00 00 00                                     | deadline 0 µs
    83 8c bc 1e                                     | crc32c
    01 00                                           | count 1
    03                                              | flags: probabilities, digest
    02                                              | block mode: each
    03 00                                           | channels 3
    01 00                                           | height 1
    01 00                                           | width 1
    00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f | model digest
    10 11 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f |
    ff ff ff ff ff ff ff ff                         | block 18446744073709551615
    00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 | padding
    00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 |
    00 00 00 00 00 00 00 00 00 00 00 00 00 00       |
    ff 80 00                                        | pixels
    """

  static let inferUnnamed = """
    4d 4f 45 31                                     | magic
    01                                              | version
    02                                              | type: infer
    00 00                                           | flags
    0a 00 00 00                                     | fields length 10
    03 00 00 00                                     | payload length 3
    07 00 00 00 00 00 00 00                         | request id 7
    00 00 00 00                                     | deadline 0 µs
    98 df f7 55                                     | crc32c
    01 00                                           | count 1
    00                                              | flags
    00                                              | block mode: unnamed
    03 00                                           | channels 3
    01 00                                           | height 1
    01 00                                           | width 1
    00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 | padding
    00 00 00 00 00 00                               |
    01 02 03                                        | pixels
    """

  static let result = """
    4d 4f 45 31                                     | magic
    01                                              | version
    03                                              | type: result
    00 00                                           | flags
    b9 00 00 00                                     | fields length 185
    00 00 00 00                                     | payload length 0
    05 00 00 00 00 00 00 00                         | request id 5
    00 00 00 00                                     | deadline 0 µs
    5f 02 28 a5                                     | crc32c
    00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f | model digest
    10 11 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f |
    01                                              | link: analog
    00                                              | reserved
    02 00                                           | count 2
    00 00                                           | class count 0
    0d 63 68 61 6e 6e 65 6c 2d 61 77 61 72 65       | gate "channel-aware"
    00                                              | outcome 0: classified
    02                                              | shares 2
    08 00                                           | class 8
    00 00 40 3f                                     | probability 0.75
    e8 03 00 00 00 00 00 00                         | block 1000
    04 00                                           | use: transmissions 4
    02 00                                           | decode failures 2
    00 0f 00 00                                     | value bits 3840
    00 0b 00 00                                     | information bits 2816
    18 16 00 00                                     | coded bits 5656
    86 05 00 00                                     | symbols 1414
    49 00 00 00                                     | channel bit errors 73
    09 00 00 00                                     | information bit errors 9
    00 c0 b0 44                                     | airtime 1414.0 µs
    03 00                                           | share: expert 3
    13 00 00 00                                     | process 19
    00 00 20 3f                                     | weight 0.625
    e8 03 00 00 00 00 00 00                         | tag 1000
    00 00 00 00                                     | attempt 0
    00 00 48 41                                     | snr 12.5 dB
    00                                              | delivery: intact
    08 65 78 70 65 72 74 2d 33                      | node "expert-3"
    05 00                                           | share: expert 5
    15 00 00 00                                     | process 21
    00 00 c0 3e                                     | weight 0.375
    e8 03 00 00 00 00 00 00                         | tag 1000
    01 00 00 00                                     | attempt 1
    00 00 c0 7f                                     | snr: none
    01                                              | delivery: erased
    00                                              | node: none
    01                                              | outcome 1: failed
    07 00                                           | code: no expert
    01                                              | retryable
    00                                              | reserved
    d0 07 00 00                                     | retry after 2000 µs
    0a 00 6e 6f 6e 65 20 69 73 20 75 70             | message "none is up"
    """

  static let resultWithProbabilities = """
    4d 4f 45 31                                     | magic
    01                                              | version
    03                                              | type: result
    00 00                                           | flags
    78 00 00 00                                     | fields length 120
    10 00 00 00                                     | payload length 16
    06 00 00 00 00 00 00 00                         | request id 6
    00 00 00 00                                     | deadline 0 µs
    05 78 29 55                                     | crc32c
    00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f | model digest
    10 11 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f |
    00                                              | link: ideal
    00                                              | reserved
    01 00                                           | count 1
    04 00                                           | class count 4
    04 62 61 73 65                                  | gate "base"
    00                                              | outcome 0: classified
    01                                              | shares 1
    02 00                                           | class 2
    00 00 00 3f                                     | probability 0.5
    2a 00 00 00 00 00 00 00                         | block 42
    01 00                                           | use: transmissions 1
    00 00                                           | decode failures 0
    00 00 00 00                                     | value bits 0
    00 00 00 00                                     | information bits 0
    00 00 00 00                                     | coded bits 0
    00 00 00 00                                     | symbols 0
    00 00 00 00                                     | channel bit errors 0
    00 00 00 00                                     | information bit errors 0
    00 00 00 00                                     | airtime 0.0 µs
    00 00                                           | share: expert 0
    00 00 00 00                                     | process 0
    00 00 80 3f                                     | weight 1.0
    2a 00 00 00 00 00 00 00                         | tag 42
    00 00 00 00                                     | attempt 0
    00 00 c0 7f                                     | snr: none
    00                                              | delivery: intact
    01 65                                           | node "e"
    00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 | padding
    00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 |
    00 00 00 00 00 00 00 00                         |
    00 00 80 3e 00 00 00 3e 00 00 00 3f 00 00 00 3e | probabilities
    """

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
    89 00 00 00                                     | fields length 137
    00 00 00 00                                     | payload length 0
    0c 00 00 00 00 00 00 00                         | request id 12
    00 00 00 00                                     | deadline 0 µs
    e2 6a b0 48                                     | crc32c
    00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f | model digest
    10 11 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f |
    00 a4 93 d6 00 00 00 00                         | uptime 3600000000 µs
    01                                              | can serve
    00                                              | reserved
    02 00                                           | experts 2
    01 00                                           | counters 1
    06 6c 65 6e 65 74 35                            | model name "lenet5"
    00 00                                           | expert 0
    01                                              | state: up
    00 00 a8 41                                     | snr 21 dB
    02 00 00 00                                     | queue 2
    08 65 78 70 65 72 74 2d 30                      | node "expert-0"
    0e 31 32 37 2e 30 2e 30 2e 31 3a 37 31 30 30    | address "127.0.0.1:7100"
    00                                              | reason: none
    ff ff                                           | expert: unknown
    04                                              | state: down
    00 00 c0 7f                                     | snr: none
    00 00 00 00                                     | queue 0
    00                                              | node: none
    0a 5b 3a 3a 31 5d 3a 37 31 30 31                | address "[::1]:7101"
    07 72 65 66 75 73 65 64                         | reason "refused"
    87 d6 12 00 00 00 00 00                         | counter 1234567
    08 72 65 71 75 65 73 74 73                      | name "requests"
    """

  // The worked example of PROTOCOL.md.

  static let exampleClientHello = """
    4d 4f 45 31                                     | magic
    01                                              | version
    01                                              | type: hello
    00 00                                           | flags
    1d 00 00 00                                     | fields length 29
    00 00 00 00                                     | payload length 0
    00 00 00 00 00 00 00 00                         | request id 0
    00 00 00 00                                     | deadline 0 µs
    c6 b2 14 9d                                     | crc32c
    01                                              | minimum version
    01                                              | maximum version
    01                                              | role: client
    00                                              | reserved
    01 00 00 00 00 00 00 00                         | generation 1
    00 00 10 00                                     | maximum frame 1048576
    40 00                                           | maximum batch 64
    06 6c 61 70 74 6f 70                            | node id "laptop"
    03 64 6f 63                                     | software "doc"
    """

  static let exampleBaseStationHello = """
    4d 4f 45 31                                     | magic
    01                                              | version
    01                                              | type: hello
    00 00                                           | flags
    5b 00 00 00                                     | fields length 91
    00 00 00 00                                     | payload length 0
    00 00 00 00 00 00 00 00                         | request id 0
    00 00 00 00                                     | deadline 0 µs
    02 f2 4f e0                                     | crc32c
    01                                              | minimum version
    01                                              | maximum version
    02                                              | role: base station
    00                                              | reserved
    07 00 00 00 00 00 00 00                         | generation 7
    00 00 00 01                                     | maximum frame 16777216
    00 04                                           | maximum batch 1024
    04 62 73 2d 30                                  | node id "bs-0"
    03 6d 6f 65                                     | software "moe"
    00 00 00 00                                     | base station id 0
    01                                              | link: analog
    00                                              | reserved
    01 00                                           | channels 1
    02 00                                           | height 2
    03 00                                           | width 3
    02 00                                           | class labels 2
    00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f | model digest
    10 11 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f |
    04 74 69 6e 79                                  | model name "tiny"
    04 62 61 73 65                                  | gate "base"
    03 63 61 74                                     | class label 0 "cat"
    03 64 6f 67                                     | class label 1 "dog"
    """

  static let exampleInfer = """
    4d 4f 45 31                                     | magic
    01                                              | version
    02                                              | type: infer
    00 00                                           | flags
    12 00 00 00                                     | fields length 18
    06 00 00 00                                     | payload length 6
    01 00 00 00 00 00 00 00                         | request id 1
    20 a1 07 00                                     | deadline 500000 µs
    46 d6 86 a7                                     | crc32c
    01 00                                           | count 1
    00                                              | flags
    01                                              | block mode: from
    01 00                                           | channels 1
    02 00                                           | height 2
    03 00                                           | width 3
    2a 00 00 00 00 00 00 00                         | first block 42
    00 00 00 00 00 00 00 00 00 00 00 00 00 00       | padding
    00 33 66 99 cc ff                               | pixels
    """

  static let exampleResult = """
    4d 4f 45 31                                     | magic
    01                                              | version
    03                                              | type: result
    00 00                                           | flags
    7f 00 00 00                                     | fields length 127
    00 00 00 00                                     | payload length 0
    01 00 00 00 00 00 00 00                         | request id 1
    00 00 00 00                                     | deadline 0 µs
    5f 2c 4e d0                                     | crc32c
    00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f | model digest
    10 11 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f |
    01                                              | link: analog
    00                                              | reserved
    01 00                                           | count 1
    00 00                                           | class count 0
    04 62 61 73 65                                  | gate "base"
    00                                              | outcome 0: classified
    01                                              | shares 1
    01 00                                           | class 1
    00 00 60 3f                                     | probability 0.875
    2a 00 00 00 00 00 00 00                         | block 42
    01 00                                           | use: transmissions 1
    00 00                                           | decode failures 0
    00 00 00 00                                     | value bits 0
    00 00 00 00                                     | information bits 0
    00 00 00 00                                     | coded bits 0
    3c 00 00 00                                     | symbols 60
    00 00 00 00                                     | channel bit errors 0
    00 00 00 00                                     | information bit errors 0
    00 00 70 42                                     | airtime 60.0 µs
    03 00                                           | share: expert 3
    03 00 00 00                                     | process 3
    00 00 80 3f                                     | weight 1.0
    2a 00 00 00 00 00 00 00                         | tag 42
    00 00 00 00                                     | attempt 0
    00 00 8c 41                                     | snr 17.5 dB
    00                                              | delivery: intact
    08 65 78 70 65 72 74 2d 33                      | node "expert-3"
    """
}
