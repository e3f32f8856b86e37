"""The installed wheel works without the repository: rules, templates and migrations are inside."""

import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.commands import SEEDS, Home
from tests.web import serve

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment with the wheel; its dependencies are those of the running one."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder / "venv")], check=True)
    python = folder / "venv" / "bin" / "python"
    (wheel,) = folder.glob("*.whl")
    pip = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(python),
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
    ]
    subprocess.run([*pip, str(wheel)], check=True, capture_output=True)
    (packages,) = (folder / "venv" / "lib").glob("python*/site-packages")
    dependencies = sysconfig.get_path("purelib")  # a path file brings the packages, not their own path files
    (packages / "dependencies.pth").write_text(f"{dependencies}\n", encoding="utf-8")
    return python.with_name("rasid")


def test_the_wheel_crawls_judges_stores_and_writes_a_digest(installed: Path, tmp_path: Path) -> None:
    home = Home(tmp_path, {"PYTHONPATH": ""}, (str(installed),))
    with serve() as web:
        home.configure(f'{SEEDS}[crawl]\nroute = "{web.url}"\ndelay = 0\n')
        crawled = home.rasid("crawl", "eocr", "--json")
    (report,) = crawled.json
    assert report["relevant"] > 0
    written = home.rasid("digest", "--last", "7d", "--language", "ar", "--out", "digest")
    assert written.exit_code == 0
    assert {path.suffix for path in (tmp_path / "digest").iterdir()} == {".eml", ".html", ".txt"}


def test_the_wheel_runs_from_its_own_files(installed: Path, tmp_path: Path) -> None:
    code = "import crawler, reports, scheduler, storage; print(crawler.__file__)"
    done = subprocess.run(
        [installed.with_name("python"), "-I", "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith(str(installed.parents[1]))
