"""Runs one cell through the kernel gonb and prints what the cell prints. Exit
code 0: it ran. Arguments: the folder in which the kernel spec has to be."""
import os
import signal
import sys

from jupyter_client.kernelspec import get_kernel_spec
from jupyter_client.manager import KernelManager

CELLS = ["%noautoget", """import (
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
manager = KernelManager(kernel_name="gonb")
client = None
stopped = False
out, status = "", "ok"


def stop(*_):
    """Ends this program once; a second signal does not cut the end of the kernel short."""
    global stopped
    stopped = True
    for kind in signal.SIGINT, signal.SIGTERM:
        signal.signal(kind, signal.SIG_IGN)
    sys.exit(1)


def hear(message):
    global out
    content = message["content"]
    out += content.get("text", "") or "\n".join(content.get("traceback", []))


for kind in signal.SIGINT, signal.SIGTERM:
    signal.signal(kind, stop)
try:
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    for cell in CELLS:
        reply = client.execute_interactive(cell, timeout=150, output_hook=hear)
        status = reply["content"]["status"]
finally:
    if client:
        client.stop_channels()
    manager.shutdown_kernel(now=stopped)
print(out)
sys.exit(status != "ok" or "the cell's logits: 10 on" not in out)
