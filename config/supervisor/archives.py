"""The file of a backup: a tar of the dump, the checkpoints and a manifest that names them all.

The manifest comes first and says what the file is, before anything of it is believed; the digest of
every other member is in it.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from config.console import Trouble

MANIFEST = "manifest.json"
DUMP = "database.dump"
CHECKPOINTS = "checkpoints"
SECRETS = "secrets"
SCHEMA = 1
_CHUNK = 1024 * 1024
_LARGEST_MANIFEST = 16 * 1024 * 1024


def pack(file: Path, members: Mapping[str, Path], facts: Mapping[str, Any]) -> None:
    """Write a backup that only its owner reads; it appears when it is whole.

    Raises:
        Trouble: it cannot be written.
    """
    digests = {
        name: {"sha256": _digest(path), "bytes": path.stat().st_size}
        for name, path in sorted(members.items())
    }
    manifest = {"schema": SCHEMA, **facts, "files": digests}
    half = file.with_name(f".{file.name}.half")
    try:
        half.unlink(missing_ok=True)
        descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as raw, tarfile.open(fileobj=raw, mode="w") as tar:
            _add(tar, MANIFEST, json.dumps(manifest, indent=1, sort_keys=True).encode())
            for name, path in sorted(members.items()):
                tar.add(path, name, recursive=False)
            raw.flush()
            os.fsync(raw.fileno())
        half.replace(file)
    except OSError as error:
        half.unlink(missing_ok=True)
        raise Trouble(
            f"{file} cannot be written: {error.strerror}.", "Name another place with FILE=."
        ) from error


def read_manifest(file: Path) -> dict[str, Any]:
    """Return what a backup says of itself.

    Raises:
        Trouble: it is no backup of this product, or of a later form.
    """
    with _opened(file) as tar:
        first = tar.next()
        if first is None or first.name != MANIFEST or first.size > _LARGEST_MANIFEST:
            raise _no_backup(file)
        try:
            found: Any = json.loads(_stream(tar, first).read())
        except ValueError:
            raise _no_backup(file) from None
    if not isinstance(found, dict) or not isinstance(found.get("files"), dict):
        raise _no_backup(file)
    if found.get("schema") != SCHEMA:
        raise Trouble(
            f"{file} is a backup of form {found.get('schema')}; this Interlock reads {SCHEMA}.",
            "Restore it with the release that made it, or a later one.",
        )
    return found


def unpack(file: Path, manifest: Mapping[str, Any], folder: Path) -> None:
    """Write every member that the manifest names into a folder, and check each digest.

    Raises:
        Trouble: a member is missing, was changed, or is not in the manifest.
    """
    wanted = dict(manifest["files"])
    with _opened(file) as tar:
        for member in tar:
            if member.name == MANIFEST:
                continue
            named = wanted.pop(member.name, None)
            if named is None or not member.isfile() or not _is_inside(member.name):
                raise _damaged(file, member.name, "is not in the manifest")
            target = folder / member.name
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("wb") as out:
                _copy(_stream(tar, member), out)
            if _digest(target) != named.get("sha256"):
                raise _damaged(file, member.name, "is not as it was written")
    for name in wanted:
        raise _damaged(file, name, "is missing")


@contextmanager
def _opened(file: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(file, mode="r:") as tar:
            yield tar
    except (tarfile.TarError, EOFError):
        raise _no_backup(file) from None
    except OSError as error:
        raise Trouble(
            f"{file} cannot be read: {error.strerror}.", "Name the backup with FILE=path."
        ) from error


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(content), 0o600
    tar.addfile(member, io.BytesIO(content))


def _stream(tar: tarfile.TarFile, member: tarfile.TarInfo) -> Any:
    return tar.extractfile(member) or io.BytesIO()


def _copy(source: Any, target: BinaryIO) -> None:
    while chunk := source.read(_CHUNK):
        target.write(chunk)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_inside(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return not name.startswith("/") and ".." not in parts


def _no_backup(file: Path) -> Trouble:
    return Trouble(f"{file} is no backup of Interlock.", "Name one that `make backup` has written.")


def _damaged(file: Path, name: str, how: str) -> Trouble:
    return Trouble(f"{file} is damaged: {name} {how}.", "Nothing was changed. Take another backup.")
