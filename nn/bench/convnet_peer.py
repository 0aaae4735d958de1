"""ConvNetJS in Node as a peer of the benchmark: one child process, asked line by line."""

import json
import os
import shutil
import subprocess
from pathlib import Path

from nn.bench.workloads import Workload

VARIABLE = "BRIGHTWIRE_CONVNETJS"
SCRIPT = Path(__file__).with_name("convnet_peer.js")


class ConvNetJS:
    """A running peer. ``folder`` holds ``node_modules/convnetjs``."""

    def __init__(self, folder: Path) -> None:
        node = shutil.which("node")
        if node is None:
            raise FileNotFoundError("Node is not installed")
        if not (folder / "node_modules" / "convnetjs").is_dir():
            raise FileNotFoundError(f"{folder} holds no node_modules/convnetjs")
        self._process = subprocess.Popen(
            [node, str(SCRIPT), str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def measure(self, workload: Workload, count: int) -> float:
        """Run ``count`` examples of a workload; return microseconds for each."""
        request = {
            "name": workload.line,
            "preset": workload.preset,
            "method": workload.optimizer,
            "batch": workload.gather if workload.gather > 1 else workload.batch,
            "predict": workload.predict,
            "count": count,
        }
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError(f"ConvNetJS ended with code {self._process.wait()}")
        return float(json.loads(answer)["us"])

    def close(self) -> None:
        """End the child process."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


def find(folder: Path | None) -> tuple[ConvNetJS | None, str]:
    """Return the peer, or None and the reason why it is missing."""
    named = folder or os.environ.get(VARIABLE)
    if not named:
        return None, (
            f"ConvNetJS is missing: run 'npm install convnetjs' in a folder and name that folder "
            f"with --convnetjs or {VARIABLE}"
        )
    try:
        return ConvNetJS(Path(named)), ""
    except OSError as error:
        return None, f"ConvNetJS is missing: {error}"
