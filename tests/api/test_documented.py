"""The examples of docs/api.md run as they stand, against a running portal."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from grants.models import Answer
from tests.api.machines import Machine
from tests.factories import grants as cases

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(sh|python)\n(.*?)```", TEXT, re.DOTALL)
COMMANDS = {"sh": ["bash", "-euo", "pipefail", "-c"], "python": [sys.executable, "-c"]}


def test_the_examples_of_the_documentation_run(live_server: LiveServer, clock: Any) -> None:
    clock.set(cases.NOW)
    world = cases.world()
    case = cases.start(world)
    machine = Machine(world.users["lead_editor"])
    env = {
        "PATH": os.environ["PATH"],
        "TAMA_ORIGIN": live_server.url,
        "TAMA_TOKEN": machine.secret,
        "NO_PROXY": "*",
        "LANG": "C.UTF-8",
    }
    said = []
    for language, block in BLOCKS:
        run = subprocess.run(
            [*COMMANDS[language], block], env=env, capture_output=True, text=True, timeout=30, check=False
        )
        if run.returncode:
            pytest.fail(f"{block}\n{run.stdout}\n{run.stderr}", pytrace=False)
        said.append(run.stdout)
    assert {language for language, _ in BLOCKS} == {"sh", "python"} and all(said)
    assert "diverse-partners-grant" in said[0] and "多様な主体" in said[1]
    answer = Answer.objects.get(application=case, question__code="purpose")
    assert (answer.version, answer.value) == (
        1,
        "三市の駅を結ぶ周遊ルートをつくる。",
    )  # sent twice, saved once
