"""LibreOffice as a reader of our files, and as somebody else who saves them. What asks it carries the mark `office` or
`calc`: where it is not installed, those tests are skipped, and the run says so."""

import shutil
import subprocess
from pathlib import Path

PROGRAM = shutil.which("soffice") or shutil.which("libreoffice") or ""
WORD, SPREADSHEET = "docx:MS Word 2007 XML", "xlsx:Calc MS Excel 2007 XML"


def converted(folder: Path, kind: str, *sources: Path) -> Path:
    """The sources saved as `kind`; answers the folder in which they lie then. Its profile lies in `folder`."""
    out = folder / f"saved-{len(list(folder.glob('saved-*')))}"
    subprocess.run(  # noqa: S603
        [PROGRAM, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", kind, "--outdir", out,
         *sources],
        check=True, capture_output=True, timeout=240,
    )  # fmt: skip
    return out


def resaved(folder: Path, content: bytes, kind: str = WORD) -> bytes:
    """One file opened and saved by LibreOffice."""
    extension = kind.partition(":")[0]
    source = folder / f"opened.{'xlsx' if extension == 'xlsx' else 'docx'}"
    source.write_bytes(content)
    return (converted(folder, kind, source) / f"opened.{extension}").read_bytes()
