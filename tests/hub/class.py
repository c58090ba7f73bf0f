"""A class on one JupyterHub: python class.py USERS PROXY [PAGES ...]

Runs as root in the image, in namespaces of its own. Makes USERS users of the
machine, starts the hub of docker/hub with them, and lets all of them log in, open
lesson 1.1 and run its cells at once, as their pages do. Then each tries to reach
what is another's, two train at the same time, and work is handed over. PROXY is the folder with
configurable-http-proxy; PAGES a command that reads the hub's pages, which gets the
hub's address and name:password of a student who was not there yet and of a teacher.
"""
import concurrent.futures
import json
import os
import pathlib
import pwd
import secrets
import subprocess
import sys
import time
import uuid

import requests
import websocket

import handing
import intruder
import memory
import training

HUB = "http://127.0.0.1:8000"
NOTEBOOK = "en/1.1-convolution.ipynb"


class Student:
    """A user of the machine with a browser's cookies."""

    def __init__(self, name, group="students"):
        self.name, self.password = name, secrets.token_hex(8)
        subprocess.run(["useradd", "--create-home", "--shell", "/bin/bash", "--groups", group, name], check=True)
        subprocess.run(["chpasswd"], input=f"{name}:{self.password}", text=True, check=True)
        self.uid = pwd.getpwnam(name).pw_uid
        self.web, self.seconds = requests.Session(), {}

    def ask(self, method, path, **more):
        """A request as a page makes it, with the token that its cookies hold against forgery."""
        tokens = {cookie.path: cookie.value for cookie in self.web.cookies if cookie.name == "_xsrf"}
        fitting = max((at for at in tokens if path.startswith(at)), key=len, default=None)
        headers = {"X-XSRFToken": tokens[fitting], "Referer": HUB + path} if fitting else {}
        return self.web.request(method, HUB + path, headers=headers, timeout=600, **more)

    def attend(self):
        """Logs in, starts the server and runs the notebook."""
        began = time.monotonic()
        self.web.get(f"{HUB}/hub/login", timeout=600)
        forgery = next(cookie.value for cookie in self.web.cookies if cookie.name == "_xsrf")
        answer = self.web.post(f"{HUB}/hub/login", data={"username": self.name, "password": self.password, "_xsrf": forgery}, timeout=600)
        assert answer.ok and "/login" not in answer.url, f"{self.name} cannot log in: {answer.status_code} at {answer.url}\n{answer.text[-2000:]}"
        self.ask("GET", f"/hub/spawn/{self.name}")
        while not self.ask("GET", f"/user/{self.name}/lab/tree/{NOTEBOOK}").url.startswith(f"{HUB}/user/{self.name}/lab"):
            assert time.monotonic() - began < 900, f"the server of {self.name} does not start"
            time.sleep(1)
        self.seconds["page"] = time.monotonic() - began
        book = self.ask("GET", f"/user/{self.name}/api/contents/{NOTEBOOK}").json()["content"]
        cells = ["".join(cell["source"]) for cell in book["cells"] if cell["cell_type"] == "code"]
        session = self.ask("POST", f"/user/{self.name}/api/sessions", json={
            "path": NOTEBOOK, "type": "notebook", "name": NOTEBOOK, "kernel": {"name": "gonb"}})
        assert session.status_code == 201, f"{self.name} gets no kernel: {session.status_code} {session.text}"
        self.kernel = session.json()["kernel"]["id"]
        socket = self.connect()
        for cell in cells:
            self.run(socket, cell)
            self.seconds.setdefault("first cell", time.monotonic() - began - self.seconds["page"])
        socket.close()
        self.seconds["all"] = time.monotonic() - began
        return self

    def connect(self):
        """A connection to the student's kernel."""
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.web.cookies if cookie.path in ("/", f"/user/{self.name}/"))
        return websocket.create_connection(f"ws{HUB[4:]}/user/{self.name}/api/kernels/{self.kernel}/channels", cookie=cookies, timeout=900)

    def run(self, socket, cell):
        asked = uuid.uuid4().hex
        socket.send(json.dumps({
            "channel": "shell", "parent_header": {}, "metadata": {}, "buffers": [],
            "header": {"msg_id": asked, "msg_type": "execute_request", "username": self.name, "session": asked, "version": "5.3", "date": ""},
            "content": {"code": cell, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False, "stop_on_error": True}}))
        while True:
            message = json.loads(socket.recv())
            if message["parent_header"].get("msg_id") != asked:
                continue
            if message["msg_type"] == "error" or message["msg_type"] == "execute_reply" and message["content"]["status"] != "ok":
                raise AssertionError(f"{self.name}: the cell {cell!r} failed: {message['content']}")
            if message["msg_type"] == "execute_reply":
                return


def start(proxy):
    """The hub, with what differs here from the server that its file is for."""
    state = pathlib.Path("/var/lib/jupyterhub")
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    (state / "config.py").write_text(f"""
load_subconfig("/opt/convlab/src/docker/hub/jupyterhub_config.py")
c = get_config()
c.JupyterHub.spawner_class = "localprocess"  # there is no systemd in a container
c.JupyterHub.cleanup_servers = True
c.PAMAuthenticator.open_sessions = False
c.ConfigurableHTTPProxy.command = ["node", "{proxy}/node_modules/configurable-http-proxy/bin/configurable-http-proxy"]
""")
    log = open(state / "log", "w")
    hub = subprocess.Popen(["jupyterhub", "--config", state / "config.py"], cwd=state, stdout=log, stderr=log)
    for _ in range(600):
        try:
            requests.get(f"{HUB}/hub/health", timeout=1).raise_for_status()
            return hub
        except requests.RequestException:
            assert hub.poll() is None, "the hub ended"
            time.sleep(0.2)
    raise AssertionError("the hub does not answer after 2 minutes")


def main(users, proxy, pages):
    for group in ("students", "teachers"):
        subprocess.run(["groupadd", "--force", group], check=True)
    students = [Student(f"student{i + 1:02}") for i in range(users)]
    began = time.monotonic()
    hub = start(proxy)
    highest = memory.Highest([student.uid for student in students])
    try:
        with concurrent.futures.ThreadPoolExecutor(users) as pool:
            list(pool.map(Student.attend, students))
        wall, most = time.monotonic() - began, highest.end()
        each = sorted(memory.of_user(student.uid) for student in students)
        hub_takes = memory.of_user(0)
        tries = intruder.all_pairs(students, HUB)
        trained = training.side_by_side(*students[:2])
        handed = handing.over(students)
        if pages:
            visitors = [Student("newcomer"), Student("teacher", "teachers")]
            subprocess.run([*pages, HUB, *(f"{visitor.name}:{visitor.password}" for visitor in visitors)], check=True)
    finally:
        hub.terminate()
        hub.wait(120)
    for what in ("page", "first cell", "all"):
        seconds = sorted(student.seconds[what] for student in students)
        print(f"hub test: seconds to {what}: median {seconds[users // 2]:.0f}, last {seconds[-1]:.0f}")
    spent = sum(os.times()[2:4])  # of the hub and all that it started
    print(f"hub test: {users} students finished {NOTEBOOK} in {wall:.0f} s, {wall / users:.1f} s each; "
          f"processor time {spent / users:.0f} s each; load {os.getloadavg()[0]:.0f}")
    print(f"hub test: memory of a student with an open kernel: median {each[users // 2]:.0f} MB, largest {each[-1]:.0f} MB; "
          f"of all students while they worked at most {most:.0f} MB; of the hub, its proxy and this test {hub_takes:.0f} MB")
    print(f"hub test: {tries} tries to reach another's files, processes, kernel, server or token: all refused")
    print(f"hub test: {trained}")
    print(f"hub test: {handed}")


if __name__ == "__main__":
    try:
        main(int(sys.argv[1]), sys.argv[2], sys.argv[3:])
    except (AssertionError, subprocess.CalledProcessError) as error:
        print(f"hub test: {error}", file=sys.stderr)
        print("".join(open("/var/lib/jupyterhub/log").readlines()[-60:]), file=sys.stderr)
        sys.exit(1)
