#!/usr/bin/env python3
"""Make the small pictures of Tests/DatasetsTests/PictureFixtures.swift, with the pixels that Pillow reads from them.

    python3 -m pip install pillow
    scripts/make_picture_fixtures.py > Tests/DatasetsTests/PictureFixtures.swift
"""
import base64
import io
import struct
import zlib

from PIL import Image, ImageOps

WIDTH, HEIGHT = 11, 7


def pixel(x, y):
    return (20 * x + 10, 30 * y + 20, (15 * x + 25 * y) % 256)


def rgb_image(width=WIDTH, height=HEIGHT):
    image = Image.new("RGB", (width, height))
    image.putdata([pixel(x, y) for y in range(height) for x in range(width)])
    return image


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(depth, colour, rows, interlaced=False):
    """A PNG of packed rows, for the kinds that Pillow does not write."""
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, depth, colour, 0, 0, int(interlaced))
    data = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def adam7():
    rows = []
    passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    for x0, y0, dx, dy in passes:
        for y in range(y0, HEIGHT, dy):
            row = b"".join(bytes(pixel(x, y)) for x in range(x0, WIDTH, dx))
            if row:
                rows.append(row)
    return png(8, 2, rows, interlaced=True)


def saved(image, kind, **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def over_white(image):
    image = image.convert("RGBA")
    white = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(white, image).convert("RGB")


def fixtures():
    rgb = rgb_image()
    grey = rgb.convert("L")
    alpha = Image.new("L", rgb.size)
    alpha.putdata([(25 * x + 3 * y) % 256 for y in range(HEIGHT) for x in range(WIDTH)])
    clear = rgb.copy()
    clear.putalpha(alpha)
    clear_grey = grey.copy()
    clear_grey.putalpha(alpha)
    palette = rgb.quantize(16)
    bits = grey.point(lambda v: 255 * (v > 90), "1")
    exif = Image.Exif()
    exif[0x0112] = 6
    # Deep samples whose rounding to 8 bits is not the high byte: 257 v + 127 is still nearest to v, 257 v + 129 is not.
    deep_grey = [
        [257 * ((20 * x + 9 * y) % 250) + (127 if x % 2 else 130) for x in range(WIDTH)] for y in range(HEIGHT)]
    deep_rgb = [[[257 * c for c in pixel(x, y)] for x in range(WIDTH)] for y in range(HEIGHT)]

    yield "png-rgb", saved(rgb, "PNG"), rgb
    yield "png-grey", saved(grey, "PNG"), grey.convert("RGB")
    yield "png-rgb-alpha", saved(clear, "PNG"), over_white(clear)
    yield "png-grey-alpha", saved(clear_grey, "PNG"), over_white(clear_grey)
    yield "png-palette", saved(palette, "PNG"), palette.convert("RGB")
    yield "png-palette-transparent", saved(palette, "PNG", transparency=3), over_white(
        Image.open(io.BytesIO(saved(palette, "PNG", transparency=3))))
    yield "png-bilevel", saved(bits, "PNG"), bits.convert("RGB")
    grey16 = Image.new("L", rgb.size)
    grey16.putdata([(value * 255 + 32767) // 65535 for row in deep_grey for value in row])
    yield "png-grey-16-bit", png(16, 0, [struct.pack(f">{WIDTH}H", *row) for row in deep_grey]), grey16.convert("RGB")
    yield "png-rgb-16-bit", png(16, 2, [struct.pack(f">{3 * WIDTH}H", *sum(row, [])) for row in deep_rgb]), rgb
    yield "png-interlaced", adam7(), rgb
    yield "png-turned", saved(rgb, "PNG", exif=exif), ImageOps.exif_transpose(Image.open(io.BytesIO(
        saved(rgb, "PNG", exif=exif)))).convert("RGB")
    for name, image, options in [
        ("jpeg-444", rgb, {"quality": 95, "subsampling": 0}),
        ("jpeg-420", rgb, {"quality": 95, "subsampling": 2}),
        ("jpeg-grey", grey, {"quality": 95}),
        ("jpeg-progressive", rgb, {"quality": 95, "progressive": True}),
        ("jpeg-cmyk", rgb.convert("CMYK"), {"quality": 95}),
    ]:
        file = saved(image, "JPEG", **options)
        yield name, file, Image.open(io.BytesIO(file)).convert("RGB")


def lines(value):
    text = base64.b64encode(value).decode()
    return "\\\n".join("        " + text[i:i + 100] for i in range(0, len(text), 100))


def main():
    print("// Made by scripts/make_picture_fixtures.py; do not edit.\n")
    print("extension PictureFixture {")
    print("  /// Small pictures of every kind that PNG and JPEG offer, with the pixels that Pillow reads from them.")
    print("  static let all: [PictureFixture] = [")
    for name, file, image in fixtures():
        print(f'    PictureFixture(\n      "{name}", width: {image.width}, height: {image.height},')
        print(f'      file: """\n{lines(file)}\n        """,\n      rgb: """\n{lines(image.tobytes())}\n        """),')
    print("  ]\n")
    print("  /// A picture of 40 x 30 (its pixels by the formula in `source`) after Pillow's resize, filter LANCZOS.")
    print("  static let resized: [PictureFixture] = [")
    source = Image.new("RGB", (40, 30))
    source.putdata([(6 * x + 10, 7 * y + 20, 64 + (x * y) % 64) for y in range(30) for x in range(40)])
    for width, height in [(16, 12), (32, 32), (7, 30), (1, 1), (90, 45)]:
        image = source.resize((width, height), Image.Resampling.LANCZOS)
        print(f'    PictureFixture(\n      "{width}x{height}", width: {width}, height: {height}, file: "",')
        print(f'      rgb: """\n{lines(image.tobytes())}\n        """),')
    print("  ]\n}")


main()
