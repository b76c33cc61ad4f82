#!/usr/bin/env python3
"""Builds the images of docker-compose.yml and runs its services without a Docker engine: each image is a folder, each container
a chroot with its own mounts. For the project's own checks (scripts/check_deploy.sh --full), as root on Linux, with debootstrap:

    scripts/deploy_in_chroots.py build FOLDER     every stage of deploy/Dockerfile, by its own commands
    scripts/deploy_in_chroots.py up FOLDER        the composition, for as long as standard input is open; then SIGTERM

While it is up, a line of standard input runs a command in a service's container: `bs moe-client --version`. `health bs` runs its
health check, `status` tells who runs and the most memory that each has had.

A stage that is complete is kept: delete FOLDER/STAGE to have it built again. Debian's images are minimal debootstrap systems;
swift:VERSION-bookworm is one with the packages of the official image and this machine's toolchain. What a container is confined
by: its user, no capabilities but those it adds, no new privileges, a read-only root, its volumes. Networks, memory limits and
health checks' times are not imitated; all containers share one network namespace, where every service's name is loopback.
"""
import json
import os
import pathlib
import re
import shlex
import shutil
import signal
import subprocess
import sys

PROJECT = pathlib.Path(__file__).resolve().parent.parent
SWIFT_IMAGE_PACKAGES = (
    "binutils libicu-dev libcurl4-openssl-dev libedit-dev libsqlite3-dev libncurses-dev libpython3-dev libxml2-dev "
    "pkg-config uuid-dev tzdata git gcc libstdc++-12-dev"
).split()


def run(command, **options):
    subprocess.run([str(word) for word in command], check=True, **options)


def logical_lines(text):
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    return [line for line in re.sub(r"\\\n", "", "\n".join(lines)).splitlines() if line.strip()]


class Stage:
    """A Dockerfile's stage: what it starts from and its instructions."""

    def __init__(self, number, arguments):
        words = arguments.split()
        self.base = words[0]
        self.name = words[2] if len(words) == 3 else f"stage-{number}"
        self.instructions = []
        self.command, self.user = [], "0:0"


def read_dockerfile():
    stages = []
    for line in logical_lines((PROJECT / "deploy/Dockerfile").read_text()):
        name, arguments = line.split(None, 1)
        if name == "FROM":
            stages.append(Stage(len(stages), arguments))
        elif name == "CMD":
            stages[-1].command = json.loads(arguments)
        elif name == "USER":
            stages[-1].user = arguments
        else:
            stages[-1].instructions.append((name, arguments))
    return stages


def debian(folder):
    """A minimal Debian system, made once."""
    root = folder / "debian"
    if not (root / ".complete").exists():
        shutil.rmtree(root, ignore_errors=True)
        run(["debootstrap", "--variant=minbase", "bookworm", root])
        (root / ".complete").touch()
    return root


def in_mounts(steps):
    """The command line that takes steps, each a list of words, with mounts of their own, and becomes the last."""
    *before, last = [shlex.join(str(word) for word in step) for step in steps]
    return ["unshare", "--mount", "--", "sh", "-ec", "; ".join(["mount --make-rprivate /", *before, f"exec {last}"])]


def in_root(root, command, mounts=()):
    """Runs a shell command in the root, with the mounts (source, target) for its time alone."""
    steps = [["mount", "-t", "proc", "proc", f"{root}/proc"], ["mount", "--rbind", "/dev", f"{root}/dev"]]
    for source, target in mounts:
        (root / target.lstrip("/")).mkdir(parents=True, exist_ok=True)
        steps.append(["mount", "--bind", source, f"{root}{target}"])
    environment = {"PATH": "/opt/swift/usr/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                   "HOME": "/root", "LANG": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"}
    steps.append(["chroot", root, "sh", "-c", command])
    run(in_mounts(steps), env=environment)


def build(folder):
    roots = {}
    for stage in read_dockerfile():
        root = roots[stage.name] = folder / stage.name
        if (root / ".complete").exists():
            print(f"{stage.name}: is there")
            continue
        print(f"{stage.name}: from {stage.base}", flush=True)
        shutil.rmtree(root, ignore_errors=True)
        base = debian(folder)
        run(["cp", "-a", base, root])
        (root / ".complete").unlink()
        shutil.copy("/etc/resolv.conf", root / "etc/resolv.conf")
        mounts = []
        if stage.base.startswith("swift:"):
            toolchain = pathlib.Path(shutil.which("swift")).resolve().parent.parent.parent
            mounts = [(toolchain, "/opt/swift")]
            # Where git reads packages from folders of this machine, it has to find them in the root, too.
            settings = subprocess.run(
                ["git", "config", "--get-regexp", r"^url\./.*\.insteadof$"], capture_output=True, text=True).stdout
            mounts += [(path, path) for path in {line.split(".")[1] for line in settings.splitlines()}]
            in_root(root, "apt-get -q update && apt-get -q install -y " + " ".join(SWIFT_IMAGE_PACKAGES))
            for line in settings.splitlines():
                key, value = line.split()
                in_root(root, f"git config --system --add {shlex.quote(key)} {shlex.quote(value)}")
            in_root(root, "git config --system --add safe.directory '*'")
        directory, arguments = "/", {}
        for name, value in stage.instructions:
            print(f"{stage.name}: {name} {value[:100]}", flush=True)
            if name == "RUN":
                in_root(root, f"mkdir -p {shlex.quote(directory)} && cd {shlex.quote(directory)} && {value}", mounts)
            elif name == "WORKDIR":
                directory = value
            elif name == "ARG":
                arguments.update([value.split("=", 1)])
            elif name == "COPY":
                copy(value, arguments, root, directory, roots)
            elif name not in ("EXPOSE", "HEALTHCHECK"):
                sys.exit(f"deploy/Dockerfile: {name}: not known here")
        (root / ".complete").touch()


def copy(value, arguments, root, directory, roots):
    words = [re.sub(r"\$\{(\w+)\}", lambda match: arguments[match.group(1)], word) for word in value.split()]
    source = PROJECT
    if words[0].startswith("--from="):
        source = roots[words.pop(0)[len("--from="):]]
    *sources, target = words
    place = root / os.path.join(directory, target).lstrip("/")
    for name in sources:
        origin = source / name.lstrip("/")
        if origin.is_dir():
            shutil.copytree(origin, place, dirs_exist_ok=True)
        else:
            run(["install", "-D", "-m", f"{origin.stat().st_mode & 0o777:o}", "-t" if target.endswith("/") else "-T",
                 *([place, origin] if target.endswith("/") else [origin, place / origin.name if place.is_dir() else place])])


def words_of(command):
    return shlex.split(command) if isinstance(command, str) else command


def container(folder, service, stages, command=None):
    """The command line that runs a service, or another command in its place, confined as the service is."""
    stage = next(s for s in stages if s.name == service["build"].get("target", stages[-1].name))
    root = folder / stage.name
    user, group = str(service.get("user", stage.user)).split(":")
    (root / "dev").mkdir(exist_ok=True)
    steps = [["mount", "--bind", root, root], ["mount", "--rbind", "/dev", f"{root}/dev"],
             ["mount", "-t", "proc", "proc", f"{root}/proc"]]
    for volume in service.get("volumes", []):
        name, target, *mode = volume.split(":")
        source = folder / "volumes" / name
        source.mkdir(parents=True, exist_ok=True)
        (root / target.lstrip("/")).mkdir(parents=True, exist_ok=True)
        steps.append(["mount", "--bind", source, f"{root}{target}"])
        if mode == ["ro"]:
            steps.append(["mount", "-o", "remount,ro,bind", f"{root}{target}"])
    if service.get("read_only"):
        steps.append(["mount", "-o", "remount,ro,bind", root])
    capabilities = "-all" + "".join(f",+{name.lower()}" for name in service.get("cap_add", []))
    confined = ["setpriv", "--reuid", user, "--regid", group, "--clear-groups", "--bounding-set", capabilities, "--inh-caps",
                capabilities, "--no-new-privs", "--"]
    words = command or words_of(service.get("command", stage.command))
    return in_mounts(steps + [["chroot", root, *confined, *words]])


def memory(pid):
    try:
        return " ".join(re.search(r"VmHWM:\s+(.*)", pathlib.Path(f"/proc/{pid}/status").read_text()).group(1).split())
    except (OSError, AttributeError):
        return "-"


def up(folder):
    import yaml

    composition = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())["services"]
    stages = read_dockerfile()
    run(["ip", "link", "set", "lo", "up"])
    for stage in stages:
        (folder / stage.name / "etc/hosts").write_text(f"127.0.0.1 localhost {' '.join(composition)}\n")
    # What waits for a one-shot starts when that has ended well.
    one_shots = {name for service in composition.values() for name in service.get("depends_on", {})}
    for name in one_shots:
        run(container(folder, composition[name], stages))
    running = {}
    logs = folder / "logs"
    logs.mkdir(exist_ok=True)
    for name, service in composition.items():
        if name not in one_shots:
            log = open(logs / name, "w")
            running[name] = subprocess.Popen(container(folder, service, stages), stdout=log, stderr=log)
    for line in sys.stdin:
        name, *words = shlex.split(line)
        if name == "status":
            for name, process in running.items():
                print(name, "runs" if process.poll() is None else f"ended with {process.returncode}", memory(process.pid))
            sys.stdout.flush()
            continue
        if name == "health":
            name, words = words[0], words_of(composition[words[0]]["healthcheck"]["test"])
        done = subprocess.run(container(folder, composition[name], stages, words), capture_output=True, text=True)
        print(f"{done.stdout}{done.stderr}exit {done.returncode}", flush=True)
    for process in running.values():
        process.send_signal(signal.SIGTERM)
    codes = {name: process.wait(timeout=40) for name, process in running.items()}
    print("after SIGTERM: " + " ".join(f"{name}={code}" for name, code in codes.items()))
    sys.exit(any(codes.values()))


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in ("build", "up"):
        sys.exit(__doc__)
    place = pathlib.Path(sys.argv[2]).resolve()
    place.mkdir(parents=True, exist_ok=True)
    {"build": build, "up": up}[sys.argv[1]](place)
