#!/usr/bin/env python3
"""A client of a moe-edge base station, written from PROTOCOL.md alone: says HELLO, has images classified, prints what came.

It needs nothing but Python's standard library. Images come from CIFAR-10 or CIFAR-100 binary files or are made up:

    scripts/protocol_client.py --bs 127.0.0.1:7000                          four made-up images
    scripts/protocol_client.py --bs 127.0.0.1:7000 --cifar test_batch.bin --count 8
    scripts/protocol_client.py --bs 127.0.0.1:7000 --status

Prints one JSON object a line. Exit status: 0 done, 1 something failed, 64 usage.
"""

import argparse
import json
import math
import os
import random
import socket
import struct
import sys
import time

MAGIC = b"MOE1"
VERSION = 1
HELLO, INFER, RESULT, PING, PONG, GOAWAY, ERROR = 1, 2, 3, 9, 10, 11, 12
STATUS_REQUEST, STATUS = 13, 14
CLIENT, BASE_STATION = 1, 2
LINKS = ("ideal", "analog", "digital")
DELIVERIES = ("intact", "erased", "damaged")
USE = ("transmissions", "decode_failures", "value_bits", "information_bits", "coded_bits", "symbols",
       "bit_errors", "information_bit_errors", "airtime_us")
LATENCY = ("count", "p50", "p90", "p99", "p99.9", "max")
STATES = ("connecting", "up", "suspect", "draining", "down")
MAXIMUM_FRAME = 16 << 20
HEADER = struct.Struct("<4sBBHIIQII")


class Failure(Exception):
    """Something to tell the user in one line."""


# ---- Section 2: the frame ---------------------------------------------------------------------------------------------


def make_crc_table():
    table = []
    for byte in range(256):
        crc = byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
        table.append(crc)
    return table


CRC_TABLE = make_crc_table()


def crc32c(*pieces):
    crc = 0xFFFFFFFF
    for piece in pieces:
        for byte in piece:
            crc = crc >> 8 ^ CRC_TABLE[(crc ^ byte) & 255]
    return crc ^ 0xFFFFFFFF


def payload_offset(fields_length, payload_length):
    end = HEADER.size + fields_length
    return end if payload_length == 0 else (end + 63) & ~63


def encode_frame(kind, fields=b"", payload=b"", request_id=0, deadline=0):
    padding = bytes(payload_offset(len(fields), len(payload)) - HEADER.size - len(fields))
    start = HEADER.pack(MAGIC, VERSION, kind, 0, len(fields), len(payload), request_id, deadline, 0)[:28]
    body = fields + padding + payload
    return start + struct.pack("<I", crc32c(start, body)) + body


class Connection:
    def __init__(self, host, port, timeout):
        try:
            self.socket = socket.create_connection((host, port), timeout)
        except OSError as error:
            raise Failure(f"cannot connect to {host}:{port}: {error}") from error
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, kind, fields=b"", payload=b"", request_id=0, deadline=0):
        self.socket.sendall(encode_frame(kind, fields, payload, request_id, deadline))

    def read(self, count):
        pieces = []
        while count > 0:
            try:
                piece = self.socket.recv(min(count, 1 << 16))
            except socket.timeout as error:
                raise Failure("nothing came for too long") from error
            except OSError as error:
                raise Failure(f"the connection broke: {error}") from error
            if not piece:
                raise Failure("the other side closed the connection")
            pieces.append(piece)
            count -= len(piece)
        return b"".join(pieces)

    def receive(self):
        """The next frame that is not about the connection itself: (type, request id, fields, payload)."""
        while True:
            header = self.read(HEADER.size)
            magic, version, kind, flags, fields_length, payload_length, request_id, _, crc = HEADER.unpack(header)
            if magic != MAGIC or version != VERSION or flags != 0:
                raise Failure(f"no frame of version 1: {header.hex(' ')}")
            offset = payload_offset(fields_length, payload_length)
            if offset + payload_length > MAXIMUM_FRAME:
                raise Failure(f"a frame of {offset + payload_length} bytes")
            body = self.read(offset + payload_length - HEADER.size)
            if crc32c(header[:28], body) != crc:
                raise Failure("the CRC of a frame does not match")
            fields, payload = body[:fields_length], body[offset - HEADER.size:]
            if kind == PING:
                self.send(PONG, fields + struct.pack("<H", 0))
            elif kind == ERROR and request_id == 0:
                raise Failure(f"the base station ends the connection: {read_error(Reader(fields))['message']}")
            elif kind != GOAWAY:
                return kind, request_id, fields, payload


# ---- Section 1: fields ------------------------------------------------------------------------------------------------


class Reader:
    def __init__(self, fields):
        self.fields = fields
        self.at = 0

    def take(self, count):
        if self.at + count > len(self.fields):
            raise Failure("a message ends too early")
        self.at += count
        return self.fields[self.at - count:self.at]

    def unpack(self, layout):
        values = struct.unpack("<" + layout, self.take(struct.calcsize("<" + layout)))
        return values[0] if len(values) == 1 else values

    def snr(self):
        value = self.unpack("f")
        return None if math.isnan(value) else value

    def text8(self):
        return self.take(self.unpack("B")).decode()

    def text16(self):
        return self.take(self.unpack("H")).decode()

    def digest(self):
        return self.take(32).hex()

    def finish(self):
        if self.at != len(self.fields):
            raise Failure("bytes are left over in a message")


def text8(text):
    data = text.encode()
    return struct.pack("<B", len(data)) + data


# ---- Section 4: the messages ------------------------------------------------------------------------------------------


def encode_hello(node_id, generation):
    return (struct.pack("<BBBBQIH", VERSION, VERSION, CLIENT, 0, generation, MAXIMUM_FRAME, 1024)
            + text8(node_id) + text8("protocol_client.py"))


def read_base_station(fields):
    reader = Reader(fields)
    minimum, maximum, role, _, _, maximum_frame, maximum_batch = reader.unpack("BBBBQIH")
    if not minimum <= VERSION <= maximum:
        raise Failure(f"the base station speaks versions {minimum} to {maximum}")
    node_id, _ = reader.text8(), reader.text8()
    if role != BASE_STATION:
        raise Failure(f"{node_id} is no base station")
    _, link, _, channels, height, width, label_count = reader.unpack("IBBHHHH")
    digest, model, gate = reader.digest(), reader.text8(), reader.text8()
    labels = [reader.text8() for _ in range(label_count)]
    reader.finish()
    return {"node": node_id, "model": model, "digest": digest, "gate": gate, "link": LINKS[link], "labels": labels,
            "shape": (channels, height, width), "maximum_frame": maximum_frame, "maximum_batch": maximum_batch}


def encode_infer(images, shape, first_block):
    mode, blocks = (0, b"") if first_block is None else (1, struct.pack("<Q", first_block))
    return struct.pack("<HBBHHH", len(images), 0, mode, *shape) + blocks


def read_error(reader):
    code, retryable, _, retry_after = reader.unpack("HBBI")
    return {"code": code, "retryable": retryable == 1, "retry_after_us": retry_after, "message": reader.text16()}


def read_result(fields):
    reader = Reader(fields)
    reader.digest()
    link, _, count, class_count = reader.unpack("BBHH")
    gate = reader.text8()
    outcomes = []
    for _ in range(count):
        if reader.unpack("B") == 1:
            outcomes.append({"error": read_error(reader)})
            continue
        share_count, class_index, probability, block = reader.unpack("BHfQ")
        radio = dict(zip(USE, reader.unpack("HHIIIIIIf")))
        shares = []
        for _ in range(share_count):
            expert, process, weight, tag, attempt = reader.unpack("HIfQI")
            snr, delivery = reader.snr(), DELIVERIES[reader.unpack("B")]
            shares.append({"expert": expert, "process": process, "weight": weight, "tag": tag, "attempt": attempt,
                           "snr_db": snr, "delivery": delivery, "node": reader.text8()})
        largest = max(shares, key=lambda share: share["weight"], default=None)
        outcomes.append({
            "class": class_index, "probability": probability, "block": block, "gate": gate, "link": LINKS[link],
            "expert": largest and largest["expert"], "snr_db": largest and largest["snr_db"], "experts": shares,
            "radio": radio})
    reader.finish()
    return outcomes


def read_status(fields):
    reader = Reader(fields)
    digest = reader.digest()
    uptime, can_serve, _, expert_count, counter_count, latency_count = reader.unpack("QBBHHH")
    model = reader.text8()
    experts = []
    for _ in range(expert_count):
        expert, state = reader.unpack("HB")
        snr = reader.snr()
        queue, answered, reply = reader.unpack("IQI")
        node, address, reason = reader.text8(), reader.text8(), reader.text8()
        experts.append({"expert": None if expert == 65535 else expert, "state": STATES[state], "snr_db": snr,
                        "queue": queue, "answered": answered, "reply_us": reply, "node": node, "address": address,
                        "reason": reason})
    counters = {}
    for _ in range(counter_count):
        value = reader.unpack("Q")
        counters[reader.text8()] = value
    latencies = {}
    for _ in range(latency_count):
        values = dict(zip(LATENCY, reader.unpack("QIIIII")))
        latencies[reader.text8()] = values
    reader.finish()
    return {"model": model, "digest": digest, "uptime_s": uptime / 1e6, "can_serve": can_serve == 1,
            "experts": experts, "counters": counters, "latency_us": latencies}


# ---- The program ------------------------------------------------------------------------------------------------------


def ask(connection, kind, fields=b"", payload=b"", request_id=1, deadline=0):
    connection.send(kind, fields, payload, request_id, deadline)
    while True:
        kind, answered, fields, _ = connection.receive()
        if answered == request_id:
            if kind == ERROR:
                raise Failure(f"the base station refuses: {read_error(Reader(fields))['message']}")
            return kind, fields


def load_images(options, size):
    if options.cifar is None:
        generator = random.Random(options.first)
        return [bytes(generator.getrandbits(8) for _ in range(size)) for _ in range(options.count)]
    with open(options.cifar, "rb") as file:
        data = file.read()
    record = next((size + labels for labels in (1, 2) if len(data) % (size + labels) == 0), None)
    if record is None:
        raise Failure(f"{options.cifar}: no CIFAR file with images of {size} bytes")
    records = [data[start:start + record] for start in range(0, len(data), record)]
    return [each[-size:] for each in records[options.first:options.first + options.count]]


def run(options):
    host, _, port = options.bs.rpartition(":")
    connection = Connection(host.strip("[]"), int(port), options.timeout)
    connection.send(HELLO, encode_hello(f"python-{os.getpid()}", time.time_ns()))
    kind, _, fields, _ = connection.receive()
    if kind != HELLO:
        raise Failure(f"expected HELLO, received a message of type {kind}")
    base_station = read_base_station(fields)
    if options.status:
        kind, fields = ask(connection, STATUS_REQUEST)
        print(json.dumps(read_status(fields)))
        return 0

    shape = base_station["shape"]
    images = load_images(options, math.prod(shape))
    batch = min(options.batch, base_station["maximum_batch"])
    failed = False
    for start in range(0, len(images), batch):
        some = images[start:start + batch]
        block = None if options.block is None else options.block + start
        began = time.perf_counter()
        _, fields = ask(connection, INFER, encode_infer(some, shape, block), b"".join(some), request_id=start + 1,
                        deadline=int(options.timeout * 1e6))
        latency = round((time.perf_counter() - began) * 1e6)
        for index, outcome in enumerate(read_result(fields)):
            if "class" in outcome and base_station["labels"]:
                outcome["label"] = base_station["labels"][outcome["class"]]
            failed = failed or "error" in outcome
            print(json.dumps({"index": options.first + start + index, **outcome, "latency_us": latency}))
    return 1 if failed else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bs", required=True, metavar="HOST:PORT", help="the base station")
    parser.add_argument("--cifar", metavar="FILE", help="a CIFAR binary file; without it images are made up")
    parser.add_argument("--first", type=int, default=0, help="the first image's index (0)")
    parser.add_argument("--count", type=int, default=4, help="images (4)")
    parser.add_argument("--batch", type=int, default=32, help="images in one request (32)")
    parser.add_argument("--block", type=int, help="the first image's block; the base station counts without it")
    parser.add_argument("--timeout", type=float, default=5, help="seconds to wait for anything (5)")
    parser.add_argument("--status", action="store_true", help="ask for the status instead")
    parser.error = lambda message: (print(f"{parser.prog}: {message}", file=sys.stderr), sys.exit(64))
    options = parser.parse_args()
    if not options.bs.rpartition(":")[2].isdigit() or not options.bs.rpartition(":")[0]:
        parser.error(f"--bs: \"{options.bs}\" is no HOST:PORT")
    try:
        return run(options)
    except (Failure, OSError) as failure:
        print(f"{parser.prog}: {failure}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
