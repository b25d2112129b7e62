"""The report's final model, built and trained in PyTorch, used by Tiddu; and Tiddu's, used by PyTorch.

    python report_model_pytorch.py DIGITS.npz [--epochs 3]

Needs torch, safetensors, numpy, tiddu's Python package, and the command tiddu on the PATH. DIGITS.npz is what
`tiddu data synthesize --into digits.npz` or `tiddu data convert` writes.
"""
import argparse
import subprocess
import tempfile

import numpy as np
import tiddu
import torch
from safetensors.torch import load_file, save_file
from torch import nn

arguments = argparse.ArgumentParser()
arguments.add_argument("digits")
arguments.add_argument("--epochs", type=int, default=3)
options = arguments.parse_args()
torch.manual_seed(1)

with np.load(options.digits) as file:
    clean = next(file[name] for name in file.files if file[name].ndim >= 3).reshape(-1, 28, 28)
distorted = tiddu.distort(clean, "report-multiple", seed=1)
inputs = torch.from_numpy(distorted.astype(np.float32) / 255)
targets = torch.from_numpy(clean.reshape(-1, 784).astype(np.float32) / 255)


def report_model():
    """Its modules are called as Tiddu calls its layers (`tiddu summary report-final`), so that no names are to be mapped."""
    model = nn.Sequential(nn.Flatten())
    sizes = [784, 512, 512, 256, 64, 784]
    for number, (before, after) in enumerate(zip(sizes, sizes[1:])):
        model.add_module("dense" if number == 0 else f"dense_{number}", nn.Linear(before, after))
        model.add_module(f"activation_{number}", nn.Sigmoid() if number == 4 else nn.ReLU())
    return model


@torch.no_grad()
def restored_by(model, images):
    return model(torch.from_numpy(images)).numpy().reshape(images.shape)


model = report_model()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
for epoch in range(options.epochs):
    losses = []
    for batch in torch.randperm(len(inputs)).split(32):
        optimizer.zero_grad()
        loss = nn.functional.binary_cross_entropy(model(inputs[batch]), targets[batch])
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    print(f"epoch {epoch + 1}: loss {np.mean(losses):.4f}")

seen = inputs[:1000].numpy()
with tempfile.TemporaryDirectory() as folder:
    # From PyTorch to Tiddu: a state dict does not say what network it is of, so that is named.
    save_file(model.state_dict(), f"{folder}/mine.safetensors")
    subprocess.run(["tiddu", "import", f"{folder}/mine.safetensors", "--model", "report-final",
                    "--into", f"{folder}/model.safetensors"], check=True)
    there = np.abs(tiddu.restore(seen, f"{folder}/model.safetensors") - restored_by(model, seen)).max()

    # From Tiddu to PyTorch: the model just imported, and the one that comes with Tiddu.
    back = []
    for name in (f"{folder}/model.safetensors", "report-final"):
        subprocess.run(["tiddu", "export", name, "--format", "pytorch", "--into", f"{folder}/back.safetensors"], check=True)
        other = report_model()
        other.load_state_dict(load_file(f"{folder}/back.safetensors"))
        back.append(np.abs(restored_by(other, seen) - tiddu.restore(seen, name)).max())
print(f"trained in PyTorch, restored by Tiddu: differs by {there:.1e} at most; back in PyTorch: {back[0]:.1e}; "
      f"report-final in PyTorch: {back[1]:.1e}")
assert max(there, *back) < 1e-5
