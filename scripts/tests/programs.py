"""The scripts, which have no suffix, as modules."""

import importlib.machinery
import importlib.util
import pathlib
import sys
from typing import Any

SCRIPTS = pathlib.Path(__file__).resolve().parent.parent


def load(name: str) -> Any:
    """What the script defines; it does not run."""
    sys.dont_write_bytecode = True
    loader = importlib.machinery.SourceFileLoader(name, str(SCRIPTS / name))
    spec = importlib.util.spec_from_loader(name, loader)
    assert spec
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    loader.exec_module(module)
    return module
