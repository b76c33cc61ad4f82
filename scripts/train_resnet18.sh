#!/usr/bin/env bash
# Trains the ResNet-18 models for CIFAR-10 (K = 8) and measures them:
#   Models/resnet18-cifar10-k8-robust, about five hours on two cores without AVX-512; then, on its backbone and kept with the runs
#   (RUNS/models), gate and experts by the `paper` recipe and the rival of eight copies of one expert; then Results/table2,
#   Results/fig4, RESULTS.md and the model's card.
#
#   scripts/train_resnet18.sh DATA [RUNS]
#
# DATA holds cifar-10-batches-bin (https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz). RUNS, ./runs by default, keeps
# checkpoints, metrics and logs; a script that was ended goes on where it was.
set -euo pipefail

if [ $# -lt 1 ]; then
  sed -n '2,10s/^# \{0,1\}//p' "$0" >&2
  exit 64
fi
data=$(realpath "$1")
runs=${2:-runs}
mkdir -p "$runs/models"
runs=$(realpath "$runs")
cd "$(dirname "$0")/.."

swift build -c release --product moe-train
train=.build/release/moe-train
robust=Models/resnet18-cifar10-k8-robust

train_model() { # recipe, folder of the model, options of stage 1
  local name=resnet18-cifar10-k8-$1
  "$train" stage1 --recipe "scripts/recipes/$name.json" --data "$data" --model "$2" --run "$runs/$name/stage1" "${@:3}"
  "$train" stage2 --recipe "scripts/recipes/$name.json" --data "$data" --model "$2" --run "$runs/$name/stage2"
}

train_model robust "$robust"
train_model paper "$runs/models/resnet18-cifar10-k8-paper" --backbone-of "$robust"
train_model replicas "$runs/models/resnet18-cifar10-k8-replicas" --backbone-of "$robust"

"$train" reproduce table2 --data "$data" --runs "$runs"
"$train" reproduce fig4 --data "$data" --runs "$runs"
"$train" card --model "$robust"
