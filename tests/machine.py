"""What this machine lacks for the full test run: gets it where it may, and says what is left out.

Run before the tests it installs Debian's Chromium if it can; `--select` prints pytest's -m expression;
`--last-word` repeats in one line what could not be run. On CI nothing may be left out.
"""

import os
import shutil
import subprocess
import sys

CHROMIUM = next((path for name in ("chromium", "chromium-browser") if (path := shutil.which(name))), None)
HOW = "Chromium is missing, so the browser tests were not run; get it with: sudo apt-get install chromium"


def can_install() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install() -> bool:
    print("Installing Chromium for the browser tests ...", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium"]):
        done = subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)
    return done.returncode == 0


def main(arguments: list[str]) -> int:
    if "--select" in arguments:
        print("" if CHROMIUM else "not browser")
        return 0
    if CHROMIUM or ("--last-word" not in arguments and can_install() and install()):
        return 0
    print(HOW, flush=True)
    return 1 if os.environ.get("CI") else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
