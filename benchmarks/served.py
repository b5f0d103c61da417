"""The dashboard with the CPU time of its queries counted: `python -m benchmarks.served PORT FILE`.

FILE holds the sum in milliseconds as eight bytes. It is mapped into memory, so that counting costs nothing
that would be taken for work of the page.
"""

import mmap
import struct
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from streamlit.web import bootstrap

from benchmarks.measure import ROOT
from dashboard.store.reader import Reader

SUM = struct.Struct("d")


def query_ms(path: Path) -> float:
    """CPU milliseconds of all queries so far."""
    found: float = SUM.unpack(path.read_bytes())[0]
    return found


def _count_queries(path: Path) -> None:
    total = [0.0]
    path.write_bytes(SUM.pack(0.0))
    with path.open("r+b") as file:
        shared = mmap.mmap(file.fileno(), SUM.size)

    def counted(read: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*arguments: Any) -> Any:
            # CPU of the whole process: the engine works in threads of its own.
            began = time.process_time()
            try:
                return read(*arguments)
            finally:
                total[0] += (time.process_time() - began) * 1000
                SUM.pack_into(shared, 0, total[0])

        return timed

    for name in ("rows", "records"):
        setattr(Reader, name, counted(getattr(Reader, name)))


def main(port: int, path: Path) -> None:
    """Serve until ended."""
    _count_queries(path)
    options = {"server_port": port, "server_headless": True, "server_fileWatcherType": "none"}
    bootstrap.load_config_options(options)
    bootstrap.run(str(ROOT / "app.py"), False, [], options)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
