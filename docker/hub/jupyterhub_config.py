"""JupyterHub for a class on one Linux server; README.md says how it is set up.

Users are the machine's own, with the homes that they have there. The course lies
in /opt/convlab, belongs to root, and is read by all.
"""
import os
import pwd
import sys

c = get_config()  # noqa: F821, given by JupyterHub
course = "/opt/convlab/src"

# A web server with a certificate stands in front of this address.
c.JupyterHub.bind_url = "http://127.0.0.1:8000"
# JupyterHub's own pages, with more contrast and for the keyboard.
c.JupyterHub.template_paths = [f"{course}/docker/hub/templates"]
# Passwords are the machine's (PAM). README.md has Moodle (LTI) and OAuth instead.
c.JupyterHub.authenticator_class = "pam"
c.Authenticator.allowed_groups = {"students", "teachers"}
c.Authenticator.admin_groups = {"teachers"}
# An administrator starts and ends servers, and enters none of them.
c.JupyterHub.load_roles = [
    {"name": "idle-culler", "services": ["idle-culler"], "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"]},
]
# A server that nobody used for half an hour ends, with its kernels; files stay.
c.JupyterHub.services = [
    {"name": "idle-culler", "command": [sys.executable, "-m", "jupyterhub_idle_culler", "--timeout=1800"]},
]
# The hub may be updated while students work.
c.JupyterHub.cleanup_servers = False
c.JupyterHub.db_url = "sqlite:////var/lib/jupyterhub/jupyterhub.sqlite"
c.JupyterHub.cookie_secret_file = "/var/lib/jupyterhub/cookie_secret"

# systemd holds each student to these, all of his processes together: training in
# lesson 3.5 takes 2 GB at its peak.
c.JupyterHub.spawner_class = "systemd"
c.Spawner.mem_limit = "3G"
c.Spawner.cpu_limit = 2
c.SystemdSpawner.isolate_tmp = True
c.SystemdSpawner.disable_user_sudo = True
c.SystemdSpawner.unit_extra_properties = {"TasksMax": "500"}

c.Spawner.cmd = [f"{course}/docker/start", f"{course}/.lab/venv/bin/jupyterhub-singleuser"]
c.Spawner.default_url = "/lab/tree/index.md"
c.Spawner.start_timeout = 120
c.Spawner.http_timeout = 120
c.Spawner.environment = {
    "CONVLAB_LAB": f"{course}/.lab",
    "CONVLAB_RUNS": lambda spawner: os.path.join(home(spawner), "work", "runs"),
    "GOCACHEPROG": "convcache /opt/convlab/go/build",
    "GOMODCACHE": "/opt/convlab/go/mod",
    "GOMLX_NO_AUTO_INSTALL": "1",
    "GOTOOLCHAIN": "local",
    "JUPYTER_CONFIG_PATH": f"{course}/docker/jupyter",
    "JUPYTER_PATH": f"{course}/.lab/venv/share/jupyter",
    "PATH": f"{course}/.lab/venv/bin:{course}/.lab/bin:/usr/local/go/bin:/usr/local/bin:/usr/bin:/bin",
}


def home(spawner):
    """The home folder of a spawner's user."""
    return pwd.getpwnam(spawner.user.name).pw_dir


def close_home(spawner):
    """Debian makes homes that every user may read: students must not."""
    os.chmod(home(spawner), 0o700)


c.Spawner.pre_spawn_hook = close_home
