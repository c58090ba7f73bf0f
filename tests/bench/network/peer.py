"""Network 3.2 in PyTorch and in JAX, and other networks in PyTorch, for bench.py
beside this file and in ../nets:

    peer.py eager|eager-nchw|compile|jax DATA-FOLDER ORDER-FILE [NETWORK BATCH [DEVICE PRECISION]]

DEVICE is cpu or cuda, for PyTorch. PRECISION is float32; tf32, in which CUDA's matrix products and convolutions round their factors;
or bfloat16, PyTorch's autocast. In place of the data's folder it takes one file of images in the same form. It
reads lines "train STEPS", "infer BATCH STEPS", "gemm SIDE STEPS" and answers each
with the seconds it took, the processor time of all threads and the last loss.
Every program gets the same images, in the order that the Go program wrote, as
uint8 [batch, height, width, channels] in host memory, and scales and normalises them itself.
"""
import pathlib
import sys
import time

import numpy as np

MEAN, STD = (0.49140, 0.48216, 0.44653), (0.24703, 0.24349, 0.26159)

def images(path):
    path = pathlib.Path(path)
    raw = np.fromfile(path / "data_batch_1.bin" if path.is_dir() else path, np.uint8).reshape(-1, 3073)
    return np.ascontiguousarray(raw[:, 1:].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)), raw[:, 0].astype(np.int32)


def lesson(nn):
    return nn.Sequential(
        nn.Conv2d(3, 32, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Dropout(0.25),
        nn.Conv2d(32, 128, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Dropout(0.25),
        nn.Flatten(), nn.Linear(4608, 2048), nn.ReLU(), nn.Dropout(0.5),
        nn.Linear(2048, 1024), nn.ReLU(), nn.Dropout(0.5), nn.Linear(1024, 10),
    )


def resnet20(nn):
    from torchvision.models.resnet import BasicBlock

    def stage(into, out, stride):
        down = None if into == out else nn.Sequential(nn.Conv2d(into, out, 1, stride, bias=False), nn.BatchNorm2d(out))
        return nn.Sequential(BasicBlock(into, out, stride, down), BasicBlock(out, out), BasicBlock(out, out))

    return nn.Sequential(nn.Conv2d(3, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16), nn.ReLU(inplace=True),
                         stage(16, 16, 1), stage(16, 32, 2), stage(32, 64, 2), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))


def mobilenetv2(nn):
    """With the stem of cnnlib's nets.MobileNetV2CIFAR."""
    from torchvision.models import mobilenet_v2

    net = mobilenet_v2(num_classes=10, inverted_residual_setting=[
        [1, 16, 1, 1], [6, 24, 2, 1], [6, 32, 3, 2], [6, 64, 4, 2], [6, 96, 3, 1], [6, 160, 3, 2], [6, 320, 1, 1]])
    net.features[0][0] = nn.Conv2d(3, 32, 3, padding=1, bias=False)
    return net


def shufflenetv2(nn):
    """With the stem of cnnlib's nets.ShuffleNetV2CIFAR."""
    from torchvision.models import shufflenet_v2_x1_0

    net = shufflenet_v2_x1_0(num_classes=10)
    net.conv1[0] = nn.Conv2d(3, 24, 3, padding=1, bias=False)
    net.maxpool = nn.Identity()
    return net


class Torch:
    """Eager or compiled. Weights and images in channels_last, oneDNN's faster layout for most networks here, or in NCHW."""

    def __init__(self, kind, pixels, labels, network, device="cpu", precision="float32"):
        import torch
        from torch import nn

        self.torch, self.device = torch, device
        torch.manual_seed(1)
        torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = precision == "tf32"
        torch.backends.cudnn.benchmark = True  # takes cuDNN's fastest algorithm for each shape
        self.cast = torch.autocast(device, torch.bfloat16, enabled=precision == "bfloat16")
        self.pixels, self.labels = torch.from_numpy(pixels), torch.from_numpy(labels).long()
        self.mean, self.std = (torch.tensor(v, device=device).view(1, 3, 1, 1) for v in (MEAN, STD))
        self.layout = torch.contiguous_format if kind == "eager-nchw" else torch.channels_last
        self.net = network(nn).to(device, memory_format=self.layout)
        self.adam = torch.optim.Adam(self.net.parameters(), lr=1e-3, fused=True)
        self.forward, self.loss = self._forward, self._loss
        if kind == "compile":
            self.forward, self.loss = torch.compile(self._forward), torch.compile(self._loss)
        self.about = f"torch {torch.__version__}, " + (torch.cuda.get_device_name() if device == "cuda" else f"{torch.get_num_threads()} threads")

    def _forward(self, pixels):
        x = pixels.permute(0, 3, 1, 2).float() / 255  # NHWC in memory: channels_last without a copy
        with self.cast:
            return self.net(((x - self.mean) / self.std).contiguous(memory_format=self.layout)).float()

    def _loss(self, pixels, labels):
        return self.torch.nn.functional.cross_entropy(self._forward(pixels), labels)

    def train(self, which):
        self.net.train()
        loss = self.loss(self.pixels[which].to(self.device), self.labels[which].to(self.device))
        self.adam.zero_grad()
        loss.backward()
        self.adam.step()
        return loss.detach()

    def infer(self, which):
        self.net.eval()
        with self.torch.inference_mode():
            return self.forward(self.pixels[which].to(self.device)).cpu().numpy()

    def gemm(self, side):
        x = self.torch.zeros(side, side)
        return lambda: x @ x


class Jax:
    """One jitted step with Adam in it and donated state."""

    def __init__(self, pixels, labels):
        import os

        os.environ["JAX_PLATFORMS"] = "cpu"
        import jax
        import jax.numpy as jnp

        self.jax, self.pixels, self.labels = jax, pixels, labels
        mean, std = jnp.array(MEAN), jnp.array(STD)
        sizes = [(3, 3, 3, 32), (3, 3, 32, 128), (4608, 2048), (2048, 1024), (1024, 10)]
        keys = jax.random.split(jax.random.key(1), len(sizes))
        bound = [1 / np.sqrt(np.prod(s[:-1])) for s in sizes]
        params = [(jax.random.uniform(k, s, minval=-b, maxval=b), jnp.zeros(s[-1])) for k, s, b in zip(keys, sizes, bound)]
        zeros = lambda: jax.tree.map(jnp.zeros_like, params)
        self.state = (params, zeros(), zeros(), jnp.zeros((), jnp.int32), jax.random.key(2, impl="rbg"))

        def pool(x):  # strided maxima: the gradient of reduce_window is slow on CPUs
            x = x[:, : x.shape[1] // 2 * 2, : x.shape[2] // 2 * 2]
            return jnp.maximum(jnp.maximum(x[:, ::2, ::2], x[:, 1::2, ::2]), jnp.maximum(x[:, ::2, 1::2], x[:, 1::2, 1::2]))

        def drop(x, rate, key):
            return x if key is None else jnp.where(jax.random.bernoulli(key, 1 - rate, x.shape), x / (1 - rate), 0)

        def logits(params, pixels, keys=(None,) * 4):
            x = (pixels.astype(jnp.float32) / 255 - mean) / std
            for (w, b), key in zip(params[:2], keys):
                x = jax.lax.conv_general_dilated(x, w, (1, 1), "VALID", dimension_numbers=("NHWC", "HWIO", "NHWC"))
                x = drop(pool(jax.nn.relu(x + b)), 0.25, key)
            x = x.reshape(x.shape[0], -1)
            for (w, b), key in zip(params[2:4], keys[2:]):
                x = drop(jax.nn.relu(x @ w + b), 0.5, key)
            w, b = params[4]
            return x @ w + b

        def step(state, pixels, labels):
            params, m, v, t, key = state
            key, *keys = jax.random.split(key, 5)

            def loss(params):
                y = jax.nn.log_softmax(logits(params, pixels, keys))
                return -jnp.mean(jnp.take_along_axis(y, labels[:, None], 1))

            value, g = jax.value_and_grad(loss)(params)
            t = t + 1
            m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, g)
            v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, v, g)
            rate, spread = 1e-3 / (1 - 0.9**t), 1 / jnp.sqrt(1 - 0.999**t)
            params = jax.tree.map(lambda p, m, v: p - rate * m / (jnp.sqrt(v) * spread + 1e-8), params, m, v)
            return (params, m, v, t, key), value

        self.step, self.forward = jax.jit(step, donate_argnums=0), jax.jit(logits)
        self.product = jax.jit(lambda x: x @ x)
        self.about = f"jax {jax.__version__}"

    def train(self, which):
        self.state, loss = self.step(self.state, self.pixels[which], self.labels[which])
        return loss  # read at the end of the turn: the steps of one turn queue up

    def infer(self, which):
        return np.asarray(self.forward(self.state[0], self.pixels[which]))

    def gemm(self, side):
        x = self.jax.numpy.zeros((side, side))
        return lambda: self.product(x).block_until_ready()


def main():
    kind, folder, order, *more = sys.argv[1:]
    name, size = (more[0], int(more[1])) if more else ("lesson", 256)
    where = more[2:]  # device and precision
    order = np.fromfile(order, "<i4").astype(np.int64)
    batch = lambda i, n: order[i * n : (i + 1) * n]
    pixels, labels = images(folder)
    networks = {"lesson": lesson, "resnet20": resnet20, "mobilenetv2": mobilenetv2, "shufflenetv2": shufflenetv2}
    net = Jax(pixels, labels) if kind == "jax" else Torch(kind, pixels, labels, networks[name], *where)
    print(net.about, flush=True)
    done = 0  # batches trained
    for line in sys.stdin:
        word, *numbers = line.split()
        numbers = [int(n) for n in numbers]
        product = net.gemm(numbers[0]) if word == "gemm" else None
        loss = 0
        start, used = time.perf_counter(), time.process_time()
        for k in range(numbers[-1]):
            if word == "train":
                loss = net.train(batch(done, size))
                done += 1
            elif word == "infer":
                net.infer(batch(k, numbers[0]))
            else:
                product()
        loss = float(loss)
        print(f"{time.perf_counter() - start:.6f} {time.process_time() - used:.6f} {loss:.4f}", flush=True)


main()
