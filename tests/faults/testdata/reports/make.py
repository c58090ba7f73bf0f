"""Makes the weights that PyTorch's users have: a network under a prefix as
safetensors and .pth, as a Lightning checkpoint and as an averaged model, and
prints its logits. Made with PyTorch 2.15 and safetensors 0.8.
"""
import numpy as np
import safetensors.torch
import torch
from torch import nn

torch.manual_seed(0)


class Wrapped(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(3, 8, 3, bias=False), nn.BatchNorm2d(8), nn.ReLU(),
            nn.Conv2d(8, 8, 3, bias=False), nn.BatchNorm2d(8), nn.ReLU(),
            nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 10, bias=False))

    def forward(self, x):
        return self.net(x)


m = Wrapped()
x = torch.rand(64, 3, 32, 32)
m.train()
opt = torch.optim.Adam(m.parameters(), 0.05)
for _ in range(20):
    opt.zero_grad()
    loss = nn.functional.cross_entropy(m(x * 3 - 1), torch.arange(64) % 10)
    loss.backward()
    opt.step()
m.eval()
pixels = (np.arange(32 * 32 * 3) * 37 % 256).astype(np.uint8).reshape(1, 32, 32, 3)
y = m(torch.from_numpy(pixels.astype(np.float32) / 255).permute(0, 3, 1, 2))
print(" ".join(f"{v:.4f}" for v in y.flatten().tolist()))
torch.save(m.state_dict(), "wrapped.pth")
safetensors.torch.save_file(m.state_dict(), "wrapped.safetensors")
score = loss.detach()
torch.save({
    "epoch": 1, "global_step": 20, "pytorch-lightning_version": "2.6.0", "state_dict": m.state_dict(), "loops": {}, "lr_schedulers": [],
    "callbacks": {"ModelCheckpoint{'monitor': 'loss', 'mode': 'min'}": {
        "monitor": "loss", "best_model_score": score, "best_k_models": {"epoch=1.ckpt": score}, "kth_value": score}},
    "optimizer_states": [opt.state_dict()],
}, "lightning.ckpt")
averaged = torch.optim.swa_utils.AveragedModel(m)
torch.save(averaged.state_dict(), "averaged.pth")
