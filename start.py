#!/usr/bin/env python3
"""The door for every machine: python start.py VERB [ARGUMENTS].

Standard library only. Makes the environment .venv from requirements.lock when it is missing or
out of date, then runs the verb inside it. The Makefile calls this file, so both do the same.
"""

from __future__ import print_function

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.abspath(__file__))
ENVIRONMENT = os.path.join(ROOT, ".venv")
STAMP = os.path.join(ENVIRONMENT, "jieli-environment")
LOCK = os.path.join(ROOT, "requirements.lock")
PROJECT = os.path.join(ROOT, "pyproject.toml")
OLDEST = (3, 11)
# a line of the lock: a remark, a package with its version, or a hash of one of its files
LOCK_LINE = re.compile(
    r"\s*(#.*)?$|[\w.-]+(\[[\w,-]+\])?==[\w.!+-]+( ?;.*)? \\$|    --hash=sha256:[0-9a-f]{64}( \\)?$"
)

VERBS = [
    ("reproduce", "build everything from data/raw into reports/", "由原始数据重建全部结果"),
    ("figures", "build the figures", "生成图"),
    ("tables", "build the tables", "生成表"),
    ("report", "build the report: reports/index.html", "生成报告：reports/index.html"),
    ("claims", "check the article's statements and print the ledger", "核对文章的陈述"),
    (
        "benchmarks",
        "refit published tables to prove the estimators",
        "复算已发表的表以检验估计方法",
    ),
    ("status", "say what is out of date, and why", "列出过期的结果及原因"),
    ("verify", "rebuild in an empty tree and compare with reports/", "在空目录重建并与结果比较"),
    ("paper", "write a paper's tables and figures from a study file", "按研究文件生成论文表图"),
    ("surveys", "which survey files were found and what they give", "识别到的微观调查文件"),
    ("regions", "list, remove and report your own regions", "列出、移除、报告已加入的地区"),
    ("add-region", "add your region's file: FILE=path", "加入本地区数据文件：FILE=路径"),
    ("test", "run the tests (a few minutes)", "运行测试"),
    ("test-all", "run the tests, the slow ones too", "运行全部测试"),
    ("judge", "which estimators find a known truth (Monte Carlo)", "以模拟数据评判估计方法"),
    ("determinism", "build again under changed conditions and compare", "改变条件重建并比较"),
    ("preflight", "look for what editors scan a deposit for", "提交前检查"),
    ("faults", "kill builds, fill disks, spoil caches: what comes of it", "故障测试"),
    ("fuzz", "feed every reader of users' files with hostile input", "以恶意输入测试各读取程序"),
    ("package", "write the archive to deposit", "生成可提交的数据包"),
    ("bench", "time this package beside its peers", "与同类软件比较速度"),
    ("lint", "check style, types and the direction of imports", "检查代码"),
    ("clean", "remove what was built outside reports/", "清除中间文件"),
]

DEVELOPER_VERBS = {
    "test": [["-m", "pytest", "-n", "auto", "--dist", "loadfile", "-m", "not slow"]],
    "test-all": [["-m", "pytest", "-n", "auto", "--dist", "loadfile"]],
    "bench": [["-m", "analysis.performance"]],
    "judge": [["-m", "analysis.judging"]],
    "determinism": [["-m", "analysis.verification.determinism"]],
    "preflight": [["-m", "analysis.verification.preflight"]],
    "faults": [["-m", "analysis.verification.faults"]],
    "fuzz": [["-m", "analysis.verification.fuzzing"]],
    "package": [["-m", "analysis.verification.package"]],
    "lint": [
        ["-m", "ruff", "check", "."],
        ["-m", "ruff", "format", "--check", "."],
        ["-m", "mypy"],
        ["-c", "from importlinter.cli import lint_imports_command as run; run()"],
    ],
}

DISPOSABLE = [".jieli", ".mypy_cache", ".ruff_cache", ".hypothesis", ".import_linter_cache"]


def main(arguments):
    for stream in (sys.stdout, sys.stderr):
        # a console in cp936 or ASCII shows what it can instead of failing
        stream.reconfigure(errors="replace")
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        return list_verbs()
    if sys.version_info < OLDEST:
        return refuse_old_python()
    if arguments[0] == "clean":
        return clean()
    try:
        prepare_environment()
    except (subprocess.CalledProcessError, OSError) as error:
        return say("The environment could not be made: %s" % error)
    return run_verb(arguments[0], arguments[1:])


def list_verbs():
    print("usage: make VERB   or   python start.py VERB\n")
    for verb, english, chinese in VERBS:
        print("  %-11s %s\n  %-11s %s" % (verb, english, "", chinese))
    print("\nMore verbs / 更多命令: python start.py --help-all")
    return 0


def refuse_old_python():
    return say(
        "Python %d.%d is too old: this project needs 3.11 or newer.\n"
        "Try: make PYTHON=python3.12 reproduce   or   python3.12 start.py reproduce"
        % sys.version_info[:2]
    )


def say(text):
    print(text, file=sys.stderr)
    return 2


def run_verb(verb, arguments):
    if verb == "--help-all":
        verb, arguments = "--help", []
    if verb == "add-region":
        return add_region(arguments)
    if verb not in DEVELOPER_VERBS:
        return python("-m", "analysis", verb, *arguments)
    for command in DEVELOPER_VERBS[verb]:
        code = python(*(command + arguments))
        if code:
            return code
    return 0


def add_region(arguments):
    """Run ``regions add`` on a file, wherever this was called from."""
    if not arguments or not arguments[0]:
        return say(
            "Which file? make add-region FILE=path   or   python start.py add-region FILE\n"
            "请指明文件：make add-region FILE=路径   或   python start.py add-region 文件"
        )
    path = os.path.abspath(arguments[0])
    return python("-m", "analysis", "regions", "add", path, *arguments[1:])


def python(*arguments):
    """Run the environment's Python in the project's folder and return its exit code."""
    try:
        return subprocess.call([environment_python(), *arguments], cwd=ROOT)
    except KeyboardInterrupt:
        return 130


def environment_python():
    if os.name == "nt":
        return os.path.join(ENVIRONMENT, "Scripts", "python.exe")
    return os.path.join(ENVIRONMENT, "bin", "python")


# --- the environment --------------------------------------------------------------------------


def fingerprint():
    """Name what the environment was made from: the lock, the project file, the Python."""
    digest = hashlib.sha256()
    for path in (LOCK, PROJECT):
        with open(path, "rb") as stream:
            digest.update(stream.read().replace(b"\r\n", b"\n"))
    digest.update(("%s %s" % (sys.version, ROOT)).encode("utf-8"))
    return digest.hexdigest()


def environment_is_current():
    if not os.path.exists(STAMP) or not os.path.exists(environment_python()):
        return False
    with open(STAMP) as stream:
        return stream.read() == fingerprint()


def prepare_environment():
    if environment_is_current():
        return
    import venv

    try:
        import ensurepip  # noqa: F401
    except ImportError:
        raise OSError(
            "this Python comes without pip. On Debian or Ubuntu: "
            "apt install python3-venv, then run the same command again"
        )
    refuse_damaged_lock()
    print("Making the environment in .venv (once; a few minutes on a slow line) ...", flush=True)
    venv.EnvBuilder(with_pip=True, clear=True).create(ENVIRONMENT)
    install_locked()
    pip("install", "--no-deps", "--no-build-isolation", "--editable", ROOT)
    with open(STAMP, "w") as stream:
        stream.write(fingerprint())


def refuse_damaged_lock():
    """Stop before the environment there is is cleared for one that could not be made."""
    with open(LOCK, encoding="utf-8", errors="replace") as stream:
        lines = stream.read().splitlines()
    wrong = [number for number, line in enumerate(lines, 1) if not LOCK_LINE.match(line)]
    kept = [line for line in lines if line.strip() and not line.lstrip().startswith("#")]
    if wrong or not kept or kept[-1].endswith("\\"):
        raise OSError(
            "requirements.lock is damaged at line %d; take it anew: git checkout requirements.lock"
            % (wrong[0] if wrong else len(lines))
        )


def install_locked():
    """Install exactly the lock: with uv where pip can bring it, with pip alone otherwise."""
    if not (bring_uv() and uv_installs()):
        pip("install", "--require-hashes", "--requirement", LOCK)


def pip(*arguments):
    command = [environment_python(), "-m", "pip", "--disable-pip-version-check"]
    subprocess.check_call(command + list(arguments) + ["--quiet"], cwd=ROOT)


def bring_uv():
    """Install the locked uv, its hash checked; False where no build of it suits this machine."""
    folder = tempfile.mkdtemp()
    try:
        wanted = os.path.join(folder, "uv.txt")
        with open(wanted, "w") as stream:
            stream.write(locked_entry("uv"))
        pip("install", "--require-hashes", "--no-deps", "--only-binary", ":all:", "-r", wanted)
        return True
    except subprocess.CalledProcessError:
        return False
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def locked_entry(name):
    """Return the lines of one package in the lock: its version and its hashes."""
    kept, inside = [], False
    with open(LOCK) as stream:
        for line in stream:
            if not line.startswith((" ", "#")):
                inside = line.startswith(name + "==")
            if inside:
                kept.append(line)
    return "".join(kept)


def uv_installs():
    command = [environment_python(), "-m", "uv", "pip", "install", "--quiet", "--require-hashes"]
    command += ["--compile-bytecode", "--python", environment_python(), "--requirement", LOCK]
    # uv reads its own settings only: hand it the ones this user gave pip. A mirror of the user's
    # may answer oddly, so a failure here is no failure yet: pip follows.
    settings = pip_settings()
    environment = dict(uv_environment(settings), **os.environ)
    return subprocess.call(command + uv_options(settings), cwd=ROOT, env=environment) == 0


def pip_settings():
    """Return the user's pip settings by name; a later (stronger) source replaces an earlier."""
    command = [environment_python(), "-m", "pip", "config", "list"]
    listed = subprocess.check_output(command, cwd=ROOT).decode("utf-8", "replace")
    settings = {}
    for line in listed.splitlines():
        name, found, value = line.partition("=")
        section, _, key = name.strip().rpartition(".")
        if found and section in ("global", "install", ":env:"):
            settings[key.replace("_", "-")] = value.strip().strip("'\"")
    return settings


def uv_options(settings):
    """Translate pip's settings on where packages come from into options of uv."""
    options = []
    for key, option in (
        ("index-url", "--default-index"),
        ("extra-index-url", "--index"),
        ("find-links", "--find-links"),
    ):
        for value in settings.get(key, "").replace("\\n", " ").split():
            if not missing_folder(value):
                options += [option, value]
    for host in settings.get("trusted-host", "").replace("\\n", " ").split():
        options += ["--allow-insecure-host", host]
    if settings.get("no-index", "").lower() in ("1", "true", "yes"):
        options.append("--no-index")
    # as pip does: the best version wherever it lies; the lock's hashes decide what is taken
    return [*options, "--index-strategy", "unsafe-best-match"]


def uv_environment(settings):
    """Translate pip's settings on the connection into variables that uv reads."""
    variables = {"UV_NO_PROGRESS": "1"}
    for key, name in (
        ("cert", "SSL_CERT_FILE"),
        ("proxy", "ALL_PROXY"),
        ("default-timeout", "UV_HTTP_TIMEOUT"),
        ("timeout", "UV_HTTP_TIMEOUT"),
    ):
        if settings.get(key):
            variables[name] = settings[key]
    return variables


def missing_folder(address):
    """Tell whether ``address`` is a folder that is not there: pip passes over it, uv stops."""
    path = address[len("file://") :] if address.startswith("file://") else address
    return "://" not in path and not os.path.exists(path)


def clean():
    for name in DISPOSABLE:
        shutil.rmtree(os.path.join(ROOT, name), ignore_errors=True)
    processed = os.path.join(ROOT, "data", "processed")
    for name in os.listdir(processed) if os.path.isdir(processed) else []:
        if not name.startswith("codebook"):
            os.remove(os.path.join(processed, name))
    print("Removed intermediate files; reports/, data/raw and .venv are kept.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
