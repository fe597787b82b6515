"""Holds the modules on which a trial's integrity rests to full coverage, branches included."""

import json
import subprocess
import sys
from pathlib import Path

WHOLE = [
    "randomization/",
    "trial/permissions.py",
    "trial/unblinded.py",
    "trial/vault.py",
    "trial/append_only.py",
    "trial/signing.py",
    "trial/services/act.py",
    "trial/services/allocation.py",
    "trial/services/ceremony.py",
    "trial/services/checkpoint.py",
    "trial/services/emergency.py",
    "trial/services/gap.py",
    "trial/services/ledger.py",
    "trial/services/reveal.py",
    "trial/services/snapshot.py",
    "trial/services/verification.py",
    "trial/selectors/dataset.py",
]


def main() -> int:
    report = Path("var/coverage.json")
    report.parent.mkdir(exist_ok=True)
    subprocess.run([sys.executable, "-m", "coverage", "json", "-q", "-o", str(report)], check=True)
    files = json.loads(report.read_text())["files"]
    short = [
        f"{name}: {data['summary']['percent_covered']:.1f} %, lines {data['missing_lines']}, "
        f"branches {data.get('missing_branches', [])}"
        for name, data in sorted(files.items())
        if any(name.startswith(prefix) for prefix in WHOLE) and data["summary"]["percent_covered"] < 100
    ]
    print("\n".join(short) or "Allocation, ledger, permissions and export: every line and branch is tested.")
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
