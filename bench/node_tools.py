"""Programs of the npm registry, installed once into the user's cache."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Mapping, Sequence
from pathlib import Path

_CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "autoleads-bench"


async def installed(package: str, version: str) -> Path:
    """The package's folder."""
    folder = _CACHE / f"{package}-{version}"
    found = folder / "node_modules" / package
    if not (folder / "done").exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text('{"private": true}')
        await output(["npm", "install", "--no-audit", "--no-fund", f"{package}@{version}"], cwd=folder, timeout_s=300)
        (folder / "done").touch()
    return found


async def output(
    command: Sequence[str], *, timeout_s: float, cwd: Path | None = None, environ: Mapping[str, str] | None = None
) -> bytes:
    """What the program printed. Raises RuntimeError when it fails; whatever it started ends with it."""
    process = await asyncio.create_subprocess_exec(
        *command, cwd=cwd, env={**os.environ, **(environ or {})}, start_new_session=True,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        async with asyncio.timeout(timeout_s):
            out, err = await process.communicate()
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    if process.returncode:
        raise RuntimeError(f"{command[0]} ended with {process.returncode}: {err.decode(errors='replace')[-2000:]}")
    return out
