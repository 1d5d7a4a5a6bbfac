"""Where the figures come from: the machine, how busy it is, the versions, and the memory of each process."""

import os
import platform
import re
from pathlib import Path

from infra.console.versions import versions
from infra.local.system import System
from tests.bench.figures import Figures

PEAK = re.compile(r"VmHWM:\s+(\d+) kB")
KILOBYTES_PER_MEGABYTE = 1024


def machine(load_before: float) -> Figures:
    """Cores, memory, and the load of the last minute before and after."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "cores": os.cpu_count(),
        "memory_gb": round(memory / 2**30, 1),
        "load_before": round(load_before, 2),
        "load_after": round(os.getloadavg()[0], 2),
    }


def versions_of(system: System) -> Figures:
    """Of the servers, of Python and of the kernel."""
    return versions(system.layout) | {"python": platform.python_version(), "kernel": platform.release()}


def peaks(system: System) -> Figures:
    """By program: the highest resident memory (MB) of its largest process and how many processes it has.

    Shared pages count in each process that has touched them.
    """
    parents = {pid: parent_of(pid) for pid in pids()}
    found = {}
    for name, state in sorted(system.processes().items()):
        if state.pid:
            family = descendants(state.pid, parents)
            sizes = [size for pid in family if (size := peak_of(pid))]
            found[name] = {"peak_mb": max(sizes, default=0.0), "processes": len(sizes)}
    return found


def descendants(pid: int, parents: dict[int, int]) -> set[int]:
    """A process, its children, and theirs."""
    family = {pid}
    while more := {child for child, parent in parents.items() if parent in family} - family:
        family |= more
    return family


def pids() -> list[int]:
    """All that run."""
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]


def parent_of(pid: int) -> int:
    """0 for one that has ended."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
    except OSError:
        return 0


def peak_of(pid: int) -> float:
    """Its highest resident memory so far, in MB; 0 for one that has ended."""
    try:
        found = PEAK.search(Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return 0.0
    return round(int(found[1]) / KILOBYTES_PER_MEGABYTE, 1) if found else 0.0
