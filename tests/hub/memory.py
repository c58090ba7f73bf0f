"""Memory of users, in MB of 10^6 bytes."""
import pathlib
import re
import threading


def processes(uid):
    """The numbers of a user's processes."""
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            if process.stat().st_uid == uid:
                yield int(process.name)
        except OSError:
            pass  # it has ended


def of_user(uid):
    """What a user's processes take, of shared pages a share each (PSS)."""
    total = 0
    for process in processes(uid):
        try:
            total += int(re.search(r"Pss: +(\d+)", pathlib.Path(f"/proc/{process}/smaps_rollup").read_text())[1])
        except (OSError, TypeError):
            pass  # it has ended
    return total * 1024 / 1e6


class Highest:
    """The most that users' processes took together between its making and its end."""

    def __init__(self, uids):
        self._uids, self._most, self._ended = uids, 0, threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self):
        while not self._ended.wait(3):
            self._most = max(self._most, sum(map(of_user, self._uids)))

    def end(self):
        self._ended.set()
        self._thread.join()
        return self._most
