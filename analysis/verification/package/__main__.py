"""``make package``: the archive to deposit, once nothing keeps it back."""

import argparse
import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path

from analysis import __version__
from analysis.files import write_all
from analysis.messages import LANGUAGES, Text, UserError, users_language
from analysis.paths import ROOT, relative
from analysis.verification.package.archive import archive
from analysis.verification.preflight.__main__ import tell
from analysis.verification.preflight.run import checked

ABOUT = Text("write the archive to deposit: dist/jieli-VERSION.zip", "生成可提交的数据包")
HELD_BACK = Text(
    "Nothing was packed: the errors above would come back from an editor.",
    "未生成数据包：以上错误会被编辑部退回。",
)
PACKED = Text(
    "Packed: {file} ({size:.1f} MB, sha256 {digest}).\nTo check it: unzip it in an empty folder, "
    "then sha256sum -c manifest-sha256.txt, make reproduce, make verify.",
    "已生成：{file}（{size:.1f} MB，sha256 {digest}）。\n检验方法：在空目录中解压，依次运行 "
    "sha256sum -c manifest-sha256.txt、make reproduce、make verify。",
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the pre-flight and, where it finds no error, write the archive and its checksum."""
    parser = argparse.ArgumentParser(prog="make package", description=ABOUT.en)
    name = f"jieli-{__version__}"
    parser.add_argument("--out", type=Path, default=ROOT / "dist" / f"{name}.zip",
                        help=f"the archive (dist/{name}.zip)")  # fmt: skip
    parser.add_argument("--lang", choices=LANGUAGES, default=users_language(), help="en / zh")
    options = parser.parse_args(arguments)
    try:
        if tell(checked(ROOT), options.lang):
            print(HELD_BACK.in_language(options.lang), file=sys.stderr)
            return 1
        print(_packed(options.out, name, options.lang))
    except UserError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _packed(place: Path, name: str, language: str) -> str:
    content = archive(ROOT, name)
    digest = hashlib.sha256(content).hexdigest()
    checksum = place.with_name(f"{place.name}.sha256")
    write_all({place: content, checksum: f"{digest}  {place.name}\n".encode()})
    return PACKED.in_language(language).format(
        file=relative(place), size=len(content) / 1e6, digest=digest
    )


if __name__ == "__main__":
    raise SystemExit(main())
