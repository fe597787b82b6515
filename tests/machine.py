"""What this machine lacks for the full test run: gets it where it may, and says what is left out.

Run before the tests it installs Debian's Chromium and Node.js if it can; `--select` prints pytest's -m
expression; `--last-word` repeats in one line each what could not be run. On CI nothing may be left out.
"""

import os
import shutil
import subprocess
import sys
from typing import NamedTuple


class Program(NamedTuple):
    """A program that some tests need: their mark, what it is called, its names on the path, its package."""

    mark: str
    name: str
    commands: tuple[str, ...]
    package: str
    tests: str

    def is_here(self) -> bool:
        return any(shutil.which(command) for command in self.commands)

    def how(self) -> str:
        return (
            f"{self.name} is missing, so {self.tests} were not run; "
            f"get it with: sudo apt-get install {self.package}"
        )


PROGRAMS = (
    Program("browser", "Chromium", ("chromium", "chromium-browser"), "chromium", "the browser tests"),
    Program("node", "Node.js", ("node",), "nodejs", "the tests of the verifier in JavaScript"),
)


def missing() -> list[Program]:
    return [program for program in PROGRAMS if not program.is_here()]


def install(programs: list[Program]) -> None:
    """Get them with apt, where that is allowed."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return
    print(f"Installing {' and '.join(program.name for program in programs)} for the tests ...", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    packages = [program.package for program in programs]
    for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", *packages]):
        subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)


def main(arguments: list[str]) -> int:
    if "--select" in arguments:
        print(" and ".join(f"not {program.mark}" for program in missing()))
        return 0
    if missing() and "--last-word" not in arguments:
        install(missing())
    for program in missing():
        print(program.how(), flush=True)
    return 1 if missing() and os.environ.get("CI") else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
