#!/usr/bin/env python3
"""Make Tests/DatasetsTests/OperationFixtures.swift: what Pillow makes of a picture by the operations of RandAugment.

    python3 -m pip install pillow
    scripts/make_augmentation_fixtures.py > Tests/DatasetsTests/OperationFixtures.swift
"""
import base64
import textwrap

from PIL import Image, ImageEnhance, ImageOps

WIDTH, HEIGHT = 21, 16
GREY = (128, 128, 128)


def value(channel, y, x):
    return 40 + (9 * x + (5 + 3 * channel) * y + (31 * x + 17 * y + 7 * channel) % 23) % 170


def picture():
    image = Image.new("RGB", (WIDTH, HEIGHT))
    image.putdata([tuple(value(c, y, x) for c in range(3)) for y in range(HEIGHT) for x in range(WIDTH)])
    return image


def mapped(*matrix):
    return picture().transform(
        (WIDTH, HEIGHT), Image.Transform.AFFINE, matrix, resample=Image.Resampling.BILINEAR, fillcolor=GREY)


def rotated(degrees):
    return picture().rotate(degrees, resample=Image.Resampling.BILINEAR, fillcolor=GREY)


def planar(image):
    return b"".join(bytes(band.tobytes()) for band in image.split())


CASES = {
    "autocontrast": ImageOps.autocontrast(picture()),
    "equalise": ImageOps.equalize(picture()),
    "solarise 178.5": ImageOps.solarize(picture(), 178.5),
    "posterise 4": ImageOps.posterize(picture(), 4),
    "posterise 7": ImageOps.posterize(picture(), 7),
    "shear x 0.25": mapped(1, 0.25, 0, 0, 1, 0),
    "shear y -0.09": mapped(1, 0, 0, -0.09, 1, 0),
    "shift x 4": mapped(1, 0, -4, 0, 1, 0),
    "shift y -3": mapped(1, 0, 0, 0, 1, 3),
    "rotate 9": rotated(9),
    "rotate -30": rotated(-30),
}
for factor in (0.73, 1.27, 1.9):
    CASES |= {
        f"brightness {factor}": ImageEnhance.Brightness(picture()).enhance(factor),
        f"contrast {factor}": ImageEnhance.Contrast(picture()).enhance(factor),
        f"colour {factor}": ImageEnhance.Color(picture()).enhance(factor),
        f"sharpness {factor}": ImageEnhance.Sharpness(picture()).enhance(factor),
    }

print("// Made by scripts/make_augmentation_fixtures.py; do not edit.")
print()
print("/// What Pillow makes of the picture of ImageOperationTests, `[3, 16, 21]`, by operation.")
print("let operationFixtures = [")
for name, image in CASES.items():
    lines = textwrap.wrap(base64.b64encode(planar(image)).decode(), 104)
    print(f'  "{name}": """')
    print("\\\n".join("  " + line for line in lines))
    print('  """,')
print("]")
