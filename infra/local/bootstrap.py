"""Prepares a bare machine: Debian packages and the Python environment.  Standard library only; for the system's Python.

    python3 infra/local/bootstrap.py [--dev]

What is there already is left as it is; the second run takes well under a second.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
ENVIRONMENT = REPOSITORY / ".venv"
SOURCES = (REPOSITORY / "services", REPOSITORY / "infra")
POLICY = Path("/usr/sbin/policy-rc.d")
NO_STARTS = "#!/bin/sh\n# todoke: servers are not started by their installation\nexit 101\n"
STILL_BUSY_SECONDS = 15

# Debian package: a file that shows it is there
SERVERS = {
    "rabbitmq-server": "/usr/lib/rabbitmq/bin/rabbitmq-server",
    "postgresql": "/usr/lib/postgresql/*/bin/postgres",
    "softhsm2": "/usr/bin/softhsm2-util",
    "fonts-noto-cjk": "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc",
    "fonts-ipamj-mincho": "/usr/share/fonts/truetype/ipamj/ipamjm.ttf",
}
COMMAND = """#!{python}
import sys

sys.path.insert(0, {repository!r})
from infra.console.__main__ import app

app()
"""
FOR_TESTS = {
    "chromium": "/usr/bin/chromium",
    "poppler-utils": "/usr/bin/pdfsig",
    "libnss3-tools": "/usr/bin/certutil",
    "zbar-tools": "/usr/bin/zbarimg",
    "openjdk-17-jdk-headless": "/usr/bin/javac",
    "maven": "/usr/bin/mvn",
}


class CannotPrepareError(Exception):
    """This machine lacks something that we cannot get; the message says what and how."""


def main() -> int:
    """Prepare; the exit code."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--dev", action="store_true", help="also what lint and tests need")
    arguments = parser.parse_args()
    try:
        prepare(arguments.dev)
    except CannotPrepareError as error:
        print(f"todoke: {error}", file=sys.stderr)
        return 1
    return 0


def prepare(dev: bool) -> None:
    """Packages and Python side by side, for neither needs the other once venv works.  Raises CannotPrepareError."""
    packages = missing_packages({**SERVERS, **(FOR_TESTS if dev else {})})
    locks = [REPOSITORY / "requirements" / name for name in (("runtime.txt", "dev.txt") if dev else ("runtime.txt",))]
    python = find_python()
    if not has_venv(python):
        install([f"python{version_of(python)}-venv"])
    with ThreadPoolExecutor(max_workers=2) as pool:
        jobs = []
        if packages:
            jobs.append(pool.submit(timed, f"Debian packages {', '.join(packages)}", lambda: install(packages)))
        if not is_current(locks):
            jobs.append(pool.submit(timed, "Python packages", lambda: make_environment(python, locks)))
        for job in jobs:
            job.result()
    write_command()


def timed(what: str, act: Callable[[], None]) -> None:
    """Say what is done, that it goes on, and how long it took."""
    begun = time.monotonic()
    over = threading.Event()
    threading.Thread(target=_say_now_and_then, args=(what, begun, over), daemon=True).start()
    print(f"  installing {what} …", flush=True)
    try:
        act()
    finally:
        over.set()
    print(f"  installed {what} in {time.monotonic() - begun:.0f} s", flush=True)


def missing_packages(wanted: dict[str, str]) -> list[str]:
    """Debian packages whose file is not there."""
    return [name for name, path in wanted.items() if not any(Path("/").glob(path.lstrip("/")))]


def install(packages: list[str]) -> None:
    """With apt, as root; no server is started by its installation.  Raises CannotPrepareError."""
    command = f"apt-get install --no-install-recommends {' '.join(packages)}"
    if not shutil.which("apt-get"):
        raise CannotPrepareError(f"missing, and this is no Debian: {', '.join(packages)}")
    if os.getuid() != 0:
        raise CannotPrepareError(f"missing: {', '.join(packages)}. As root: {command}")
    with starts_denied():
        if not apt("install", *packages):
            apt("update")
            if not apt("install", *packages):
                raise CannotPrepareError(f"cannot install {', '.join(packages)}; see {log_file('apt')}")


@contextmanager
def starts_denied() -> Iterator[None]:
    """Inside, policy-rc.d says no; afterwards it is as it was, or gone."""
    before = (POLICY.read_bytes(), POLICY.stat().st_mode) if POLICY.exists() else None
    POLICY.write_text(NO_STARTS)
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        if before is None:
            POLICY.unlink(missing_ok=True)
        else:
            POLICY.write_bytes(before[0])
            POLICY.chmod(before[1])


def apt(verb: str, *packages: str) -> bool:
    """One apt-get call, its output kept in a log.  Waits for another apt's lock."""
    options = ["-y", "-q", "-o", "DPkg::Lock::Timeout=120", "-o", "Acquire::Retries=3"]
    if verb == "install":
        options.append("--no-install-recommends")
    return call(["apt-get", verb, *options, *packages], "apt", DEBIAN_FRONTEND="noninteractive")


def find_python() -> str:
    """A Python 3.11 to make the environment with.  Raises CannotPrepareError."""
    for candidate in (sys.executable, "python3.11", "/usr/bin/python3.11", "python3"):
        path = shutil.which(candidate)
        if path and version_of(path) == "3.11":
            return path
    raise CannotPrepareError("Python 3.11 is missing: apt-get install python3.11 (Debian 12), or pyenv install 3.11")


def version_of(python: str) -> str:
    """For example ``3.11``."""
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    return subprocess.run([python, "-c", code], capture_output=True, text=True, check=False).stdout.strip()


def has_venv(python: str) -> bool:
    """Debian's Python comes without ensurepip."""
    if (ENVIRONMENT / "bin" / "pip").exists():
        return True
    return subprocess.run([python, "-c", "import ensurepip, venv"], capture_output=True, check=False).returncode == 0


def is_current(locks: list[Path]) -> bool:
    """Whether the environment was made from these locks."""
    with suppress(FileNotFoundError):
        stamps = (ENVIRONMENT / "locks").read_text().split()
        return (ENVIRONMENT / "bin" / "python").exists() and all(digest(lock) in stamps for lock in locks)
    return False


def make_environment(python: str, locks: list[Path]) -> None:
    """The virtual environment, with exactly what the locks name.  Raises CannotPrepareError."""
    if not (ENVIRONMENT / "bin" / "pip").exists() and not call(
        [python, "-m", "venv", "--clear", str(ENVIRONMENT)], "pip"
    ):
        raise CannotPrepareError(f"cannot make {ENVIRONMENT}; see {log_file('pip')}")
    named = [argument for lock in locks for argument in ("-r", str(lock))]
    pip = [str(ENVIRONMENT / "bin" / "python"), "-m", "pip", "install", "--require-hashes", "--no-deps", *named]
    if not call([*pip, "--disable-pip-version-check", "--no-input", "--progress-bar", "off"], "pip"):
        raise CannotPrepareError(f"cannot install the Python packages; see {log_file('pip')}")
    # A first start would have each of twenty processes compile the same files.
    call([str(ENVIRONMENT / "bin" / "python"), "-m", "compileall", "-q", *map(str, SOURCES)], "pip")
    (ENVIRONMENT / "locks").write_text("\n".join(digest(lock) for lock in locks))


def write_command() -> None:
    """``.venv/bin/todoke``."""
    path = ENVIRONMENT / "bin" / "todoke"
    text = COMMAND.format(python=ENVIRONMENT / "bin" / "python", repository=str(REPOSITORY))
    if not path.exists() or path.read_text() != text:
        path.write_text(text)
        path.chmod(0o755)


def digest(lock: Path) -> str:
    """What identifies a lock file."""
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def call(command: list[str], log: str, **environment: str) -> bool:
    """Run a command without input, its output appended to a log; whether it succeeded."""
    with log_file(log).open("ab") as output:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env={**os.environ, **environment},
            check=False,
        )
    return done.returncode == 0


def log_file(name: str) -> Path:
    """Where a tool's output goes."""
    folder = REPOSITORY / "var" / "log"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{name}.log"


def _say_now_and_then(what: str, begun: float, over: threading.Event) -> None:
    while not over.wait(STILL_BUSY_SECONDS):
        print(f"  … still installing {what} ({time.monotonic() - begun:.0f} s)", flush=True)


if __name__ == "__main__":
    sys.exit(main())
