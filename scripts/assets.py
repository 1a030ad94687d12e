"""Copy the listed front-end files from node_modules and cut the icon sprite; nothing third-party is committed."""

import re
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "guanxi" / "web" / "static" / "vendor"
FOR_TESTS = ROOT / ".cache" / "axe"
ICON_NAMES = ROOT / "guanxi" / "web" / "icons.txt"
ICONS = MODULES / "@tabler" / "icons" / "icons" / "outline"

SERVED = [
    "htmx.org/dist/htmx.min.js",
    "echarts/dist/echarts.common.min.js",
    "sortablejs/Sortable.min.js",
]
TESTED_WITH = ["axe-core/axe.min.js"]

BLANK = '<path stroke="none" d="M0 0h24v24H0z" fill="none" />'
STROKE = 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'


def icon_names(text: str) -> list[str]:
    """Return the names of the list, one a line; blank lines and # lines are skipped."""
    lines = (line.strip() for line in text.splitlines())
    return sorted({line for line in lines if line and not line.startswith("#")})


def symbol(name: str, svg: str) -> str:
    """Turn one Tabler outline icon into a sprite symbol."""
    shapes = re.sub(r"\s+", " ", svg[svg.index(">") + 1 : svg.rindex("</svg>")].replace(BLANK, ""))
    shapes = re.sub(r" ?/> ?", "/>", shapes).strip()
    return f'<symbol id="{name}" viewBox="0 0 24 24" {STROKE}>{shapes}</symbol>'


def sprite(names: Iterable[str], folder: Path) -> str:
    """Return the sprite of the named icons; raise KeyError with every name that the folder does not have."""
    names = list(names)
    missing = [name for name in names if not (folder / f"{name}.svg").is_file()]
    if missing:
        raise KeyError(", ".join(missing))
    symbols = (symbol(name, (folder / f"{name}.svg").read_text("utf-8")) for name in names)
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def copy(files: Iterable[str], folder: Path) -> None:
    """Copy files of node_modules into a folder, leaving their source-map lines out (the maps are not served)."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in files:
        text = (MODULES / file).read_text("utf-8")
        (folder / Path(file).name).write_text(re.sub(r"\n//# sourceMappingURL=\S+\s*$", "\n", text), "utf-8")


def main() -> int:
    """Build the git-ignored folders; say in one sentence what is missing."""
    try:
        copy(SERVED, VENDOR)
        copy(TESTED_WITH, FOR_TESTS)
        (VENDOR / "sprite.svg").write_text(sprite(icon_names(ICON_NAMES.read_text("utf-8")), ICONS), "utf-8")
    except KeyError as error:
        print(f"guanxi/web/icons.txt names icons that Tabler does not have: {error.args[0]}", file=sys.stderr)
        return 1
    except FileNotFoundError as error:
        print(f"{error.filename} is missing: run `npm ci --ignore-scripts` first.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
