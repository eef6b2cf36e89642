"""Knows the places in which two computers can write the same drafts: synchronised folders and network drives."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable
from pathlib import Path

# How the folder of a service is called, in lower case: exactly, or as the beginning of its name.
_NAMES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("Dropbox", re.compile(r"dropbox( \(.*\))?|dropbox-.*")),
    ("OneDrive", re.compile(r"onedrive( ?- ?.*)?|onedrive-.*")),
    ("iCloud Drive", re.compile(r"icloud ?drive|mobile documents|com~apple~clouddocs")),
    ("Google Drive", re.compile(r"google ?drive( \(.*\))?|googledrive-.*")),
    ("Nextcloud", re.compile(r"nextcloud\d*")),
    ("ownCloud", re.compile(r"owncloud\d*( .*)?")),
    ("Box", re.compile(r"box sync|box-box")),
    ("Syncthing", re.compile(r"syncthing")),
    ("Proton Drive", re.compile(r"proton ?drive|protondrive-.*")),
    ("pCloud", re.compile(r"pcloud ?drive|pcloud ?sync")),
    ("Seafile", re.compile(r"seafile")),
    ("MEGA", re.compile(r"megasync|mega sync.*")),
)
# "box" in lower case may be any folder.
_EXACT = {"Box": "Box", "MEGA": "MEGA"}
# What a service leaves in the folder that it synchronises. `.dropbox` is a file there; a folder of that name in the
# home folder is something else.
_FOLDERS = {
    ".stfolder": "Syncthing",
    ".dropbox.cache": "Dropbox",
    ".tmp.drivedownload": "Google Drive",
}
_FILES = {
    ".dropbox": "Dropbox",
    ".stignore": "Syncthing",
    ".owncloudsync.log": "ownCloud",
    ".nextcloudsync.log": "Nextcloud",
    ".sync_exclude.lst": "Nextcloud",
    ".sync/ID": "Resilio Sync",
}
_DATABASE = re.compile(r"\._?sync_[0-9a-f]+\.db")

_NETWORK = frozenset(
    {
        *("nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "9p", "davfs", "ceph", "lustre"),
        *("fuse.sshfs", "fuse.rclone", "fuse.davfs", "fuse.davfs2", "fuse.glusterfs", "fuse.s3fs"),
        *("fuse.gvfsd-fuse", "fuse.cifs", "fuse.smbnetfs", "fuse.curlftpfs", "fuse.ceph"),
        *("fuse.google-drive-ocamlfuse", "fuse.onedriver", "fuse.juicefs", "glusterfs", "gfs2"),
    }
)
_MOUNTS = Path("/proc/self/mountinfo")
_REMOTE = 4  # GetDriveTypeW: DRIVE_REMOTE

_SAYS = (
    "The cases are {}: use them on one computer at a time, or keep them on this computer (TRIAGE_HOME) and only their"
    " backups there."
)


def warning(folder: Path) -> str:
    """Return one sentence if other computers can reach the drafts of `folder` where they are; else nothing."""
    if service := synchronised_by(folder):
        return _SAYS.format(f"in a folder that {service} synchronises")
    if network_drive(folder):
        return _SAYS.format("on a network drive")
    return ""


def synchronised_by(folder: Path) -> str:
    """Return the name of the service that synchronises `folder`, empty if none is seen."""
    for place in dict.fromkeys(_upwards(folder.absolute()) + _upwards(folder.resolve())):
        if found := _named(place.name) or _marked(place):
            return found
    return ""


def _upwards(folder: Path) -> list[Path]:
    return [folder, *folder.parents]


def _named(name: str) -> str:
    lower = name.lower()
    return _EXACT.get(name) or next((one for one, says in _NAMES if says.fullmatch(lower)), "")


def _marked(place: Path) -> str:
    # `os.path` says no where it must not look; a path object raises.
    for name, service in _FOLDERS.items():
        if os.path.isdir(place / name):  # noqa: PTH112
            return service
    for name, service in _FILES.items():
        if os.path.isfile(place / name):  # noqa: PTH113
            return service
    try:
        names = os.listdir(place)  # noqa: PTH208
    except OSError:
        return ""
    return "Nextcloud or ownCloud" if any(map(_DATABASE.fullmatch, names)) else ""


def network_drive(folder: Path, mounts: Iterable[str] | None = None) -> bool:
    """Whether `folder` is on a network drive, where that can be told: on Linux and Windows, not on macOS.

    Parameters
    ----------
    mounts
        The lines of ``/proc/self/mountinfo``; read if left out.
    """
    if sys.platform == "win32":
        import ctypes

        root = folder.resolve().anchor
        return root.startswith("\\\\") or ctypes.windll.kernel32.GetDriveTypeW(root) == _REMOTE
    if mounts is None:
        try:
            mounts = _MOUNTS.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
        except OSError:
            return False
    return _file_system(folder.resolve(), mounts) in _NETWORK


def _file_system(folder: Path, mounts: Iterable[str]) -> str:
    """Return the type of the file system that `folder` is in: that of the longest, latest mount above it."""
    kind, longest = "", -1
    for line in mounts:
        head, _, tail = line.partition(" - ")
        words, kinds = head.split(), tail.split()
        if len(words) < 5 or not kinds:
            continue
        place = Path(re.sub(r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), words[4]))
        if len(place.parts) >= longest and folder.is_relative_to(place):
            kind, longest = kinds[0], len(place.parts)
    return kind
