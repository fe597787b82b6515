"""What `make test` says on a machine that lacks something"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = (
    "Chromium is missing, so the browser tests were not run; get it with: sudo apt-get install chromium"
)
NODE = (
    "Node.js is missing, so the tests of the verifier in JavaScript were not run; "
    "get it with: sudo apt-get install nodejs"
)


def test_a_machine_without_chromium_node_or_root_is_told_in_a_line_each_how_to_get_it(tmp_path):
    """The tests go on without those that need them; the lines come again at the end."""
    said = on_a_poor_machine(tmp_path)
    assert said.returncode == 0
    assert said.stdout.splitlines() == [CHROMIUM, NODE]
    assert on_a_poor_machine(tmp_path, "--last-word").stdout == said.stdout
    assert on_a_poor_machine(tmp_path, "--select").stdout == "not browser and not node\n"


def test_nothing_is_left_out_where_nothing_is_missing(tmp_path):
    for command in ("chromium", "node"):
        (tmp_path / command).touch(mode=0o755)
    assert on_a_poor_machine(tmp_path, CI="1").returncode == 0
    assert on_a_poor_machine(tmp_path, "--select").stdout == "\n"


def test_on_ci_nothing_may_be_left_out(tmp_path):
    assert on_a_poor_machine(tmp_path, CI="1").returncode == 1


def on_a_poor_machine(folder, *arguments, **environment):
    """Run tests/machine.py where nothing is to be found on the path."""
    return subprocess.run(
        [sys.executable, ROOT / "tests" / "machine.py", *arguments],
        env={"PATH": str(folder), **environment},
        capture_output=True,
        text=True,
        check=False,
        cwd=os.fspath(ROOT),
    )
