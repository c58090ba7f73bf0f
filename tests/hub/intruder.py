"""What one student of a class tries on another, each of which must be refused."""
import os
import pathlib
import pickle
import pwd
import socket

import requests

import memory


def all_pairs(students, hub):
    """Each student tries the next one's things; gives the number of tries."""
    tries = 0
    for student, victim in zip(students, students[1:] + students[:1]):
        tries += on_machine(student, victim) + on_hub(student, victim, hub)
    return tries


def on_machine(student, victim):
    """As a program of the student's on the same machine."""
    home = pathlib.Path("/home") / victim.name
    sockets = list((home / ".local/share/jupyter/runtime").glob("kernel-*-ipc-*"))
    connections = list((home / ".local/share/jupyter/runtime").glob("kernel-*.json"))
    temporary = [at for at in pathlib.Path("/tmp").iterdir() if at.stat().st_uid == victim.uid]
    running = list(memory.processes(victim.uid))
    assert sockets and connections and temporary and len(running) > 1, f"{victim.name} has no kernel to be reached"
    tries = {f"read the home of {victim.name}": lambda: os.listdir(home)}
    for file in [*connections, home / "work/convlab/en/1.1-convolution.ipynb"]:
        tries[f"read {file}"] = file.read_bytes
    for folder in temporary:
        tries[f"read {folder}"] = lambda folder=folder: os.listdir(folder) if folder.is_dir() else folder.read_bytes()
    for file in sockets:
        tries[f"connect to {file}"] = lambda file=file: socket.socket(socket.AF_UNIX).connect(str(file))
    for process in running:
        tries[f"read the environment of {process}"] = pathlib.Path(f"/proc/{process}/environ").read_bytes
        tries[f"read the memory of {process}"] = pathlib.Path(f"/proc/{process}/mem").read_bytes
        tries[f"interrupt {process}"] = lambda process=process: os.kill(process, 2)
    tries["write to the course"] = lambda: pathlib.Path("/opt/convlab/src/cnnlib/new.go").write_text("")
    tries["write to the shared cache"] = lambda: pathlib.Path("/opt/convlab/go/build/new").write_text("")
    tries["read the hub's database"] = pathlib.Path("/var/lib/jupyterhub/jupyterhub.sqlite").read_bytes
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        group = pwd.getpwuid(student.uid).pw_gid
        os.setgroups(os.getgrouplist(student.name, group))  # that of all students among them
        os.setgid(group)
        os.setuid(student.uid)
        did = []
        for what, attempt in tries.items():
            try:
                attempt()
                did.append(what)
            except (PermissionError, ProcessLookupError):
                pass
            except Exception as error:  # refused, but not for want of a permission: it tells nothing
                did.append(f"{what}: {error!r}")
        os.write(writing, pickle.dumps(did[:20]))
        os._exit(0)
    os.close(writing)
    did = pickle.loads(os.fdopen(reading, "rb").read())
    os.waitpid(child, 0)
    assert not did, f"{student.name} could {', '.join(did)}"
    return len(tries)


def on_hub(student, victim, hub):
    """Through the hub: with a page's cookies, with a token, with the token of the own server, without any."""
    token = student.ask("POST", f"/hub/api/users/{student.name}/tokens", json={}).json()["token"]
    own = next(word[len(b"JUPYTERHUB_API_TOKEN="):].decode() for process in memory.processes(student.uid)
               for word in pathlib.Path(f"/proc/{process}/environ").read_bytes().split(b"\0") if word.startswith(b"JUPYTERHUB_API_TOKEN="))
    server = f"/user/{victim.name}"
    tries = 0
    for path in (f"{server}/api/contents/", f"{server}/api/kernels", f"{server}/api/kernels/{victim.kernel}", f"{server}/lab",
                 f"/hub/api/users/{victim.name}", f"/hub/api/users/{victim.name}/tokens", "/hub/api/users"):
        answers = {"cookies": student.ask("GET", path)}
        for how, bearer in (("a token", token), ("the own server's token", own), ("no token", "")):
            answers[how] = requests.get(hub + path, headers={"Authorization": f"token {bearer}"} if bearer else {}, timeout=60)
        for how, answer in answers.items():
            tries += 1
            refused = answer.status_code in (403, 404) or answer.url.startswith(f"{hub}/hub/login")
            assert refused, f"{student.name} gets {path} of {victim.name} with {how}: {answer.status_code} at {answer.url}"
    answer = student.ask("POST", f"{server}/api/kernels", json={"name": "gonb"})
    assert answer.status_code in (403, 404, 405), f"{student.name} could start a kernel of {victim.name}: {answer.status_code}"
    return tries + 1
