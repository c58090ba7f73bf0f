"""Runs the first two code cells of notebooks, as a student begins, and says how
long each took: python first_cell.py NOTEBOOK…

While an image is built this fills Go's build cache; in the finished image it
tells how long a student waits.
"""
import json
import pathlib
import sys
import time

import jupyter_client.manager

for name in sys.argv[1:]:
    book = json.loads(pathlib.Path(name).read_text(encoding="utf-8"))
    cells = ["".join(cell["source"]) for cell in book["cells"] if cell["cell_type"] == "code"]
    began = time.monotonic()
    kernel = jupyter_client.manager.KernelManager(kernel_name="gonb")
    kernel.start_kernel()
    client = kernel.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=120)
        seconds = [time.monotonic() - began]
        for cell in cells[:2]:
            began, said = time.monotonic(), []
            reply = client.execute_interactive(cell, timeout=600, output_hook=lambda message: said.append(message["content"]))
            seconds.append(time.monotonic() - began)
            if reply["content"]["status"] != "ok":
                sys.exit(f"{name}: the cell {cell!r} failed: {reply['content']}\n{said}")
    finally:
        client.stop_channels()
        kernel.shutdown_kernel(now=True)
    print(f"{pathlib.Path(name).stem}: kernel {seconds[0]:.1f} s, first cell {seconds[1]:.1f} s, second {seconds[2]:.1f} s")
