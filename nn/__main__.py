"""``python -m nn``: the engine's command line."""

import os

# One BLAS thread is the fastest at these sizes; it must be said before numpy is imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

if __name__ == "__main__":
    from nn.cli import main

    raise SystemExit(main())
