"""`python -m tests.benchmarks word`: times on this machine, printed and kept as JSON; never asserted."""

import json
import os
import sys
from pathlib import Path

from tests.benchmarks import bulk, field_workbook, hostile, pages, word

BENCHMARKS = {
    "bulk": bulk.run,
    "field-workbook": field_workbook.run,
    "hostile": hostile.run,
    "pages": pages.run,
    "word": word.run,
}


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown or not names:
        sys.stdout.write(f"Benchmarks: {', '.join(BENCHMARKS)}. Asked for: {', '.join(unknown) or 'none'}.\n")
        return 2
    folder = Path(os.environ.get("CONSULTANCY_HOME", "var")) / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        results = BENCHMARKS[name]()
        (folder / f"{name}.json").write_text(json.dumps(results, indent=1))
        sys.stdout.write(f"Kept in {folder / name}.json\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
