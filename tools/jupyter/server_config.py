"""JupyterLab for the course: this machine only, with a token, on the checkout."""
import hashlib
import os
import pathlib
import signal
import warnings

import jupyterlab_server.translation_utils
import jupyterlab_server.translations_handler
import nbformat

from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.base.handlers import TrailingSlashHandler
from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager
from jupyter_server.services.kernels.kernelmanager import MappingKernelManager
from jupyter_server.utils import JupyterServerAuthWarning
from tornado.web import HTTPError


COURSE = pathlib.Path(__file__).resolve().parent.parent.parent
# The notebooks of the course as they were written: build.py lists their hashes.
OWN = set((COURSE / "notebooks" / "SHA256SUMS").read_text().split()[::2])


class Inside(AsyncLargeFileManager):
    """Files of the served folder; links that lead out of it are not there."""

    def mark_trusted_cells(self, nb, path=""):
        """Trusts the course's own notebooks until they are changed, so that their pictures
        move and follow a dark page from the start; others, as Jupyter does, once they were run here."""
        if hashlib.sha256((nbformat.writes(nb) + "\n").encode()).hexdigest() in OWN:
            self.notary.mark_cells(nb, True)
        else:
            super().mark_trusted_cells(nb, path)

    def _get_os_path(self, path):
        found = super()._get_os_path(path)
        served, real = os.path.realpath(self.root_dir), os.path.realpath(found)
        if real != served and not real.startswith(os.path.join(served, "")):
            raise HTTPError(404, f"{path} is outside the served folder")
        return found


@allow_unauthenticated
def without_slash(handler, redirect=TrailingSlashHandler.get):
    """Jupyter sends /\\elsewhere.example/ to what browsers take for another site."""
    if "\\" in handler.request.path:
        raise HTTPError(404)
    redirect(handler)


TrailingSlashHandler.get = TrailingSlashHandler.post = TrailingSlashHandler.put = without_slash

c = get_config()  # noqa: F821, given by Jupyter
c.ServerApp.ip = "127.0.0.1"
c.ServerApp.allow_root = True  # in a container there may be nobody else; it stays on this machine
c.ServerApp.root_dir = str(COURSE)  # the notebooks link to the library files
c.ServerApp.answer_yes = True  # Ctrl-C ends the server and its kernels, without a question that a second Ctrl-C answers
# On Ctrl-C a kernel is interrupted and asked to end at once, then told by SIGTERM,
# then killed, in this time in seconds. What a cell still saves then, it may save:
# convkernel waits for it. Notebooks are saved by their pages.
c.KernelManager.shutdown_wait_time = 0.5
# Where there is no terminal, Jupyter would end on SIGINT and leave its kernels; in
# a terminal it puts its own handler in the place of this one.
signal.signal(signal.SIGINT, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
# `make lab` says which language: JupyterLab's own texts, and the page that it
# opens. Who chooses another in Settings → Language keeps that one.
chinese = os.environ.get("CONVLAB_LAB_LANG") == "zh"
for module in (jupyterlab_server.translation_utils, jupyterlab_server.translations_handler):
    module.SYS_LOCALE = "zh_CN" if chinese else "en"
c.LabApp.default_url = "/lab/tree/notebooks/index.zh.md" if chinese else "/lab/tree/notebooks/index.md"
# Routes of extensions do not answer without the token either; that some forgot
# to ask for it is then no news.
c.ServerApp.allow_unauthenticated_access = False
warnings.simplefilter("ignore", JupyterServerAuthWarning)
c.ServerApp.contents_manager_class = Inside
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
