"""JupyterLab for the course: this machine only, with a token, on the checkout."""
import pathlib

c = get_config()  # noqa: F821, given by Jupyter
c.ServerApp.ip = "127.0.0.1"
c.ServerApp.allow_root = True  # in a container there may be nobody else; it stays on this machine
c.ServerApp.root_dir = str(pathlib.Path(__file__).resolve().parent.parent.parent)  # the notebooks link to the library files
c.LabApp.default_url = "/lab/tree/notebooks/index.md"
# No question about news and no look for updates: nothing is fetched.
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.LabApp.news_url = None
