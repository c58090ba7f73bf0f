"""Asks the GoNB kernel what JupyterLab asks on Tab and Shift-Tab: completion
and inspection of a name of cnnlib. Exit 1 when gopls does not answer."""
import sys

from jupyter_client.manager import start_new_kernel

SETUP = 'import (\n\t"fmt"\n\n\t"convlab/cnnlib/nets"\n)\n\n%%\nfmt.Println(len(nets.LeNet()))'
CELL = "%%\nnet := nets.LeNet()\nfmt.Println(len(net))"

manager, client = start_new_kernel(kernel_name="gonb")
try:
    client.execute_interactive("%noautoget", timeout=120)
    reply = client.execute_interactive(SETUP, timeout=120, output_hook=lambda message: None)
    assert reply["content"]["status"] == "ok", reply
    part = "%%\nnet := nets.LeN"
    matches = client.complete(part, len(part), reply=True, timeout=60)["content"]["matches"]
    print("completion:", matches)
    assert any("LeNet" in match for match in matches), "no completion of nets.LeN"
    inside = CELL.index("LeNet") + 2
    told = client.inspect(CELL, inside, reply=True, timeout=60)["content"]
    text = "".join(told.get("data", {}).values())
    print("inspection:", text[:200])
    assert told.get("found") and "Sequential" in text, "no inspection of nets.LeNet"
finally:
    client.stop_channels()
    manager.shutdown_kernel()
sys.exit(0)
