"""A Jupyter client for the tests in Go: it starts the kernel named gonb and
does what each line of its input says, in JSON; for each it prints a line.

{"do": "start"}                     -> {"pid": of the process that Jupyter started}
{"do": "attach", "code": FILE}      -> {} once the kernel of this connection file, which a server started, answers
{"do": "run", "code": C}            -> {"status": "ok" or "error", "out": what the cell printed}
{"do": "begin", "code": C}          -> {} once the cell has printed something
{"do": "finish"}                    -> the same as run, for the cell that was begun
{"do": "interrupt"}, {"do": "restart"}, {"do": "stop"}, {"do": "kill"} -> {}

After "kill" (SIGKILL, as the server does when a kernel does not end), as after
"stop", another may be started.
"""
import json
import sys
import time

from jupyter_client import BlockingKernelClient, find_connection_file
from jupyter_client.manager import start_new_kernel

LIMIT = 300  # seconds that anything may take
manager = client = begun = None


def collect(message_id, until_output=False):
    """What a cell prints until it is idle, and the status of its reply."""
    out = ""
    while True:
        message = client.get_iopub_msg(timeout=LIMIT)
        if message["parent_header"].get("msg_id") != message_id:
            continue
        content = message["content"]
        if message["msg_type"] == "stream":
            out += content["text"]
        elif message["msg_type"] == "error":
            out += "\n".join([content["ename"], content["evalue"], *content["traceback"]])
        elif message["msg_type"] == "status" and content["execution_state"] == "idle":
            break
        if until_output and out:
            return {}
    while True:
        reply = client.get_shell_msg(timeout=LIMIT)
        if reply["parent_header"].get("msg_id") == message_id:
            return {"status": reply["content"]["status"], "out": out}


for line in sys.stdin:
    order = json.loads(line)
    answer = {}
    try:
        match order["do"]:
            case "start":
                manager, client = start_new_kernel(kernel_name="gonb", startup_timeout=LIMIT)
                answer = {"pid": manager.provisioner.pid}
            case "attach":
                client = BlockingKernelClient(connection_file=find_connection_file(order["code"]))
                client.load_connection_file()
                client.start_channels()
                client.wait_for_ready(timeout=LIMIT)
            case "run":
                answer = collect(client.execute(order["code"]))
            case "begin":
                begun = client.execute(order["code"])
                answer = collect(begun, until_output=True)
            case "finish":
                answer = collect(begun)
            case "interrupt":
                manager.interrupt_kernel()
            case "restart":
                manager.restart_kernel()
                client.wait_for_ready(timeout=LIMIT)
                answer = {"pid": manager.provisioner.pid}
            case "stop":
                client.stop_channels()
                manager.shutdown_kernel()
            case "kill":
                client.stop_channels()
                manager.shutdown_kernel(now=True)
            case "dead":  # waits for the end of a kernel that was killed
                while manager.is_alive():
                    time.sleep(0.02)
                client.stop_channels()
                manager.cleanup_resources()
    except Exception as error:
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
