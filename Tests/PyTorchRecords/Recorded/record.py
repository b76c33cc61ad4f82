#!/usr/bin/env python3
"""Records what PyTorch computes, for the tests of Layers and Training, and checks the file that Swift wrote.

    python3 record.py          (torch, numpy and safetensors from PyPI; needs seconds)

Inputs and weights are not recorded: both sides make them by the same formula (`numbers` and `fill` here, `Formula` there).
"""

import pathlib
from unittest import mock

import numpy as np
import torch
from networks import Mixture, ResNet18, VisionTransformer
from safetensors.torch import load_file, save_file

FOLDER = pathlib.Path(__file__).parent


def numbers(salt, shape, scale):
    """Evenly spread numbers in [-scale, scale), exact in float32 for a scale that is a power of two."""
    count = int(np.prod(shape))
    index = np.arange(count, dtype=np.uint64) + np.uint64(salt * 1_000_003)
    hashed = (index * np.uint64(2_654_435_761)) % np.uint64(1 << 32)
    hashed = (hashed ^ (hashed >> np.uint64(15))) * np.uint64(2_246_822_519) % np.uint64(1 << 32)
    unit = (hashed >> np.uint64(8)).astype(np.float64) / (1 << 23) - 1
    return torch.tensor((unit * scale).astype(np.float32)).reshape(shape)


def fill(states):
    """Makes weights of a size that keeps a network's numbers near 1, each by the number of its place."""
    with torch.no_grad():
        for salt, (name, value) in enumerate(states, start=1):
            if value.ndim in (2, 4):
                spread = 6 if value.ndim == 4 else 3
                value.copy_(numbers(salt, value.shape, 2.0 ** np.floor(np.log2(np.sqrt(spread / value[0].numel())))))
            elif value.ndim == 1 and (name.endswith("weight") or name.endswith("running_var")):
                value.copy_(1 + numbers(salt, value.shape, 0.25))
            else:
                value.copy_(numbers(salt, value.shape, 0.125))


def states_of(net):
    return [(name, value) for name, value in net.state_dict().items() if not name.endswith("num_batches_tracked")]


class LeNet5(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = torch.nn.Conv2d(3, 6, 5)
        self.conv2 = torch.nn.Conv2d(6, 16, 5)
        self.fc1 = torch.nn.Linear(400, 120)
        self.fc2 = torch.nn.Linear(120, 84)
        self.fc3 = torch.nn.Linear(84, 10)

    def forward(self, x):
        x = torch.max_pool2d(torch.relu(self.conv1(x)), 2)
        x = torch.max_pool2d(torch.relu(self.conv2(x)), 2)
        x = torch.relu(self.fc1(x.flatten(1)))
        return self.fc3(torch.relu(self.fc2(x)))


def lenet5():
    net = LeNet5()
    with torch.no_grad():
        for salt, parameter in enumerate(net.parameters(), start=1):
            parameter.copy_(numbers(salt, parameter.shape, 0.125))
    x = numbers(100, (4, 3, 32, 32), 1).requires_grad_()
    labels = torch.tensor([3, 0, 9, 5])
    logits = net(x)
    loss = torch.nn.functional.cross_entropy(logits, labels)
    loss.backward()
    record = {"logits": logits, "loss": loss.reshape(1), "gradient.x": x.grad}
    record |= {f"gradient.{name}": parameter.grad for name, parameter in net.named_parameters()}
    save("lenet5.safetensors", record)


def resnet18():
    """Latents as in inference and as in training, gradients of the first and the last layers, the next running moments.

    Computed in double precision: rounding to the other side of one ReLU's kink changes gradients by several per cent.
    """
    net = ResNet18()
    fill(states_of(net))
    net, x = net.double(), numbers(100, (4, 3, 32, 32), 1).double()
    record = {"inference": net.eval()(x)}
    x.requires_grad_()
    latents = net.train()(x)
    latents.backward(numbers(50, latents.shape, 1).double())
    record |= {"training": latents, "gradient.x": x.grad}
    gradients = {name: parameter.grad for name, parameter in net.named_parameters()}
    chosen = ["conv1.weight", "bn1.weight", "bn1.bias", "layer2.0.downsample.0.weight", "layer4.1.bn2.weight",
              "layer4.1.bn2.bias"]
    record |= {f"gradient.{name}": gradients[name] for name in chosen}
    states = net.state_dict()
    for name in ["bn1", "layer4.1.bn2"]:
        record |= {f"next.{name}.{part}": states[f"{name}.{part}"] for part in ["running_mean", "running_var"]}
    save("resnet18.safetensors", {name: value.float() for name, value in record.items()})


def vit():
    """The same of the vision transformer; of matrices' gradients the first four rows."""
    net = VisionTransformer()
    fill(sorted(states_of(net)))
    net, x = net.double(), numbers(100, (4, 3, 32, 32), 1).double()
    record = {"inference": net.eval()(x)}
    x.requires_grad_()
    latents = net.train()(x)
    latents.backward(numbers(50, latents.shape, 1).double())
    record |= {"training": latents, "gradient.x": x.grad}
    gradients = {name: parameter.grad for name, parameter in net.named_parameters()}
    chosen = ["stem.conv1.weight", "stem.bn3.weight", "stem.bn3.bias", "blocks.0.norm1.weight",
              "blocks.0.attn.qkv.weight", "blocks.2.attn.proj.weight", "blocks.3.attn.qkv.bias",
              "blocks.4.mlp.fc1.weight", "blocks.5.mlp.fc2.weight", "blocks.5.mlp.fc2.bias", "norm.weight", "norm.bias"]
    for name in chosen:
        record[f"gradient.{name}"] = gradients[name][:4] if gradients[name].ndim == 2 else gradients[name]
    record["gradient.pos_embed"] = gradients["pos_embed"][0, :4]
    states = net.state_dict()
    record |= {f"next.stem.bn3.{part}": states[f"stem.bn3.{part}"] for part in ["running_mean", "running_var"]}
    save("vit.safetensors", {name: value.float() for name, value in record.items()})


def stage1():
    """The losses of three steps of stage 1 with a vision transformer, and by how much each optimiser has moved weights."""
    images, experts, classes, steps = 24, 2, 6, 3
    pixels = torch.floor((numbers(100, (images, 3, 32, 32), 1).double() + 1) * 128)
    labels = torch.arange(images) % classes
    x = (pixels - pixels.mean((0, 2, 3), keepdim=True)) / pixels.std((0, 2, 3), correction=0, keepdim=True)
    makers = {
        "sgd": lambda p: (torch.optim.SGD(p, momentum=0.9, nesterov=True, weight_decay=0.05), 0.01),
        "adamw": lambda p: (torch.optim.AdamW(p, weight_decay=0.05), 0.0002),
    }
    chosen = ["backbone.stem.conv2.weight", "backbone.stem.bn1.running_mean", "backbone.pos_embed",
              "backbone.blocks.0.attn.qkv.weight", "backbone.blocks.3.mlp.fc2.bias", "backbone.norm.weight",
              "gate.fc1.weight", "gate.fc2.bias", "experts.0.fc2.weight", "experts.1.fc1.weight", "head.weight", "head.bias"]
    record = {}
    for name, make in makers.items():
        net = Mixture(experts, classes)
        fill(sorted(states_of(net)))
        net.double().train()
        before = {name: value.clone() for name, value in net.state_dict().items()}
        optimiser, peak = make(net.parameters())
        cycle = torch.optim.lr_scheduler.OneCycleLR(optimiser, peak, steps)
        losses = []
        for step in range(steps):
            g, scores, mixed = net(x)
            entropy = torch.nn.functional.cross_entropy
            own = torch.stack(
                [entropy(scores[:, k], labels, reduction="none", label_smoothing=0.1) for k in range(experts)], 1)
            # a = 1, b = 0.5, lambda = 2
            loss = entropy(mixed, labels, label_smoothing=0.1) + ((g + 0.5 / experts) * own).sum(1).mean()
            loss = loss + 2 * ((g.mean(0) - 1 / experts) ** 2).sum()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            if step + 1 < steps:
                cycle.step()
            losses.append(loss.detach())
        record[f"{name}.losses"] = torch.stack(losses)
        after = net.state_dict()
        for part in chosen:
            moved = after[part] - before[part]
            record[f"{name}.{part}"] = moved.reshape(moved.shape[-2:])[:4] if part.endswith("pos_embed") else moved[:4]
    save("stage1.safetensors", {name: value.float() for name, value in record.items()})


def layers():
    """Strides, paddings and losses that LeNet-5 has not."""
    record = {}

    def differentiate(name, function, *inputs):
        inputs = [i.requires_grad_() for i in inputs]
        y = function(*inputs)
        y.backward(numbers(50, y.shape, 1))
        record[f"{name}.y"] = y
        for index, i in enumerate(inputs):
            record[f"{name}.gradient.{index}"] = i.grad

    conv = lambda x, w, b: torch.nn.functional.conv2d(x, w, b, stride=2, padding=1)
    differentiate(
        "convolution", conv, numbers(1, (2, 3, 9, 8), 1), numbers(2, (5, 3, 3, 3), 0.5), numbers(3, (5,), 0.5))
    differentiate("maxPool", lambda x: torch.nn.functional.max_pool2d(x, 3, 2, 1), numbers(4, (2, 2, 9, 8), 1))
    pool = lambda x: torch.nn.functional.avg_pool2d(x, 3, 2, 1, count_include_pad=False)
    differentiate("averagePool", pool, numbers(5, (2, 2, 9, 8), 1))
    differentiate("softmax", lambda x: torch.softmax(x, -1), numbers(6, (3, 2, 7), 8))
    differentiate("logSoftmax", lambda x: torch.log_softmax(x, -1), numbers(7, (3, 2, 7), 8))
    logits = numbers(8, (5, 7), 8).requires_grad_()
    losses = torch.nn.functional.cross_entropy(logits, torch.tensor([6, 0, 3, 3, 1]), reduction="none")
    losses.backward(torch.tensor([1.0, 0.5, 0.25, 2.0, 0.0]))
    record |= {"crossEntropy.losses": losses, "crossEntropy.gradient": logits.grad}
    save("layers.safetensors", record)


def optimisers():
    """A weight and a bias after each of six steps along six prescribed gradients, the learning rate changing."""
    makers = {
        "sgd": lambda g: torch.optim.SGD(g, momentum=0),
        "momentum": lambda g: torch.optim.SGD(g, momentum=0.9, weight_decay=0.05),
        "nesterov": lambda g: torch.optim.SGD(g, momentum=0.8, nesterov=True),
        "adamw": lambda g: torch.optim.AdamW(g, weight_decay=0.1),
        "adamwSparingBiases": lambda g: torch.optim.AdamW([{**g[0], "weight_decay": 0.1}, {**g[1], "weight_decay": 0}]),
    }
    record = {}
    for name, make in makers.items():
        weight, bias = torch.nn.Parameter(numbers(1, (3, 4), 1)), torch.nn.Parameter(numbers(2, (3,), 1))
        optimiser = make([{"params": [weight], "lr": 0.0}, {"params": [bias], "lr": 0.0}])
        for step in range(6):
            for group in optimiser.param_groups:
                group["lr"] = 0.01 * (step + 1)
                if name.startswith("adamw"):
                    group["betas"] = (0.9 - 0.01 * step, 0.999)
            weight.grad, bias.grad = numbers(10 + step, (3, 4), 1), numbers(20 + step, (3,), 1)
            optimiser.step()
            record[f"{name}.{step}.weight"] = weight.clone()
            record[f"{name}.{step}.bias"] = bias.clone()
    # Muon of a weight that is wider than high, and of one that is not.
    for shape in [(3, 4), (7, 3)]:
        weight = torch.nn.Parameter(numbers(1, shape, 1))
        optimiser = torch.optim.Muon([weight], weight_decay=0.1, adjust_lr_fn="match_rms_adamw")
        for step in range(6):
            optimiser.param_groups[0]["lr"] = 0.01 * (step + 1)
            weight.grad = numbers(10 + step, shape, 1)
            with mock.patch.object(torch.Tensor, "bfloat16", torch.Tensor.float):  # multiply floats
                optimiser.step()
            record[f"muon{shape[0]}.{step}.weight"] = weight.clone()
    save("optimisers.safetensors", record)


def schedules():
    record = {}
    for name, peak, steps, arguments in [
        ("default", 0.005, 100, {}),
        ("short", 1.0, 7, {}),
        ("own", 0.1, 53, {"pct_start": 0.1, "div_factor": 10, "final_div_factor": 100}),
    ]:
        optimiser = torch.optim.AdamW([torch.nn.Parameter(torch.zeros(1))])
        cycle = torch.optim.lr_scheduler.OneCycleLR(optimiser, peak, steps, **arguments)
        rates, momenta = [], []
        for step in range(steps):
            rates.append(optimiser.param_groups[0]["lr"])
            momenta.append(optimiser.param_groups[0]["betas"][0])
            optimiser.step()
            if step + 1 < steps:
                cycle.step()
        record[f"{name}.rates"] = torch.tensor(rates, dtype=torch.float32)
        record[f"{name}.momenta"] = torch.tensor(momenta, dtype=torch.float32)
    save("schedules.safetensors", record)


def interchange():
    """A file of the Python package with all element types that we read, and Swift's file read by it."""
    values = torch.tensor([0.0, -0.0, 1.0, -2.5, 65504.0, 6e-8, 0.1, 3.14159, float("inf"), -float("inf")])
    tensors = {
        "single": numbers(1, (2, 3), 1),
        "half": values.to(torch.float16),
        "brain": values.to(torch.bfloat16),
        "scalar": torch.tensor(7.0),
        "empty": torch.zeros(0, 4),
        "nested.0.weight": numbers(2, (1, 2, 3), 1),
    }
    save_file(tensors, FOLDER / "python.safetensors", metadata={"made by": "the Python package", "ä\n\"": "✓"})

    swift = load_file(FOLDER / "swift.safetensors")
    assert list(swift["single"].shape) == [2, 3] and torch.equal(swift["single"], numbers(1, (2, 3), 1))
    assert list(swift["empty"].shape) == [0, 4] and swift["scalar \"ä\""].item() == 7
    brain = load_file(FOLDER / "swift-bf16.safetensors")["single"]
    assert brain.dtype == torch.bfloat16 and torch.equal(brain, numbers(1, (2, 3), 1).to(torch.bfloat16))


def save(name, tensors):
    save_file({key: value.detach().contiguous() for key, value in tensors.items()}, FOLDER / name)


if __name__ == "__main__":
    lenet5()
    resnet18()
    vit()
    stage1()
    layers()
    optimisers()
    schedules()
    interchange()
