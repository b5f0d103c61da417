"""A PostgreSQL server of the tests' own: Debian's, started on a free port in a temporary folder."""

import fcntl
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.required import leave_out

DEBIAN_FOLDER = Path("/usr/lib/postgresql")
INSTALL_SECONDS = 240
MEMORY = Path("/dev/shm")
ROOM_BYTES = 2 * 1024**3
# The server refuses to run as root; the package makes this user.
SERVER_USER = "postgres"
INSTALL = (
    ["apt-get", "update", "-qq"],
    ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "postgresql"],
)


def programs() -> Path | None:
    """The folder with initdb and pg_ctl, of the newest version there is."""
    found = [path.parent for path in DEBIAN_FOLDER.glob("*/bin/initdb")]
    if found:
        return max(found, key=lambda folder: float(folder.parent.name))
    elsewhere = shutil.which("initdb")
    return Path(elsewhere).parent if elsewhere else None


def install() -> str:
    """Install the server as root by apt; what went wrong, or nothing."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return "no initdb here, and only root with apt-get could install it"
    # Runlevel 1: the package's own server is not started, ours is enough.
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    # Tests run in several processes: one installs, the others wait and find it done.
    with (Path(tempfile.gettempdir()) / "install-postgresql.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if programs():
            return ""
        for command in INSTALL:
            done = subprocess.run(
                command, env=environment, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False
            )
            if done.returncode:
                return f"{' '.join(command)}: {done.stderr.strip()[-300:]}"
    return ""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def quick_folder() -> Path | None:
    """Memory where there is enough of it: thousands of small files are made and removed. None = as usual.

    Not pytest's folder: that one is closed to every other user.
    """
    has_room = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM_BYTES
    return MEMORY if has_room and os.access(MEMORY, os.W_OK) else None


@contextmanager
def server() -> Iterator[str]:
    """The address of a server that lives as long as the block, without a database name at its end."""
    problem = "" if programs() else install()
    folder_of_programs = programs()
    if folder_of_programs is None:
        leave_out(f"NOT RUN on PostgreSQL: {problem} (Debian: apt-get install postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="dashboard-postgres-", dir=quick_folder()))
    as_user = []
    if os.geteuid() == 0:
        as_user = ["runuser", "-u", SERVER_USER, "--"]
        shutil.chown(folder, SERVER_USER)
    port = free_port()
    options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder} -c fsync=off"
    control = [*as_user, str(folder_of_programs / "pg_ctl"), "--pgdata", str(folder / "data")]
    initdb = [*as_user, str(folder_of_programs / "initdb"), "--pgdata", str(folder / "data")]
    try:
        run(
            [*initdb, "--username", SERVER_USER, "--auth", "trust", "--encoding", "UTF8", "--no-sync"],
            folder=folder,
        )
        run([*control, "--wait", "--log", str(folder / "log"), "--options", options, "start"], folder=folder)
        try:
            yield f"postgresql+psycopg://{SERVER_USER}@127.0.0.1:{port}"
        finally:
            run([*control, "--mode", "immediate", "stop"], folder=folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run(command: list[str], *, folder: Path) -> None:
    # Output into a file: the server would inherit a pipe and keep it open.
    with (folder / "commands.log").open("a", encoding="utf-8") as log:
        done = subprocess.run(command, cwd=folder, stdout=log, stderr=log, check=False)
    if done.returncode:
        said = (folder / "commands.log").read_text(encoding="utf-8")
        pytest.fail(f"{' '.join(command)} ended with {done.returncode}: {said[-2000:]}", pytrace=False)
