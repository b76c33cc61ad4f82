#!/usr/bin/env bash
# Trains the LeNet-5 models for CIFAR-10 (K = 8) and measures them:
#   Models/lenet5-cifar10-k8-robust, Models/lenet5-cifar10-k8-paper, and the rival of eight copies of one network (kept with
#   the runs, RUNS/models); then Results/table2, Results/fig3, RESULTS.md and the models' cards.
#
#   scripts/train_lenet5.sh DATA [RUNS]
#
# DATA holds cifar-10-batches-bin (https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz). RUNS, ./runs by default, keeps
# checkpoints, metrics and logs; a script that was ended goes on where it was.
set -euo pipefail

if [ $# -lt 1 ]; then
  sed -n '2,9s/^# \{0,1\}//p' "$0" >&2
  exit 64
fi
data=$(realpath "$1")
runs=${2:-runs}
mkdir -p "$runs"
runs=$(realpath "$runs")
cd "$(dirname "$0")/.."

swift build -c release --product moe-train
train=.build/release/moe-train

train_model() { # recipe, folder of the model
  local name=lenet5-cifar10-k8-$1
  "$train" stage1 --recipe "scripts/recipes/$name.json" --data "$data" --model "$2" --run "$runs/$name/stage1"
  "$train" stage2 --recipe "scripts/recipes/$name.json" --data "$data" --model "$2" --run "$runs/$name/stage2"
}

train_model robust Models/lenet5-cifar10-k8-robust
train_model paper Models/lenet5-cifar10-k8-paper
mkdir -p "$runs/models"
train_model replicas "$runs/models/lenet5-cifar10-k8-replicas"

"$train" reproduce table2 --data "$data" --runs "$runs"
"$train" reproduce fig3 --data "$data" --runs "$runs"
for recipe in robust paper; do "$train" card --model "Models/lenet5-cifar10-k8-$recipe"; done
