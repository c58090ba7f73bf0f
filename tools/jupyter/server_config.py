"""JupyterLab for the course: this machine only, with a token, on the checkout."""
import pathlib

from jupyter_server.services.kernels.kernelmanager import MappingKernelManager

c = get_config()  # noqa: F821, given by Jupyter
c.ServerApp.ip = "127.0.0.1"
c.ServerApp.allow_root = True  # in a container there may be nobody else; it stays on this machine
c.ServerApp.root_dir = str(pathlib.Path(__file__).resolve().parent.parent.parent)  # the notebooks link to the library files
c.LabApp.default_url = "/lab/tree/notebooks/index.md"
# No question about news and no look for updates: nothing is fetched.
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.LabApp.news_url = None
# JupyterLab leaves busy and idle out of account where these requests caused them.
# Before the first cell runs, GoNB tells its state at no other request than
# kernel_info, with which every page begins: while that is on the list, the page
# shows the state of a fresh kernel as unknown.
c.MappingKernelManager.untracked_message_types = [
    kind for kind in MappingKernelManager.untracked_message_types.default() if not kind.startswith("kernel_info_")
]
# Pictures as wide as the notebook at most: custom/custom.css.
c.LabApp.custom_css = True
c.ServerApp.tornado_settings = {"static_custom_path": [str(pathlib.Path(__file__).resolve().parent / "custom")]}
