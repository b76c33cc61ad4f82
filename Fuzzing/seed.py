"""Makes the corpus's first inputs of the golden frames in Tests/WireProtocolTests: python3 Fuzzing/seed.py"""

import hashlib
import pathlib
import re

root = pathlib.Path(__file__).resolve().parent
frames = []
for file in sorted((root / "../Tests/WireProtocolTests").glob("GoldenFrames*.swift")):
    for listing in re.findall(r'"""\n(.*?)"""', file.read_text(), re.S):
        digits = " ".join(line.split("|")[0] for line in listing.splitlines())
        if re.fullmatch(r"[0-9a-f\s]+", digits):
            frame = bytes.fromhex(digits)
            if frame[:4] == b"MOE1":
                frames.append(frame)


def keep(target, data):
    folder = root / "corpus" / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / hashlib.sha1(data).hexdigest()).write_bytes(data)


hellos = [frame for frame in frames if frame[5] == 1]
others = [frame for frame in frames if frame[5] != 1]
for frame in frames:
    length = int.from_bytes(frame[8:12], "little")
    payload = frame[len(frame) - int.from_bytes(frame[12:16], "little"):]
    keep("messages", frame[5:6] + length.to_bytes(2, "little") + frame[32:32 + length] + payload)
    keep("decoder", bytes([0, 7]) + frame)
keep("decoder", bytes([1, 40]) + b"".join(frames[:6]))
for role in (1, 3):
    for hello in hellos:
        keep("handshake", bytes([role]) + hello)
        keep("handshake", bytes([role]) + hello + hello)
    for frame in others:
        keep("handshake", bytes([role]) + hellos[0] + frame)
record = bytes.fromhex("1603010006010000020303")
for mode in range(3):
    for place in range(8):
        keep("tls", bytes([mode]) + record + bytes([place, 0, 255]))
keep("tls", bytes([2]))
keep("tls", bytes([0]) + b"MOE1")
print(len(frames), "golden frames")
