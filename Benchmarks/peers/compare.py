"""Times our ResNet-18 or ViT beside PyTorch, ONNX Runtime and OpenVINO: the same weights, the same machine, in turn.

    python3 compare.py --programs ../../.build/release --model ../../Models/resnet18-cifar10-k8-robust
    python3 compare.py --programs ../../.build/release --recipe ../../scripts/recipes/resnet18-cifar10-k8-robust.json
    ../../.build/release/moe-train init --backbone vit --classes 100 --model untrained-vit
    python3 compare.py --programs ../../.build/release --model untrained-vit --precision bf16

With --model, one image at a time (or --batch) through the backbone; the weights come from `moe-train export`, and every
runtime's latents are compared with PyTorch's first. With --recipe, training steps against PyTorch's on both cores, in floats
and in PyTorch's mixed precision. With --precision bf16, our side computes in bfloat16, and so do the others' inferences; ONNX
Runtime, which has none on these processors, keeps its floats.
Each runtime measures for --seconds in turn, --rounds times; what is printed is the median over all, and how many times as
long it takes as ours. Other load disturbs all alike, yet the ratios are steadiest on a quiet machine.

Needs: pip install torch onnx onnxruntime openvino safetensors numpy
"""

import argparse
import copy
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import warnings

import numpy
import torch
from torch import nn

sys.path.append(os.path.join(os.path.dirname(__file__), "../../Tests/PyTorchRecords/Recorded"))
from networks import ResNet18, VisionTransformer

# By the name that bundles and recipes give a backbone: title, network, latents.
BACKBONES = {"resnet18": ("ResNet-18", ResNet18, 512), "vit": ("ViT", VisionTransformer, 384)}


def times(body, seconds):
    """Each run's seconds, after one that does not count."""
    body()
    found, end = [], time.perf_counter() + seconds
    while True:
        start = time.perf_counter()
        body()
        found.append(time.perf_counter() - start)
        if time.perf_counter() > end:
            return found


def our_times(arguments, options):
    command = [os.path.join(options.programs, "moe-train"), "speed", "--json", "--seconds", str(options.seconds)]
    result = json.loads(subprocess.run(command + arguments, check=True, capture_output=True, text=True).stdout)
    return [result["median_ms"] / 1e3] * result["runs"], result


def torch_runner(network, x, precision):
    if precision == "bf16":
        network = copy.deepcopy(network).to(torch.bfloat16, memory_format=torch.channels_last)
        x = x.to(torch.bfloat16, memory_format=torch.channels_last)
    network = torch.jit.freeze(torch.jit.trace(network, x))

    def run():
        with torch.inference_mode():
            return network(x).float().numpy()
    return run


def onnx_runner(path, x, threads):
    import onnxruntime
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = threads
    settings.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(path, settings, providers=["CPUExecutionProvider"])
    feed = {session.get_inputs()[0].name: x.numpy()}
    return lambda: session.run(None, feed)[0]


def openvino_runner(path, x, threads, precision):
    import openvino
    core = openvino.Core()
    model = core.read_model(path)
    model.reshape(list(x.shape))
    compiled = core.compile_model(model, "CPU", {
        "INFERENCE_NUM_THREADS": threads, "NUM_STREAMS": 1, "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_PRECISION_HINT": {"fp32": "f32", "bf16": "bf16"}[precision]})
    request = compiled.create_infer_request()
    array = x.numpy()
    return lambda: request.infer([array], share_inputs=True)[compiled.output(0)]


def compare_inference(options):
    from safetensors.torch import load_file
    torch.set_num_threads(options.threads)
    folder = tempfile.mkdtemp()
    weights, graph = os.path.join(folder, "backbone.safetensors"), os.path.join(folder, "backbone.onnx")
    subprocess.run(
        [os.path.join(options.programs, "moe-train"), "export", "--model", options.model, "--part", "backbone",
         "--output", weights], check=True)
    title, make, _ = BACKBONES[json.load(open(os.path.join(options.model, "model.json")))["backbone"]]
    network = make()
    network.load_state_dict(load_file(weights))
    network.eval()
    x = torch.empty(options.batch, 3, 32, 32).uniform_(-2, 2, generator=torch.Generator().manual_seed(1))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the older exporter needs no further package
        torch.onnx.export(network, x, graph, input_names=["x"], output_names=["z"], dynamo=False, opset_version=17)
    precision = options.precision
    runners = {
        "PyTorch " + torch.__version__: torch_runner(network, x, precision),
        "ONNX Runtime" + ("" if precision == "fp32" else ", fp32"): onnx_runner(graph, x, options.threads),
        "OpenVINO": openvino_runner(graph, x, options.threads, precision),
    }
    tolerance = {"fp32": 1e-3, "bf16": 5e-2}[precision]
    with torch.inference_mode():
        expected = network(x).numpy()
    for name, runner in runners.items():
        distance = numpy.abs(runner() - expected).max() / numpy.abs(expected).max()
        if distance > tolerance:
            sys.exit(f"{name}: latents differ by {distance:.1e} of the largest")
    arguments = [
        "--model", options.model, "--batch", str(options.batch), "--threads", str(options.threads), "--precision", precision]
    found = {name: [] for name in ["ours", *runners]}
    for _ in range(options.rounds):
        ours, description = our_times(arguments, options)
        found["ours"] += ours
        for name, runner in runners.items():
            found[name] += times(runner, options.seconds)
    report(f"{title} inference, {precision}, batch {options.batch}, {options.threads} threads ({description['kernels']})",
           found, options.batch)


def compare_training(options):
    threads = os.cpu_count()
    torch.set_num_threads(threads)
    recipe = json.load(open(options.recipe))
    batch = options.batch if options.batch > 1 else recipe["stage1"]["batchSize"]
    title, make, latents = BACKBONES[recipe["backbone"]]
    network = nn.Sequential(make(), nn.Linear(latents, 10)).to(memory_format=torch.channels_last)
    if recipe["stage1"]["optimiser"]["kind"] == "sgd":
        optimiser = torch.optim.SGD(network.parameters(), 0.1, momentum=0.9, nesterov=True, weight_decay=5e-4)
    else:
        optimiser = torch.optim.AdamW(network.parameters(), 1e-3, weight_decay=0.05)
    x = torch.randn(batch, 3, 32, 32).contiguous(memory_format=torch.channels_last)
    labels = torch.arange(batch) % 10

    def step(is_mixed):
        optimiser.zero_grad()
        with torch.autocast("cpu", torch.bfloat16, enabled=is_mixed):
            loss = nn.functional.cross_entropy(network(x), labels)
        loss.backward()
        optimiser.step()

    peers = {f"PyTorch {torch.__version__}, {name}": is_mixed for name, is_mixed in [("fp32", False), ("bf16", True)]}
    found = {name: [] for name in ["ours", *peers]}
    arguments = ["--recipe", options.recipe, "--batch", str(batch), "--precision", options.precision]
    if options.teacher:
        arguments += ["--teacher", options.teacher]
    for _ in range(options.rounds):
        ours, description = our_times(arguments, options)
        found["ours"] += ours
        for name, is_mixed in peers.items():
            found[name] += times(lambda: step(is_mixed), options.seconds)
    report(f"{title} training, ours {options.precision}, batch {batch}, {threads} threads ({description['kernels']})", found, batch)


def report(title, found, batch):
    print(title)
    ours = statistics.median(found["ours"])
    for name, all_times in found.items():
        median = statistics.median(all_times)
        print(f"  {name:28} {median * 1e3:9.2f} ms  {batch / median:8.1f} images/s  {median / ours:5.2f} x ours")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", required=True, help="the folder of moe-train")
    parser.add_argument("--model", help="a ResNet-18 or ViT bundle: compare its backbone's inference")
    parser.add_argument("--recipe", help="a ResNet-18 or ViT recipe: compare training steps")
    parser.add_argument("--teacher", help="the recipe's teacher, a bundle; its inference is in our times alone")
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--precision", choices=["fp32", "bf16"], default="fp32", help="of our side and of inference")
    parser.add_argument("--threads", type=int, default=1, help="for inference")
    parser.add_argument("--seconds", type=float, default=3, help="of each runtime in each round")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    if not options.model and not options.recipe:
        parser.error("expected --model or --recipe")
    if options.model:
        compare_inference(options)
    if options.recipe:
        compare_training(options)
