#!/usr/bin/env python3
"""Compares our Viterbi decoder with scikit-dsp-comm's on the same soft inputs (optional: pip install scikit-dsp-comm).

usage: swift run -c release --package-path Benchmarks radio-benchmark --packets packets.txt
       scripts/check-viterbi.py packets.txt

Both must find the same bits wherever the best path is unique, else bits of equal cost: the sum of |soft decision| over code
bits that contradict its sign.
"""
import sys

import numpy as np
from sk_dsp_comm.fec_conv import FECConv

LIMIT = 14
CLEAN = 40


def cost(code, bits, soft):
    coded, _ = code.conv_encoder(np.array(bits, dtype=float), "000000")
    wrong = (coded > 0.5) != (soft < 0)
    return int(np.abs(soft)[wrong & (soft != 0)].sum())


def main(path):
    identical = equal = lower = higher = 0
    for line in open(path):
        left, digits = line.rstrip("\n").split("\t")
        soft = np.array([int(x) for x in left.split()])
        stages = len(soft) // 2
        ours = [int(b) for byte in bytes.fromhex(digits) for b in f"{byte:08b}"] + [0] * 6
        code = FECConv(("1011011", "1111001"), stages + CLEAN)
        # Distances to 0 and 1 that differ in proportion to the soft decision. That decoder does not know the state at the
        # beginning: clean zeros lead it there, and others flush its delay.
        clean = np.zeros(2 * CLEAN)
        received = np.concatenate([clean, (LIMIT - soft) / (2 * LIMIT), np.zeros(2 * (stages + CLEAN))])
        theirs = list(code.viterbi_decoder(received, metric_type="unquant").astype(int)[CLEAN : CLEAN + stages])
        difference = cost(code, ours, soft) - cost(code, theirs, soft)
        if ours == theirs:
            identical += 1
        elif difference == 0:
            equal += 1
        elif difference < 0:
            lower += 1
        else:
            higher += 1
    print(f"identical {identical}; other bits of equal cost {equal}, of lower cost {lower}, of higher cost {higher}")
    return 1 if higher else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
