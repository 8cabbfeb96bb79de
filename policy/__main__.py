"""Where the engine starts the pack, inside of this folder, whatever the folder is called."""

import gc
import importlib.util
import sys
from pathlib import Path

_HERE = Path(__file__).resolve().parent


def _as_package() -> None:
    """Make this folder importable as the package `policy`, wherever it was copied to."""
    name = "policy"
    if name in sys.modules:
        return
    spec = importlib.util.spec_from_file_location(
        name, _HERE / "__init__.py", submodule_search_locations=[str(_HERE)]
    )
    if spec is None or spec.loader is None:
        raise ImportError(f"{_HERE} is no package")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)


if __name__ == "__main__":
    # The engine's working directory holds modules of ours that other packages have too.
    sys.path[:] = [entry for entry in sys.path if Path(entry or ".").resolve() != _HERE]
    _as_package()
    from policy.analyzer import serve
    from policy.controls import catalogue

    controls = catalogue()
    # All that is loaded stays to the end; the collector need not walk over it again and again.
    gc.freeze()
    serve(controls)
