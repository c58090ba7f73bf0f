"""JupyterLab for one student in a container or on a hub: what `make lab` has, on
the student's own copy of the course."""
import os

load_subconfig("/opt/convlab/src/tools/jupyter/server_config.py")  # noqa: F821, given by Jupyter
c = get_config()  # noqa: F821
c.ServerApp.root_dir = os.path.expanduser("~/work/convlab")
c.LabApp.default_url = c.LabApp.default_url.replace("/notebooks/", "/")
c.ServerApp.open_browser = False
# The container's own network; the hub says another address.
c.ServerApp.ip = "0.0.0.0"
# Files in place of ports of 127.0.0.1, where every user of the machine could
# listen to what another one's cells print.
c.KernelManager.transport = "ipc"
