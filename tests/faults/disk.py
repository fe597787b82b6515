"""A disk that is full at the right moment, and is made larger later.

It is a file system in memory. Where mounting is not allowed, the server's processes may write no file beyond
a length instead, which SQLite meets in the same way; PostgreSQL cannot be shown a full disk then.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

LARGE = 512 * 2**20  # bytes
LENGTH = 2**20  # of a file, where the limit stands in for the disk


@contextmanager
def mounted() -> Iterator[Path | None]:
    """A folder on a disk of its own, or None where nothing may be mounted."""
    folder = Path(tempfile.mkdtemp(prefix="disk-"))
    mount = ["mount", "-t", "tmpfs", "-o", f"size={LARGE},mode=0755", "tmpfs", str(folder)]
    try:
        may = os.geteuid() == 0 and subprocess.run(mount, check=False, capture_output=True).returncode == 0
    except FileNotFoundError:
        may = False
    try:
        yield folder if may else None
    finally:
        if may:
            subprocess.run(["umount", "-l", str(folder)], check=True)
        folder.rmdir()


def fill(folder: str, server: int, spare: int) -> None:
    """Leave so many bytes on the disk, or the limit's on the processes of this server."""
    if folder:
        _resize(folder, shutil.disk_usage(folder).used + spare)
    else:
        _limit(server, LENGTH)


def enlarge(folder: str, server: int) -> None:
    """Let there be room again."""
    if folder:
        _resize(folder, LARGE)
    else:
        _limit(server, resource.RLIM_INFINITY)


def _resize(folder: str, size: int) -> None:
    subprocess.run(["mount", "-o", f"remount,size={size}", folder], check=True)


def _limit(server: int, length: int) -> None:
    master = psutil.Process(server)
    for process in [master, *master.children()]:
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (length, resource.RLIM_INFINITY))
