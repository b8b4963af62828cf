"""`make bench-peers`: bib-dedupe and ours on the same files in one run: `python -m bench.peers ITS_PYTHON FILE...`."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.deduplication import DISPUTED, Score, labelled, measured_alone, score, set_name


def theirs(python: Path, file: Path) -> tuple[Score, Score, float]:
    """bib-dedupe's score with all labels and without the disputed ones, and its seconds of processor time."""
    script = Path(__file__).with_name("peer_bibdedupe.py")
    ran = subprocess.run([str(python), str(script), str(file)], capture_output=True, text=True, check=False)
    if ran.returncode:
        raise SystemExit(f"bib-dedupe failed on {file}: {ran.stderr.strip().splitlines()[-1]}")
    told = json.loads(ran.stdout.splitlines()[-1])
    entries, by_key = labelled(file)
    truth = {entry.name: by_key[entry.record.key] for entry in entries}
    return score(truth, told["sets"]), score(truth, told["sets"], DISPUTED.get(set_name(file), ())), told["seconds"]


def main(python: Path, files: Sequence[Path]) -> None:
    table = Table("set", "tool", "precision / recall / F1", "with disputed labels", "records a second")
    for file in files:
        if not file.is_file():
            raise SystemExit(f"{file}: there is no such file. Name labelled sets, or put them where FEDSEARCH_SHARED says.")
        whole, fair, seconds = theirs(python, file)
        ours = measured_alone(file)
        name = f"{set_name(file)} ({ours.records:,})"
        table.add_row(name, "bib-dedupe 0.11.0", str(fair), str(whole), f"{ours.records / seconds:,.0f}")
        table.add_row("", "fedsearch", str(ours.undisputed), str(ours.all_labels), f"{ours.per_second:,.0f}", end_section=True)
    Console(width=None if sys.stdout.isatty() else 140).print(table)


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
