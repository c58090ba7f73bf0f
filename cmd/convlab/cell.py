"""Runs one cell through the kernel gonb and prints what the cell prints. Exit
code 0: it ran. Arguments: the folder in which the kernel spec has to be."""
import os
import sys

from jupyter_client.kernelspec import get_kernel_spec
from jupyter_client.manager import start_new_kernel

CELLS = ["%noautoget\n%goflags -ldflags=-w", """import (
	"fmt"

	"convlab/cnnlib"
	"convlab/cnnlib/nets"
)

%%
choice, err := cnnlib.OpenBackend()
if err != nil {
	panic(err)
}
m, err := cnnlib.New(choice.Backend, nets.LeNet(), nets.CIFARInput(), cnnlib.Options{Seed: 1})
if err != nil {
	panic(err)
}
logits, err := m.Predict(make([]uint8, 32*32*3), 1)
if err != nil {
	panic(err)
}
fmt.Println("the cell's logits:", len(logits[0]), "on", choice.Name)"""]

spec = os.path.realpath(get_kernel_spec("gonb").resource_dir)
if spec != os.path.realpath(sys.argv[1]):
    sys.exit(f"Jupyter takes the kernel gonb from {spec}")
manager, client = start_new_kernel(kernel_name="gonb", startup_timeout=60)
out, status = "", "ok"


def hear(message):
    global out
    content = message["content"]
    out += content.get("text", "") or "\n".join(content.get("traceback", []))


try:
    for cell in CELLS:
        reply = client.execute_interactive(cell, timeout=150, output_hook=hear)
        status = reply["content"]["status"]
finally:
    client.stop_channels()
    manager.shutdown_kernel()
print(out)
sys.exit(status != "ok" or "the cell's logits: 10 on" not in out)
