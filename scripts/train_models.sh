#!/usr/bin/env bash
# Trains a network's models for CIFAR-10 (K = 8) and measures them:
#   lenet5     Models/lenet5-cifar10-k8-robust, Models/lenet5-cifar10-k8-paper, and the rival of eight copies of one network
#   resnet18   Models/resnet18-cifar10-k8-robust, and on its backbone, which is kept, `paper` and the rival
# What is not shipped stays with the runs (RUNS/models). Then Results/table2, Results/fig3 or fig4, RESULTS.md and the cards.
#
#   scripts/train_models.sh lenet5|resnet18 DATA [RUNS]
#
# DATA holds cifar-10-batches-bin (https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz). RUNS, ./runs by default, keeps
# checkpoints, metrics and logs; a script that was ended goes on where it was.
set -euo pipefail

network=${1:-}
if [ $# -lt 2 ] || { [ "$network" != lenet5 ] && [ "$network" != resnet18 ]; }; then
  sed -n '2,10s/^# \{0,1\}//p' "$0" >&2
  exit 64
fi
data=$(realpath "$2")
runs=${3:-runs}
mkdir -p "$runs/models"
runs=$(realpath "$runs")
cd "$(dirname "$0")/.."

swift build -c release --product moe-train
train=.build/release/moe-train

train_model() { # recipe, folder of the models, options of stage 1
  local name=$network-cifar10-k8-$1
  "$train" stage1 --recipe "scripts/recipes/$name.json" --data "$data" --model "$2/$name" --run "$runs/$name/stage1" "${@:3}"
  "$train" stage2 --recipe "scripts/recipes/$name.json" --data "$data" --model "$2/$name" --run "$runs/$name/stage2"
}

shipped=(robust)
if [ "$network" = lenet5 ]; then
  train_model robust Models
  train_model paper Models
  train_model replicas "$runs/models"
  shipped+=(paper)
  figure=fig3
else
  first=$network-cifar10-k8-first-cycle
  "$train" stage1 --recipe "scripts/recipes/$first.json" --data "$data" --model "$runs/models/$first" --run "$runs/$first/stage1"
  train_model robust Models --backbone-of "$runs/models/$first"
  robust=Models/$network-cifar10-k8-robust
  train_model paper "$runs/models" --backbone-of "$robust"
  train_model replicas "$runs/models" --backbone-of "$robust"
  figure=fig4
fi

"$train" reproduce table2 --data "$data" --runs "$runs"
"$train" reproduce "$figure" --data "$data" --runs "$runs"
for recipe in "${shipped[@]}"; do "$train" card --model "Models/$network-cifar10-k8-$recipe"; done
