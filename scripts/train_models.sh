#!/usr/bin/env bash
# Trains a network's models (K = 8) and measures them:
#   lenet5     Models/lenet5-cifar10-k8-robust, Models/lenet5-cifar10-k8-paper, and the rival of eight copies of one network
#   resnet18   Models/resnet18-cifar10-k8-robust, and on its backbone, which is kept, `paper` and the rival
#   teacher    Models/teachers/resnet18-cifar100-teacher, in a short first cycle from the backbone of
#              resnet18-cifar10-k8-robust and in a second one from its own; not measured
#   vit        a backbone that learns from the teacher in two cycles, and on it, which is then kept,
#              Models/vit-cifar100-k8-robust, `paper` and the rival
# What is not shipped stays with the runs (RUNS/models). Then the network's part of Results/table2 and Results/laws,
# Results/fig3, fig4 or fig5, RESULTS.md and the cards.
#
#   scripts/train_models.sh lenet5|resnet18|teacher|vit DATA [RUNS]
#
# DATA holds cifar-10-batches-bin (https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz) or, for teacher and vit,
# cifar-100-binary (https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz). RUNS, ./runs by default, keeps checkpoints,
# metrics and logs; a script that was ended goes on where it was.
set -euo pipefail

network=${1:-}
case "$network" in
  lenet5) dataset=cifar-10 figure=fig3 title=LeNet-5 ;;
  resnet18) dataset=cifar-10 figure=fig4 title=ResNet-18 ;;
  vit) dataset=cifar-100 figure=fig5 title=ViT ;;
  teacher) dataset=cifar-100 ;;
  *) network= ;;
esac
if [ $# -lt 2 ] || [ -z "$network" ]; then
  sed -n '2,17s/^# \{0,1\}//p' "$0" >&2
  exit 64
fi
data=$(realpath "$2")
runs=${3:-runs}
mkdir -p "$runs/models"
runs=$(realpath "$runs")
cd "$(dirname "$0")/.."

swift build -c release --product moe-train
train=.build/release/moe-train
prefix=$network-${dataset/-/}-k8
first=$prefix-first-cycle
second=$prefix-second-cycle
teacher=resnet18-cifar100-teacher

train_cycle() { # recipe, name and folder of the model, options: stage 1 alone
  "$train" stage1 --recipe "scripts/recipes/$1.json" --dataset "$dataset" --data "$data" --latents "$runs/latents" \
    --model "$3/$2" --run "$runs/$2/stage1" "${@:4}"
}

train_model() { # recipe, folder of the model, options of stage 1
  local name=$prefix-$1
  train_cycle "$name" "$name" "${@:2}"
  "$train" stage2 --recipe "scripts/recipes/$name.json" --dataset "$dataset" --data "$data" --latents "$runs/latents" \
    --model "$2/$name" --run "$runs/$name/stage2"
}

shipped=(robust)
case "$network" in
  lenet5)
    train_model robust Models
    train_model paper Models
    train_model replicas "$runs/models"
    shipped+=(paper)
    ;;
  resnet18)
    train_cycle "$first" "$first" "$runs/models"
    kept=Models/$prefix-robust
    train_model robust Models --backbone-of "$runs/models/$first"
    ;;
  teacher)
    train_cycle "$teacher" "$teacher-first-cycle" "$runs/models" --epochs 8 \
      --backbone-of Models/resnet18-cifar10-k8-robust
    train_cycle "$teacher" "$teacher" Models/teachers --backbone-of "$runs/models/$teacher-first-cycle"
    exit
    ;;
  vit)
    train_cycle "$first" "$first" "$runs/models" --teacher "Models/teachers/$teacher"
    train_cycle "$second" "$second" "$runs/models" --backbone-of "$runs/models/$first" --teacher "Models/teachers/$teacher"
    kept=$runs/models/$second
    train_model robust Models --backbone-of "$kept"
    ;;
esac
if [ "$network" != lenet5 ]; then
  train_model paper "$runs/models" --backbone-of "$kept"
  train_model replicas "$runs/models" --backbone-of "$kept"
fi

for experiment in table2 laws; do
  "$train" reproduce "$experiment" --network "$title" --data "$data" --runs "$runs"
done
"$train" reproduce "$figure" --data "$data" --runs "$runs"
for recipe in "${shipped[@]}"; do "$train" card --model "Models/$prefix-$recipe"; done
