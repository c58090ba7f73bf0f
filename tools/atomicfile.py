"""Writes files that are there whole or not at all, as internal/atomicfile does, and
under the same first names: each of the two removes what killed processes of
either were writing in a folder, and leaves those alone that live ones write.
"""
import contextlib
import os
import pathlib
import secrets
import shutil
import tempfile

try:
    import fcntl
except ImportError:  # not on Unix: nothing is held, and nothing is swept
    fcntl = None

PREFIX, SUFFIX = ".convlab-", ".tmp"


def write(path, text):
    """Writes text in place of what is at path; on an error that stays."""
    target = pathlib.Path(os.path.realpath(path))
    sweep(target.parent)
    first, file = create(target.parent, lambda name: os.open(name, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666))
    try:
        with open(file, "w", encoding="utf-8", newline="\n", closefd=False) as f:
            f.write(text)
        os.fsync(file)
        if target.exists():
            first.chmod(target.stat().st_mode & 0o777)
        first.replace(target)  # while it is held
    except OSError as error:
        first.unlink(missing_ok=True)
        raise OSError(error.errno, error.strerror, str(path)) from None
    finally:
        os.close(file)


@contextlib.contextmanager
def folder(parent):
    """A folder for temporary files, removed at the end, or by the next call
    where this process is killed."""
    parent = pathlib.Path(parent)
    parent.mkdir(parents=True, exist_ok=True)
    sweep(parent)

    def make(name):
        name.mkdir()
        return os.open(name, os.O_RDONLY)

    name, held = create(parent, make)
    try:
        yield str(name)
    finally:
        shutil.rmtree(name, ignore_errors=True)
        os.close(held)


def writable(parent):
    """Fails where nothing can be written, before work that takes long."""
    try:
        os.makedirs(parent, exist_ok=True)
        with tempfile.TemporaryFile(dir=parent) as f:
            f.write(b"convlab")
    except OSError as error:
        raise SystemExit(f"{parent} cannot be written to: {error.strerror}") from None


def create(parent, make):
    while True:
        name = parent / f"{PREFIX}{secrets.token_hex(8)}{SUFFIX}"
        held = make(name)
        if fcntl is None:
            return name, held
        with contextlib.suppress(OSError):
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:  # another process took it for abandoned
                os.close(held)
                continue
        if name.exists():
            return name, held
        os.close(held)


def sweep(parent):
    """Removes what nobody holds."""
    if fcntl is None:
        return
    for entry in os.scandir(parent):
        if not (entry.name.startswith(PREFIX) and entry.name.endswith(SUFFIX)):
            continue
        try:
            held = os.open(entry.path, os.O_RDONLY)
        except OSError:
            continue
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if entry.is_dir(follow_symlinks=False):
                shutil.rmtree(entry.path, ignore_errors=True)
            else:
                os.unlink(entry.path)
        except OSError:
            pass  # it is held, or another's
        finally:
            os.close(held)
