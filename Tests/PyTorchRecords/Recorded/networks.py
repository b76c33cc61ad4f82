"""Networks in PyTorch, with the names and shapes of ours: for what `record.py` records and `Benchmarks/peers` times."""

import torch


class BasicBlock(torch.nn.Module):
    def __init__(self, channels, width, stride):
        super().__init__()
        self.conv1 = torch.nn.Conv2d(channels, width, 3, stride, 1, bias=False)
        self.bn1 = torch.nn.BatchNorm2d(width)
        self.conv2 = torch.nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = torch.nn.BatchNorm2d(width)
        self.downsample = None
        if stride != 1 or channels != width:
            self.downsample = torch.nn.Sequential(
                torch.nn.Conv2d(channels, width, 1, stride, bias=False), torch.nn.BatchNorm2d(width))

    def forward(self, x):
        y = self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x)))))
        return torch.relu(y + (x if self.downsample is None else self.downsample(x)))


class ResNet18(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = torch.nn.Conv2d(3, 64, 3, 1, 1, bias=False)
        self.bn1 = torch.nn.BatchNorm2d(64)
        channels = 64
        for stage, width in enumerate([64, 128, 256, 512], start=1):
            blocks = [BasicBlock(channels, width, 1 if stage == 1 else 2), BasicBlock(width, width, 1)]
            setattr(self, f"layer{stage}", torch.nn.Sequential(*blocks))
            channels = width

    def forward(self, x):
        x = torch.relu(self.bn1(self.conv1(x)))
        for stage in range(1, 5):
            x = getattr(self, f"layer{stage}")(x)
        return x.mean((2, 3))


class Attention(torch.nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.qkv = torch.nn.Linear(width, 3 * width)
        self.proj = torch.nn.Linear(width, width)

    def forward(self, x):
        batch, tokens, width = x.shape
        parts = self.qkv(x).reshape(batch, tokens, 3, self.heads, width // self.heads)
        q, k, v = parts.permute(2, 0, 3, 1, 4).unbind()
        mixed = torch.nn.functional.scaled_dot_product_attention(q, k, v)
        return self.proj(mixed.transpose(1, 2).reshape(batch, tokens, width))


class Mlp(torch.nn.Module):
    def __init__(self, width, hidden):
        super().__init__()
        self.fc1 = torch.nn.Linear(width, hidden)
        self.fc2 = torch.nn.Linear(hidden, width)

    def forward(self, x):
        return self.fc2(torch.nn.functional.gelu(self.fc1(x)))


class TransformerBlock(torch.nn.Module):
    def __init__(self, width, heads, hidden):
        super().__init__()
        self.norm1 = torch.nn.LayerNorm(width)
        self.attn = Attention(width, heads)
        self.norm2 = torch.nn.LayerNorm(width)
        self.mlp = Mlp(width, hidden)

    def forward(self, x):
        x = x + self.attn(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class Stem(torch.nn.Module):
    def __init__(self, width):
        super().__init__()
        channels = 3
        for place, out in enumerate([64, 128, width], start=1):
            setattr(self, f"conv{place}", torch.nn.Conv2d(channels, out, 3, 1 if place == 1 else 2, 1, bias=False))
            setattr(self, f"bn{place}", torch.nn.BatchNorm2d(out))
            channels = out

    def forward(self, x):
        for place in range(1, 4):
            x = torch.relu(getattr(self, f"bn{place}")(getattr(self, f"conv{place}")(x)))
        return x.flatten(2).transpose(1, 2)


class VisionTransformer(torch.nn.Module):
    """Dosovitskiy et al. 2021, behind a convolutional stem to 64 tokens: 384 latents."""

    def __init__(self, width=384, heads=6, hidden=768, depth=6):
        super().__init__()
        self.stem = Stem(width)
        self.pos_embed = torch.nn.Parameter(torch.zeros(1, 64, width))
        self.blocks = torch.nn.ModuleList(TransformerBlock(width, heads, hidden) for _ in range(depth))
        self.norm = torch.nn.LayerNorm(width)

    def forward(self, x):
        x = self.stem(x) + self.pos_embed
        for block in self.blocks:
            x = block(x)
        return self.norm(x).mean(1)


class Perceptron(torch.nn.Module):
    """What gates and experts are."""

    def __init__(self, inputs, hidden, outputs):
        super().__init__()
        self.fc1 = torch.nn.Linear(inputs, hidden)
        self.fc2 = torch.nn.Linear(hidden, outputs)

    def forward(self, x):
        return self.fc2(torch.relu(self.fc1(x)))


class Mixture(torch.nn.Module):
    """Table I's mixture on the vision transformer: experts answer with features, of which the head makes class scores."""

    def __init__(self, experts, classes, latents=384):
        super().__init__()
        self.backbone = VisionTransformer()
        self.gate = Perceptron(latents, 256, experts)
        self.experts = torch.nn.ModuleList(Perceptron(latents, 1536, latents) for _ in range(experts))
        self.head = torch.nn.Linear(latents, classes)

    def forward(self, x):
        """The gate's softmax [n, K], all experts' class scores [n, K, classes], and those of the mix [n, classes]."""
        z = self.backbone(x)
        g = torch.softmax(self.gate(z), -1)
        outputs = torch.stack([expert(z) for expert in self.experts], 1)
        return g, self.head(outputs), self.head((g[:, :, None] * outputs).sum(1))
