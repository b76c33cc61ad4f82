/// Between a client and the base station.
extension GoldenFrames {
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
}
