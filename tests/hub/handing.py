"""Work of a class is collected and handed back by the commands of docker/hub/README.md."""
import pathlib
import re
import subprocess

README = pathlib.Path("/opt/convlab/src/docker/hub/README.md")
PART = "1.1-convolution.ipynb"
DATABASE = "/var/lib/jupyterhub/jupyterhub.sqlite"


def command(name):
    """Runs the commands that follow a name in the page."""
    block = re.search(rf"\*\*{name}\*\*.*?```sh\n(.*?)```", README.read_text(), re.DOTALL)[1]
    subprocess.run(["bash", "-c", block], check=True, stderr=subprocess.DEVNULL)


def over(students):
    """Collects lesson 1.1 of all students and hands a page back. One of them has a link
    to the hub's database in the lesson's place: nothing of it may be collected."""
    homes = {student.name: pathlib.Path("/home", student.name, "work/convlab") for student in students}
    cheat = students[-1].name
    (homes[cheat] / "en" / PART).unlink()
    (homes[cheat] / "en" / PART).symlink_to(DATABASE)
    command("Collect")
    collected = pathlib.Path("/srv/collected")
    assert not collected.stat().st_mode & 0o077, "others than root may read what was collected"
    for name, home in homes.items():
        file = collected / name / PART
        if name == cheat:
            assert not file.exists(), f"of {name}, who has a link there, {file} was collected"
            continue
        assert file.read_bytes() == (home / "en" / PART).read_bytes(), f"{file} is not the work of {name}"
    feedback = pathlib.Path("/srv/marks/feedback")
    feedback.mkdir(parents=True)
    for name in homes:
        (feedback / f"{name}.html").write_text(name)
    command("Hand back")
    for student in students:
        page = homes[student.name] / "feedback.html"
        assert page.read_text() == student.name and page.stat().st_uid == student.uid, f"{page} was not handed back"
    return f"work of {len(students) - 1} students collected and handed back, a link into the hub's database not followed"
