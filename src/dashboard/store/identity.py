"""Identity of a build: a hash of everything that decides its content (design.md section 6)."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

import duckdb

PACKAGE = Path(__file__).parents[1]
# The packages that decide what a snapshot holds, their code included; figures and pages do not.
DECIDING = ("extracts", "marts", "model", "quality", "rules", "store", "studies")
RULE_SUFFIXES = {".py", ".sql", ".toml", ".yaml"}


def _files(folder: Path, *, suffixes: set[str] | None = None) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file()
        and not any(part.startswith(".") or part == "__pycache__" for part in path.relative_to(folder).parts)
        and (suffixes is None or path.suffix in suffixes)
    )


def _digest(parts: Iterable[tuple[str, Path]]) -> str:
    digest = hashlib.sha256()
    for name, path in parts:
        with path.open("rb") as handle:
            content = hashlib.file_digest(handle, "sha256").hexdigest()
        digest.update(f"{name}\0{content}\n".encode())
    return digest.hexdigest()


def rules_hash(*, reference: Path) -> str:
    """Hash of the code and rules that decide a snapshot, the reference data and the DuckDB version."""
    own = [
        (f"rule/{path.relative_to(PACKAGE)}", path)
        for package in DECIDING
        for path in _files(PACKAGE / package, suffixes=RULE_SUFFIXES)
    ]
    own += [(f"reference/{path.relative_to(reference)}", path) for path in _files(reference)]
    return hashlib.sha256(f"{_digest(own)}\0duckdb {duckdb.__version__}".encode()).hexdigest()


def files_hash(extract_folder: Path) -> str:
    """Hash of the names and bytes of the source files of an extract, its mapping among them."""
    return _digest(_extract_parts(extract_folder))


def _extract_parts(extract_folder: Path) -> list[tuple[str, Path]]:
    return [(f"extract/{path.relative_to(extract_folder)}", path) for path in _files(extract_folder)]


def build_hash(*, definition_files: Iterable[Path], extract_folder: Path, reference: Path) -> str:
    """Hash of one build's inputs: the same inputs give the same hash on every machine."""
    definitions = sorted(definition_files)
    base = definitions[0].parent if definitions else extract_folder
    parts = [(f"definition/{path.name}", path) for path in definitions if path.parent == base]
    parts += [
        (f"definition/{path.parent.name}/{path.name}", path) for path in definitions if path.parent != base
    ]
    parts += _extract_parts(extract_folder)
    return hashlib.sha256(f"{_digest(parts)}\0{rules_hash(reference=reference)}".encode()).hexdigest()
