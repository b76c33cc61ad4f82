/// One frame of every message, packed by hand after PROTOCOL.md: hexadecimal bytes, then what they are. Here those of the handshake.
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
}
