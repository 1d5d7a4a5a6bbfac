"""What a job needs reaches another process, however large it is, and leaves nothing behind."""

import subprocess
import sys
from pathlib import Path

from services.signing.handing_over import handed_over, taken_over

LARGE = b"%PDF" + bytes(8_000_000)


def test_another_process_reads_more_than_a_pipe_holds() -> None:
    code = "import sys; from services.signing.handing_over import taken_over; print(len(taken_over(sys.argv[1])[0]))"
    with handed_over((LARGE,)) as path:
        done = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True, check=True)
    assert int(done.stdout) == len(LARGE)


def test_nothing_is_left_afterwards() -> None:
    with handed_over(("secret", 7)) as path:
        assert taken_over(path) == ("secret", 7)
    assert not Path(path).exists() or Path(path).readlink() != Path("/memfd:todoke-press (deleted)")
