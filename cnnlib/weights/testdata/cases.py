"""Writes what PyTorch's programs save around the same network, in cases/, and
the network's logits. Needs torch, numpy, safetensors.

    python cases.py

named and dcgan_d (.safetensors, with inputs .x.f32 and logits .y.f32), wrapped
(.pth, .safetensors) and sequential_gap_flatten_linear.pth in cases/ were written by PyTorch 2.15 and
safetensors 0.8 in other hands, and are kept as they are.
"""
import argparse
import copy
import json
import pathlib

import numpy as np
import safetensors
import safetensors.torch
import torch
from torch import nn

here = pathlib.Path(__file__).parent
to = here / "cases"
torch.set_num_threads(1)
torch.manual_seed(3)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(3, 4, 3, bias=False), nn.BatchNorm2d(4), nn.ReLU(), nn.Conv2d(4, 4, 3, bias=False), nn.BatchNorm2d(4), nn.ReLU())
        self.fc = nn.Linear(4, 5)

    def forward(self, x):
        return self.fc(self.features(x).mean((2, 3)))


class Words(nn.Module):
    """The same network with other names."""

    def __init__(self, net):
        super().__init__()
        self.stem, self.stem_norm, _, self.body, self.body_norm, _ = net.features
        self.head = net.fc


class Module(nn.Module):
    """What a LightningModule is."""

    def __init__(self, net):
        super().__init__()
        self.net = net
        self.criterion = nn.CrossEntropyLoss(weight=torch.ones(5))


net = Net()
optimizer = torch.optim.Adam(net.parameters(), 0.01)
for step in range(3):
    optimizer.zero_grad()
    nn.functional.cross_entropy(net(torch.randn(8, 3, 8, 8)), torch.arange(8) % 5).backward()
    optimizer.step()
net.eval()
pixels = (np.arange(2 * 8 * 8 * 3) * 37 % 256).astype(np.uint8).reshape(2, 8, 8, 3)
x = torch.from_numpy(pixels.astype(np.float32) / np.float32(255)).permute(0, 3, 1, 2).contiguous()
state = net.state_dict()
average = torch.optim.swa_utils.AveragedModel(net)
other = copy.deepcopy(average)
for p in other.parameters():
    p.data += 1
training = {"epoch": 3, "optimizer": optimizer.state_dict(), "loss": torch.tensor(0.5), "best_acc1": torch.tensor(71.5)}

torch.save(state, to / "plain.pth")
torch.save(state, to / "before16.pth", _use_new_zipfile_serialization=False)
torch.save({"arch": "net", "state_dict": nn.DataParallel(net).state_dict(), **training}, to / "before16_checkpoint.pth", _use_new_zipfile_serialization=False)
torch.save(average.state_dict(), to / "averaged.pth")
torch.save({"arch": "net", "state_dict": nn.DataParallel(net).state_dict(), **training}, to / "imagenet.pth.tar")
torch.save({"model_state_dict": state, "optimizer_state_dict": optimizer.state_dict(), "loss": torch.tensor(0.5)}, to / "tutorial.pth")
torch.save({"model": state, "model_ema": other.state_dict(), "args": argparse.Namespace(lr=0.1, data=pathlib.PurePosixPath("/data")), "acc": np.float64(0.5), **training}, to / "references.pth")
torch.save({"epoch": 1, "global_step": 4, "pytorch-lightning_version": "2.6.6", "state_dict": Module(net).state_dict(),
            "callbacks": {"ModelCheckpoint{'monitor': None, 'mode': 'min'}": {"kth_value": torch.tensor(0.1), "best_k_models": {}}},
            "optimizer_states": [optimizer.state_dict()], "lr_schedulers": [], "hyper_parameters": {"lr": 0.1}}, to / "lightning.ckpt")
torch.save(torch.compile(net).state_dict(), to / "compiled.pth")
torch.save(Words(net).state_dict(), to / "words.pth")
torch.save(net, to / "whole.pth")
safetensors.torch.save_file(nn.DataParallel(net).state_dict(), to / "parallel.safetensors")
safetensors.torch.save_file({k: v for k, v in Words(net).state_dict().items() if "body" not in k}, to / "words.safetensors")
safetensors.torch.save_file(Words(net).state_dict(), to / "ambiguous.safetensors")

# Tensors that are not read.
torch.save({"w": torch.eye(3).to_sparse()}, to / "sparse.pth")
torch.save({"w": torch.complex(torch.ones(2), torch.ones(2))}, to / "complex.pth")
torch.save({"w": torch.ones(2).to(torch.float8_e4m3fn)}, to / "float8.pth")
torch.save({"w": torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.qint8)}, to / "quantized.pth")
torch.save({"w": torch.ones(2, device="meta")}, to / "meta.pth")
safetensors.torch.save_file({"w": torch.complex(torch.ones(2), torch.ones(2))}, to / "complex.safetensors")
torch.jit.trace(nn.Linear(2, 2), torch.ones(1, 2)).save(to / "script.pt")
np.savez(to / "arrays.npz", w=np.ones(2))



def logits(net):
    return net(x).detach().numpy().astype(float).tolist()


short = nn.Sequential(*net.features[:3], nn.AdaptiveAvgPool2d(1), nn.Flatten(), net.fc)
wrapped = nn.Sequential(nn.Conv2d(3, 8, 3, bias=False), nn.BatchNorm2d(8), nn.ReLU(), nn.Conv2d(8, 8, 3, bias=False), nn.BatchNorm2d(8), nn.ReLU(),
                        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 10, bias=False)).eval()
wrapped.load_state_dict({k.removeprefix("net."): v for k, v in torch.load(to / "wrapped.pth").items()})
versions = {"torch": torch.__version__, "numpy": np.__version__, "safetensors": safetensors.__version__}
(here / "cases.json").write_text(json.dumps({"versions": versions, "logits": logits(net), "short": logits(short), "wrapped": logits(wrapped)}, indent=1) + "\n")
print(versions)
