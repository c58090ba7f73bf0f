"""Two students of a class who train at the same time, in folders of the same name."""
import concurrent.futures
import hashlib
import pathlib
import time

# 80 epochs of network 3.1 on 1,000 photos, as a student writes it in a cell.
CELL = """
import (
	"convlab/cnnlib/nets"
	"convlab/cnnlib/train"
	"convlab/cnnlib/weights"
	"convlab/notebooks/lesson"
)

%%
images, _, err := lesson.Data().Train.Split(49000, 1)
lesson.OK(err)
m := lesson.Open(nets.LeNet())
lesson.Fit(m, images, train.Config{
	Epochs: 80, BatchSize: 50, LearningRate: 1e-3, Seed: 1,
	Loss: train.CrossEntropy{}, Optimizer: train.Adam{}, Dir: train.RunDir("FOLDER"),
})
lesson.OK(weights.Export(m, lesson.RunFile("FOLDER", "net.safetensors")))
"""


def run(student, folder):
    """Runs the cell and gives the hash of the weights; None if the training did not get to its end."""
    socket = student.connect()
    student.run(socket, CELL.replace("FOLDER", folder))
    socket.close()
    weights = at(student, folder) / "net.safetensors"
    return hashlib.sha256(weights.read_bytes()).hexdigest() if weights.exists() else None


def at(student, folder):
    return pathlib.Path("/home", student.name, "work/runs", folder)


def stop(student, other, folder):
    """Presses a student's stop button as soon as both have a checkpoint."""
    limit = time.monotonic() + 300
    while not all(list(at(each, folder).glob("*.ckpt")) for each in (student, other)):
        assert time.monotonic() < limit, f"{student.name} and {other.name} have no checkpoints after 5 minutes"
        time.sleep(0.02)
    answer = student.ask("POST", f"/user/{student.name}/api/kernels/{student.kernel}/interrupt")
    assert answer.ok, f"the kernel of {student.name} cannot be interrupted: {answer.status_code} {answer.text}"


def side_by_side(one, other):
    """Two students train at once, one of them stops and goes on: the weights of both
    are those of one who trained alone. Gives what was done, in words."""
    began = time.monotonic()
    alone = run(other, "alone")
    assert alone, f"the training of {other.name} alone did not end"
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        whole, part = pool.submit(run, other, "ours"), pool.submit(run, one, "ours")
        stop(one, other, "ours")
        assert part.result() is None, f"the training of {one.name} was over before it could be stopped"
        assert not whole.done(), f"{other.name} did not train any more when {one.name} was stopped"
        both = {other.name: whole.result(), one.name: run(one, "ours")}
    for name, weights in both.items():
        assert weights == alone, f"{name} trained beside another and got weights {weights}, alone they are {alone}"
    return f"2 students trained side by side, one stopped and went on: the weights are those of a training alone, to the bit ({time.monotonic() - began:.0f} s)"
