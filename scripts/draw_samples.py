#!/usr/bin/env python3
"""Draw the sample pictures in scripts/samples: one object each, in the manner of a CIFAR-10 photograph.

    python3 -m pip install numpy pillow
    scripts/draw_samples.py [FOLDER]

Every object is a stack of closed curves in a square of 100 x 100. A curve is filled, swelled into a relief by blurring,
and lit from the upper left, which gives round bodies from flat outlines. Backgrounds are gradients with fractal noise.
"""
import pathlib
import sys

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

SIZE = 128
SCALE = 4  # drawn this much larger, then reduced
FULL = SIZE * SCALE
LIGHT = np.array([-0.45, -0.75, 0.55])


def points(text):
    """ "x,y x,y ..." in hundredths of the picture -> [n, 2] pixels"""
    return np.array([[float(v) for v in pair.split(",")] for pair in text.split()]) * FULL / 100


def smooth(corners, closed=True, steps=10):
    """A Catmull-Rom curve through the corners."""
    count = len(corners)
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    curve = []
    for i in range(count if closed else count - 1):
        a, b, c, d = (corners[j % count if closed else min(max(j, 0), count - 1)] for j in range(i - 1, i + 3))
        curve.append(b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a))))
    return np.concatenate(curve + ([] if closed else [corners[-1:]]))


def mask_of(draw_it):
    mask = Image.new("L", (FULL, FULL))
    draw_it(ImageDraw.Draw(mask))
    return mask


def blurred(values, radius):
    """Blurs values of 0 to 1; Pillow does 8 bits only, so the fraction left over is blurred beside them."""
    levels = np.clip(values, 0, 1) * 255
    parts = [np.floor(levels), (levels - np.floor(levels)) * 255]
    whole, rest = (
        np.asarray(Image.fromarray(part.astype(np.uint8)).filter(ImageFilter.GaussianBlur(radius)), float)
        for part in parts)
    return (whole + rest / 255) / 255


class Picture:
    def __init__(self, seed):
        self.random = np.random.default_rng(seed)
        self.pixels = np.zeros((FULL, FULL, 3))
        self.y, self.x = np.mgrid[0:FULL, 0:FULL] / FULL * 100

    def noise(self, across=1.0, down=1.0, roughness=1.0, finest=2.0):
        """Fractal noise of variance 1, stretched across or down."""
        f_y, f_x = np.meshgrid(np.fft.fftfreq(FULL) * FULL, np.fft.fftfreq(FULL) * FULL, indexing="ij")
        frequency = np.sqrt((f_x * across) ** 2 + (f_y * down) ** 2)
        frequency[0, 0] = np.inf
        spectrum = np.fft.fft2(self.random.standard_normal((FULL, FULL))) / np.maximum(frequency, 2) ** roughness
        spectrum *= np.exp(-(frequency / (FULL / finest / 4)) ** 2)
        noise = np.fft.ifft2(spectrum).real
        return noise / noise.std()

    def gradient(self, *stops):
        """Rows of colour: (height, (r, g, b)) from top to bottom."""
        heights = [height for height, _ in stops]
        for channel in range(3):
            self.pixels[..., channel] = np.interp(self.y, heights, [colour[channel] for _, colour in stops])

    def grain(self, amount, top=0, bottom=100, soft=2.0, **kind):
        inside = np.clip((self.y - top) / soft + 0.5, 0, 1) * np.clip((bottom - self.y) / soft + 0.5, 0, 1)
        self.pixels += (amount * inside * self.noise(**kind))[..., None]

    def tint(self, colour, weight):
        self.pixels += weight[..., None] * (np.array(colour, float) - self.pixels)

    def fill(self, mask, colour, relief=6.0, strength=0.75, texture=5.0, soft=0.0):
        """Lays a lit, slightly textured body over the picture."""
        cover = np.asarray(mask, float) / 255
        height = sum(blurred(cover, FULL * relief * part / 100) for part in (0.3, 0.6, 1.0)) * relief * FULL / 100 / 1.6
        slope_y, slope_x = np.gradient(height)
        normal = np.stack([-slope_x, -slope_y, np.ones_like(height)], 2)
        normal /= np.linalg.norm(normal, axis=2, keepdims=True)
        light = np.clip(normal @ (LIGHT / np.linalg.norm(LIGHT)), 0, 1) / LIGHT[2] * np.linalg.norm(LIGHT)
        shade = 1 - strength + strength * np.clip(light, 0.15, 1.6)
        body = np.array(colour, float) * shade[..., None] + texture * self.noise(roughness=0.8)[..., None]
        if soft:
            cover = blurred(cover, FULL * soft / 100)
        self.pixels += cover[..., None] * (np.clip(body, 0, 255) - self.pixels)

    def shape(self, text, colour, closed=True, **look):
        outline = [tuple(p) for p in smooth(points(text))] if closed else [tuple(p) for p in points(text)]
        self.fill(mask_of(lambda d: d.polygon(outline, fill=255)), colour, **look)

    def polygon(self, text, colour, **look):
        self.shape(text, colour, closed=False, **look)

    def ellipse(self, x, y, rx, ry, colour, **look):
        box = [v * FULL / 100 for v in (x - rx, y - ry, x + rx, y + ry)]
        self.fill(mask_of(lambda d: d.ellipse(box, fill=255)), colour, **look)

    def limb(self, text, widths, colour, **look):
        """A curve of varying width, given at its ends and in between."""
        curve = smooth(points(text), closed=False, steps=24)
        radii = np.interp(np.linspace(0, 1, len(curve)), np.linspace(0, 1, len(widths)), widths) * FULL / 200

        def draw_it(draw):
            for (x, y), r in zip(curve, radii):
                draw.ellipse([x - r, y - r, x + r, y + r], fill=255)
        self.fill(mask_of(draw_it), colour, **look)

    def shadow(self, x, y, rx, ry, weight=0.5):
        distance = ((self.x - x) / rx) ** 2 + ((self.y - y) / ry) ** 2
        self.tint((20, 22, 18), weight * np.exp(-distance))

    def wheel(self, x, y, radius, squeeze=1.0):
        self.ellipse(x, y, radius * squeeze, radius, (28, 28, 30), relief=1.5)
        self.ellipse(x, y, radius * 0.55 * squeeze, radius * 0.55, (165, 168, 172), relief=1.0)
        self.ellipse(x, y, radius * 0.2 * squeeze, radius * 0.2, (60, 60, 64), relief=0.5)

    def finished(self):
        picture = Image.fromarray(np.clip(self.pixels, 0, 255).astype(np.uint8))
        return picture.resize((SIZE, SIZE), Image.Resampling.LANCZOS)


def sky(picture, low=(196, 214, 232), high=(88, 140, 205), horizon=100, clouds=0.5):
    picture.gradient((0, high), (horizon, low))
    cover = np.clip((picture.noise(across=2, roughness=1.8) - 0.2) * 0.6, 0, 1) * clouds
    picture.tint((240, 242, 246), cover * np.clip((horizon - picture.y) / 4, 0, 1))


def trees(picture, bottom, colour=(52, 72, 40), ragged=4.0):
    edge = bottom - 24 + ragged * picture.noise(roughness=1.2)[:1]  # one row: the same outline at every height
    weight = np.clip((picture.y - edge) / 2, 0, 1) * np.clip((bottom - picture.y) / 1.5 + 0.5, 0, 1)
    leaves = np.array(colour, float) + (16 * picture.noise(roughness=0.9))[..., None] * np.array([0.9, 1.0, 0.7])
    picture.pixels += weight[..., None] * (leaves - picture.pixels)


def ground(picture, top, near, far, amount=14, **kind):
    depth = np.clip((picture.y - top) / (100 - top), 0, 1)[..., None]
    colour = np.array(far, float) * (1 - depth) + np.array(near, float) * depth
    colour = colour + (amount * picture.noise(**kind))[..., None]
    weight = np.clip((picture.y - top) / 1.0 + 0.5, 0, 1)[..., None]
    picture.pixels += weight * (colour - picture.pixels)


def aeroplane():
    p = Picture(1)
    sky(p, low=(170, 200, 232), high=(70, 124, 200), clouds=0.45)
    white, grey = (226, 230, 236), (150, 158, 170)
    p.polygon("58,47 76,26 82,26 71,49", grey, relief=1.5)                       # far wing
    p.shape("80,44 88,25 95,23 93,42 90,47", (40, 70, 140), relief=1.5)           # fin
    p.polygon("84,46 97,40 99,42 92,50", grey, relief=1.0)                         # far tailplane
    p.shape("5,57 9,51 17,48 40,46 70,44 88,43 96,43 97,46 90,50 72,56 45,60 20,62 9,61", white, relief=5)
    p.shape("8,59 20,59 45,57 72,53 88,49 72,56 45,60 20,62 10,61", grey, relief=2, strength=0.4)
    p.polygon("9,53 14,50 17,50.5 15,54", (40, 50, 70), relief=0.5)                # cockpit
    for i in range(15):
        p.ellipse(23 + 3.8 * i, 51.6 - 0.33 * i, 0.75, 1.0, (60, 74, 100), relief=0.3)
    p.ellipse(38, 68, 7.0, 3.2, (120, 126, 140), relief=2)                         # engine
    p.polygon("36,57 58,54 86,80 79,82", (186, 192, 202), relief=2)                # near wing
    p.polygon("79,82 86,80 60,56 56,58", (130, 138, 150), relief=1)
    p.ellipse(33, 68, 1.8, 2.8, (46, 48, 58), relief=0.6)
    p.polygon("83,49 92,47 99,56 94,57", (170, 176, 188), relief=1)                # near tailplane
    return p


def ship():
    p = Picture(2)
    sky(p, low=(206, 216, 222), high=(140, 178, 214), horizon=54, clouds=0.5)
    ground(p, 54, near=(34, 70, 98), far=(92, 130, 150), amount=13, across=4, roughness=0.9)
    white = (232, 232, 228)
    p.polygon("30,50 30,38 36,38 36,34 70,34 70,40 76,40 76,51", white, relief=1.5, strength=0.5)
    p.polygon("38,34 38,27 62,27 62,34", white, relief=1.2, strength=0.5)
    p.polygon("42,27 43,22 54,22 55,27", white, relief=1.0, strength=0.5)
    p.polygon("57,27 58,13 66,13 67,27", (200, 60, 44), relief=2)                  # funnel
    p.polygon("58,16.5 58,13 66,13 66,16.5", (30, 30, 34), relief=1)
    p.limb("47,22 47,6", [0.9, 0.6], (90, 92, 96), relief=0.4)                     # masts
    p.limb("20,50 20,24", [1.0, 0.7], (90, 92, 96), relief=0.4)
    p.limb("20,28 31,44", [0.6, 0.6], (110, 112, 116), relief=0.3)
    for row, first, last in ((31, 40, 62), (37.5, 38, 70), (44, 33, 76)):
        for x in np.arange(first, last, 3.4):
            p.ellipse(x, row, 0.9, 0.9, (50, 66, 86), relief=0.3)
    p.polygon("4,48 16,50 80,51 95,47 90,66 84,71 14,71", (30, 42, 66), relief=4)  # hull
    p.polygon("10,65 90,65 85,72 14,72", (140, 40, 36), relief=2)
    p.polygon("4,48 16,50 80,51 95,47 94.5,48.8 80,52.6 16,51.8 5,50", (236, 236, 232), relief=0.5, strength=0.3)
    foam = np.clip(0.75 + 0.4 * p.noise(across=2.5), 0, 1)
    wake = np.exp(-((p.y - 72.5) / 1.6) ** 2) * (np.abs(p.x - 49) < 44) * foam
    p.tint((226, 234, 238), blurred(np.clip(wake, 0, 1), 5))
    reflection = np.exp(-((p.y - 79) / 7) ** 2) * np.clip(1.3 - np.abs(p.x - 50) / 40, 0, 1)
    p.tint((24, 40, 58), 0.5 * np.clip(reflection, 0, 1))
    return p


def lorry():
    p = Picture(3)
    sky(p, low=(214, 222, 230), high=(130, 170, 215), horizon=60)
    trees(p, 64, colour=(74, 92, 60))
    ground(p, 63, near=(104, 104, 106), far=(140, 138, 134), amount=7, across=2.5, roughness=0.7)
    p.shadow(52, 88, 46, 5, 0.8)
    p.polygon("37,20 95,24 95,73 37,79", (228, 228, 226), relief=2, strength=0.35)  # box
    p.polygon("37,20 44,16 97,20 95,24", (246, 246, 246), relief=1, strength=0.2)
    p.polygon("37,47 95,46 95,51 37,53.5", (36, 92, 170), relief=0.5, strength=0.3)
    p.polygon("37,79 95,73 95,77 37,84", (50, 50, 54), relief=1)                   # frame
    p.shape("7,84 6,58 9,52 14,36 18,33 38,32 39,40 39,84 22,86", (196, 36, 32), relief=3)  # cab
    p.polygon("10,53 15,38 26,37 25,54", (60, 78, 96), relief=1)                   # windscreen
    p.polygon("28,54 28,38 36,38 36,53", (70, 88, 106), relief=1)
    p.polygon("11,52 15,40 18,40 14,52", (150, 170, 186), relief=0.4)
    p.polygon("7,66 20,67 20,76 7,75", (40, 40, 44), relief=1)                     # grille
    p.ellipse(9, 79, 2.0, 1.8, (246, 238, 200), relief=0.8)
    p.ellipse(21, 80, 2.2, 1.9, (246, 238, 200), relief=0.8)
    p.polygon("5,82 24,84 24,89 6,86", (176, 178, 182), relief=1)                  # bumper
    p.wheel(32, 85, 7.5, 0.85)
    p.wheel(68, 81, 7.0, 0.8)
    p.wheel(82, 79.5, 6.8, 0.8)
    p.limb("6,50 6,42", [1.6, 1.6], (30, 30, 34), relief=0.5)
    return p


def car():
    p = Picture(4)
    sky(p, low=(210, 216, 220), high=(160, 190, 220), horizon=40)
    trees(p, 46, colour=(66, 88, 52))
    ground(p, 45, near=(112, 112, 114), far=(150, 148, 142), amount=7, across=2.5, roughness=0.7)
    p.shadow(50, 80, 48, 6, 0.8)
    red = (190, 28, 32)
    p.shape("27,50 36,35 44,31 62,31 72,35 82,49", red, relief=3)                  # roof
    p.polygon("31,49 38,37 48,34.5 50,35 50,50", (58, 74, 88), relief=1)
    p.polygon("53,50 53,35 62,35 68,38 77,49", (58, 74, 88), relief=1)
    p.polygon("34,47 39,38 43,37 39,48", (150, 168, 180), relief=0.4)
    p.shape("4,64 6,56 14,52 28,49 50,48 78,48 90,51 96,56 97,66 94,73 80,75 20,76 6,74", red, relief=5)
    p.polygon("4,68 97,67 95,73 80,75 20,76 6,74", (110, 18, 24), relief=1.5)
    p.limb("14,60 50,57 92,58", [0.8, 0.8, 0.8], (226, 90, 86), relief=0.3, strength=0.2)
    p.limb("51.5,49 51,73", [0.5, 0.5], (110, 16, 22), relief=0.3)
    p.ellipse(9, 60, 3.6, 2.3, (248, 240, 214), relief=1)
    p.ellipse(95, 58.5, 1.8, 2.4, (240, 120, 60), relief=0.6)
    p.polygon("3,66 13,67 13,71 4,70", (36, 36, 40), relief=0.6)
    p.limb("59,56 64,56", [1.2, 1.2], (220, 220, 222), relief=0.3)
    p.wheel(24, 74, 9.0)
    p.wheel(78, 73.5, 9.0)
    return p


def horse():
    p = Picture(5)
    sky(p, low=(196, 212, 214), high=(150, 186, 214), horizon=36)
    trees(p, 50, colour=(58, 80, 46))
    ground(p, 49, near=(92, 122, 48), far=(128, 150, 78), amount=17, down=3, roughness=0.7)
    p.shadow(52, 91, 40, 4, 0.6)
    brown, dark, mane = (132, 76, 40), (88, 50, 28), (36, 24, 18)
    p.limb("80,46 90,54 91,70 87,82", [4, 8, 7, 2], mane, relief=2)                # tail
    p.limb("40,60 41,74 39,90", [9, 5, 4.4], dark, relief=2.5)                     # far legs
    p.limb("74,58 70,74 73,90", [12, 5.5, 4.4], dark, relief=2.5)
    p.shape("30,50 36,42 50,41 66,42 78,41 85,47 85,57 78,64 62,66 46,66 36,64 30,58", brown, relief=8)
    p.shape("31,60 25,46 17,34 18,22 26,18 33,24 40,36 47,43 44,58 38,64", brown, relief=6)
    p.limb("32,58 32,74 31,91", [11, 5.5, 4.6], brown, relief=3)                   # near legs
    p.limb("80,54 82,66 79,76 81,91", [15, 8, 5.4, 4.8], brown, relief=3.5)
    for x in (31, 39, 73, 81):
        p.ellipse(x, 91, 3.0, 2.0, (34, 28, 26), relief=0.8)
    p.shape("19,20 25,16 30,20 27,29 17,40 10,44 6,41 7,36 13,29", brown, relief=4)  # head
    p.ellipse(9, 40, 3.6, 3.0, (84, 54, 42), relief=1.5)
    p.shape("22,20 22,12 26,17", dark, relief=1)
    p.shape("26,20 28,12 30,20", brown, relief=1)
    p.limb("27,15 34,24 40,34 46,42", [4, 6, 6, 4], mane, relief=2)
    p.ellipse(18.5, 27, 1.2, 1.2, (16, 12, 10), relief=0.3)
    p.polygon("14,29 17,23 19,23 16,31", (220, 210, 196), relief=0.5)
    return p


def frog():
    p = Picture(6)
    p.gradient((0, (92, 78, 52)), (100, (128, 108, 72)))
    p.grain(24, roughness=1.1)
    p.grain(12, roughness=0.5)
    leaf = ((-1, 0), (-0.3, 1), (0.6, 0.7), (1, 0), (0.4, -1), (-0.5, -0.8))
    for x, y, turn, colour in (
            (14, 20, 0.4, (120, 96, 44)), (84, 14, -0.5, (98, 84, 40)), (88, 86, 0.3, (138, 104, 52))):
        along, across = np.array([np.cos(turn), np.sin(turn)]) * 17, np.array([-np.sin(turn), np.cos(turn)]) * 7
        corners = [np.array([x, y]) + a * along + b * across for a, b in leaf]
        p.shape(" ".join(f"{a},{b}" for a, b in corners), colour, relief=1.5)
    p.shadow(50, 84, 44, 9, 0.7)
    green, dark, pale = (104, 138, 48), (70, 100, 36), (196, 196, 130)
    p.shape("58,58 76,50 90,58 93,72 84,80 66,80", dark, relief=6)                 # hind leg
    p.limb("88,76 74,84 90,88", [8, 6, 5], green, relief=2.5)
    p.shape("14,54 20,42 36,34 56,36 74,46 84,60 82,74 68,80 44,82 26,78 16,68", green, relief=10)
    p.shape("18,64 30,70 46,74 54,80 40,82 26,78 17,70", pale, relief=4)           # throat and belly
    p.shape("62,66 72,52 84,54 90,66 84,78 70,80", green, relief=5)
    p.limb("40,70 36,82 28,90", [11, 7, 5], green, relief=3)                       # foreleg
    for toe in ("28,89 20,91", "28,89 24,94", "29,89 31,94", "88,87 80,92", "89,87 90,93", "90,87 97,91"):
        p.limb(toe, [3.4, 2.2], green, relief=1.2)
    p.limb("15,60 28,63 42,60", [0.9, 1.0, 0.7], (48, 60, 26), relief=0.3)         # mouth
    for x, y in ((50, 44), (60, 52), (66, 62), (44, 54), (72, 70), (56, 64)):
        p.ellipse(x, y, 3.0, 2.2, (62, 86, 32), relief=1, soft=0.4)
    p.limb("40,42 56,46 72,56", [1.2, 1.6, 1.0], (150, 172, 80), relief=0.6, strength=0.3)
    for x, y in ((22, 43), (39, 37)):
        p.ellipse(x, y, 6.2, 6.0, green, relief=3)
        p.ellipse(x - 0.5, y + 0.3, 4.2, 4.2, (206, 164, 52), relief=2)
        p.ellipse(x - 0.8, y + 0.6, 2.6, 1.9, (14, 14, 12), relief=0.5)
        p.ellipse(x - 1.8, y - 0.8, 0.8, 0.7, (250, 250, 246), relief=0.2)
    return p


def bird():
    p = Picture(7)
    p.gradient((0, (150, 180, 204)), (60, (160, 184, 200)), (100, (150, 172, 184)))
    p.grain(16, roughness=2.0)
    p.grain(4, roughness=0.6)
    p.limb("-4,88 30,82 62,84 104,76", [8, 7, 6, 5], (92, 70, 52), relief=2.5, texture=10)
    p.limb("70,82 84,92 92,102", [4, 3, 2], (84, 64, 48), relief=1.5, texture=8)
    grey, rust, dark = (120, 104, 84), (206, 104, 44), (66, 54, 44)
    p.shape("64,58 78,64 96,80 92,84 76,78 62,70", dark, relief=2)                 # tail
    p.shape("20,34 26,22 40,18 50,24 56,36 70,50 76,64 70,76 54,82 38,80 26,68 20,50", grey, relief=9)
    p.shape("20,36 28,30 36,34 44,48 48,64 44,79 34,77 24,66 19,50", rust, relief=7)
    p.shape("34,78 46,70 58,76 56,82 42,82", (222, 212, 192), relief=3)
    p.shape("46,40 60,44 74,58 80,72 66,70 52,62 46,52", (92, 78, 62), relief=4)   # wing
    for shift in (0, 4, 8):
        p.limb(f"{50 + shift},{60 - shift} {64 + shift},{66 - shift} {76 + shift * 0.4},{71 - shift}", [1.2, 1.4, 0.8],
               (54, 44, 36), relief=0.5)
    p.shape("22,32 8,35 22,39", (70, 60, 44), relief=1)                            # beak
    p.ellipse(30, 29, 3.0, 3.0, (16, 14, 12), relief=1)
    p.ellipse(29, 28, 0.9, 0.8, (250, 250, 250), relief=0.2)
    for x in (42, 54):
        p.limb(f"{x},78 {x - 1},85", [2.0, 1.8], (120, 84, 56), relief=0.6)
        p.limb(f"{x - 5},86 {x - 1},84 {x + 4},86", [1.6, 2.0, 1.6], (120, 84, 56), relief=0.6)
    return p


def deer():
    p = Picture(8)
    p.gradient((0, (52, 70, 40)), (55, (76, 96, 52)), (100, (104, 120, 60)))
    p.grain(20, bottom=60, roughness=1.2, down=1.6)
    for x, width in ((9, 7), (30, 4), (88, 8), (72, 3)):
        p.limb(f"{x},-4 {x + 1},62", [width, width], (62, 54, 42), relief=2, texture=8, soft=0.5)
    ground(p, 60, near=(116, 128, 58), far=(90, 108, 54), amount=18, down=3, roughness=0.7)
    p.shadow(54, 92, 34, 4, 0.6)
    tan, dark, pale = (164, 112, 66), (112, 76, 46), (224, 206, 176)
    horn = (150, 128, 98)
    for turn in ("25,22 16,14 16,3", "17,12 9,8", "17,9 22,3", "30,22 40,15 42,3", "39,14 47,10", "41,9 36,3"):
        p.limb(turn, [2.6, 2.0, 1.4] if turn.count(" ") == 2 else [2.0, 1.2], horn, relief=0.8)
    p.limb("45,66 46,78 44,92", [8, 4, 3.0], dark, relief=2)
    p.limb("76,62 72,76 75,92", [11, 4.4, 3.0], dark, relief=2)
    p.shape("34,56 40,49 54,48 70,48 82,47 88,53 87,62 80,68 62,70 46,70 37,66", tan, relief=7)
    p.shape("48,68 62,68 76,66 66,71 52,72", pale, relief=2, strength=0.4)
    p.shape("86,49 92,50 91,58 87,60", pale, relief=1.5)                           # tail
    p.shape("34,62 29,50 25,40 30,31 37,36 43,48 46,60 40,68", tan, relief=5)      # neck
    p.shape("28,42 33,42 36,54 33,58 30,52", pale, relief=1.5, strength=0.3, soft=0.6)
    p.limb("38,64 38,78 37,92", [9, 4.4, 3.2], tan, relief=2.2)
    p.limb("82,58 84,70 81,78 82,92", [14, 6.5, 4.2, 3.2], tan, relief=3)
    for x in (37, 44, 75, 82):
        p.ellipse(x, 92, 2.0, 1.7, (36, 28, 24), relief=0.6)
    p.shape("22,27 12,22 11,26 20,32", tan, relief=1.2)                            # ears
    p.shape("34,26 45,21 45,25 36,31", tan, relief=1.2)
    p.shape("22,25 29,21 36,25 36,33 32,42 28,47 24,46 21,40 20,32", tan, relief=4)  # head
    p.shape("24,40 31,40 29,47 25,47", pale, relief=1.5)
    p.ellipse(26.6, 45, 2.2, 1.6, (28, 22, 20), relief=0.6)
    p.ellipse(22.8, 32, 1.3, 1.3, (18, 14, 12), relief=0.3)
    p.ellipse(33, 32, 1.3, 1.3, (18, 14, 12), relief=0.3)
    edge = 70 + 5 * p.noise(roughness=0.6)[:1]                                     # tall grass before its legs
    blades = np.array((72, 94, 40), float) + (20 * p.noise(down=4, roughness=0.6))[..., None]
    p.pixels += 0.95 * np.clip((p.y - edge) / 3, 0, 1)[..., None] * (blades - p.pixels)
    return p


def main():
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent / "samples")
    folder.mkdir(exist_ok=True)
    for name, draw, kind in [
        ("aeroplane", aeroplane, "png"), ("bird", bird, "png"), ("car", car, "ppm"), ("deer", deer, "png"),
        ("frog", frog, "png"), ("horse", horse, "ppm"), ("lorry", lorry, "png"), ("ship", ship, "png"),
    ]:
        draw().finished().save(folder / f"{name}.{kind}")
        print(folder / f"{name}.{kind}")


main()
