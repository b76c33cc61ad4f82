/// The worked example of PROTOCOL.md.
extension GoldenFrames {
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
