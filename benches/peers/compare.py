#!/usr/bin/env python3
"""Times rfm, DuckDB and Polars at the same job on the same file, after making sure that they give the same answer.

    benches/peers/setup.sh
    cargo build --release -p rfm-cli
    python3 benches/peers/compare.py online_retail_II.csv --golden ../shared/golden/online_retail_II
    python3 benches/peers/compare.py online_retail_II.xlsx --leave-out duckdb

Every contender is a whole process: start, read, write. First each runs once and the results are compared (that warms the
cache as well); a difference ends the program with status 1 and no times. Then they take turns, A B C A B C, so that a
change of the machine's mood hits all of them. Run by hand on a quiet machine, never by CI. Needs nothing but Python.
"""

import argparse
import csv
import decimal
import os
import pathlib
import platform
import shlex
import statistics
import subprocess
import sys
import tempfile
import time

CHECKOUT = pathlib.Path(__file__).resolve().parents[2]
PEERS = CHECKOUT / "benches" / "peers"
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache")
VENV = pathlib.Path(os.environ.get("RFM_PEERS_VENV") or CACHE / "rfm-peers")
# As in rfm-testkit: a relative path counts from the top of the checkout.
SHARED = CHECKOUT / (os.environ.get("RFM_SHARED") or "../shared")

COLUMNS = "customer_id,last_order,recency_days,frequency,monetary,r_score,f_score,m_score,rfm_code,segment".split(",")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0], epilog="Commands: {input}, {out} and {segments} are filled in.")
    parser.add_argument("input", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=9, help="at least 7 for figures that are written down (default 9)")
    parser.add_argument("--segments", type=pathlib.Path, default=SHARED / "golden" / "segment_table_11.csv", help="code table of the peers")
    parser.add_argument("--golden", type=pathlib.Path, help="folder with rfm_values.csv and scores.csv to hold all results against")
    parser.add_argument("--leave-out", action="append", default=[], metavar="NAME")
    parser.add_argument("--verify-only", action="store_true")
    rfm = "target/release/rfm segment {input} --as-of 2011-12-10 --keep online-retail --ids integer --out {out} --quiet"
    python = shlex.quote(str(VENV / "bin" / "python"))
    peer = python + " benches/peers/rfm_%s.py {input} --as-of 2011-12-10 --segments {segments} --out {out}"
    parser.add_argument("--rfm", default=rfm, metavar="COMMAND")
    parser.add_argument("--duckdb", default=peer % "duckdb", metavar="COMMAND")
    parser.add_argument("--polars", default=peer % "polars", metavar="COMMAND")
    parser.add_argument("--add", action="append", default=[], metavar="NAME=COMMAND", help="another contender, such as duckdb1='… --threads 1'")
    args = parser.parse_args()
    args.input, args.segments = args.input.resolve(), args.segments.resolve()
    args.golden = args.golden and args.golden.resolve()
    commands = {"rfm": args.rfm, "duckdb": args.duckdb, "polars": args.polars}
    for addition in args.add:
        name, _, command = addition.partition("=")
        if not command:
            parser.error(f"--add: expected NAME=COMMAND, found {addition!r}")
        commands[name] = command
    unknown = set(args.leave_out) - set(commands)
    if unknown:
        parser.error(f"--leave-out: no contender {', '.join(sorted(unknown))}")
    args.commands = {name: command for name, command in commands.items() if name not in args.leave_out}
    if not args.commands or args.rounds < 1:
        parser.error("nothing to run")
    return args


def run(words):
    """Runs a command to its end; gives wall and CPU seconds and the peak of its resident memory in KiB."""
    quiet = [(os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0), (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    start = time.perf_counter()
    pid = os.posix_spawnp(words[0], words, os.environ, file_actions=quiet)
    _, status, usage = os.wait4(pid, 0)
    wall = time.perf_counter() - start
    if status != 0:
        sys.exit(f"exit status {os.waitstatus_to_exitcode(status)}: {shlex.join(words)}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss


def customers(path):
    """customers.csv, with money as a number: trailing zeros are no difference."""
    with open(path, newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        if (reader.fieldnames or [])[: len(COLUMNS)] != COLUMNS:
            return None, [f"{path}: columns {reader.fieldnames}"]
        table, problems = {}, []
        for row in reader:
            row["monetary"] = decimal.Decimal(row["monetary"])
            if row["customer_id"] in table:
                problems.append(f"{path}: customer {row['customer_id']} stands twice")
            table[row["customer_id"]] = row
    return table, problems


def differences(name, other, table, reference):
    """What differs between two tables. Segments may have other names (\"Lost\", \"Lost Customers\"), so it is only asked
    that both put the same customers together."""
    if table.keys() != reference.keys():
        only, missing = len(table.keys() - reference.keys()), len(reference.keys() - table.keys())
        return [f"{name}: {only} customers that {other} has not, {missing} that only {other} has"]
    problems = []
    for column in COLUMNS[1:-1]:
        differing = [id for id in table if table[id][column] != reference[id][column]]
        if differing:
            id = differing[0]
            values = f"{table[id][column]} and {reference[id][column]}"
            problems.append(f"{name} and {other}: {column} differs for {len(differing)} customers; {id} has {values}")
    pairs = {(table[id]["segment"], reference[id]["segment"]) for id in table}
    if not len(pairs) == len({a for a, _ in pairs}) == len({b for _, b in pairs}):
        problems.append(f"{name} and {other}: segments are cut otherwise: {sorted(pairs)}")
    return problems


def golden_table(folder):
    """The golden values in the columns of ours. Frequency scores are R's: plain right-closed quintiles with equal edges
    kept give the same on counts, while pandas ranks first. So code and segment are made of the three."""
    with open(folder / "rfm_values.csv", newline="", encoding="utf-8") as file:
        values = list(csv.DictReader(file))
    with open(folder / "scores.csv", newline="", encoding="utf-8") as file:
        scores = {row["customer_id"]: row for row in csv.DictReader(file)}
    with open(folder.parent / "segment_table_11.csv", newline="", encoding="utf-8") as file:
        segments = {row["code"]: row["segment"] for row in csv.DictReader(file)}
    table = {}
    for row in values:
        score = scores[row["customer_id"]]
        r, f, m = score["qcut_recency"], score["r_rfm_frequency"], score["qcut_monetary"]
        table[row["customer_id"]] = {
            "last_order": row["last_order_date"], "recency_days": row["recency_days"], "frequency": row["frequency"],
            "monetary": decimal.Decimal(row["monetary"]), "r_score": r, "f_score": f, "m_score": m, "rfm_code": r + f + m,
            "segment": segments[r + f + m],
        }  # fmt: skip
    return table


def verify(outputs, golden):
    """Prints what differs and gives the number of differences."""
    tables, problems = {}, []
    for name, out in outputs.items():
        tables[name], found = customers(out / "customers.csv")
        problems += found
    if not problems:
        if golden:
            tables = {"golden": golden_table(golden)} | tables
        (first, reference), *others = tables.items()
        for name, table in others:
            problems += differences(name, first, table, reference)
        money = sum(row["monetary"] for row in reference.values())
        orders = sum(int(row["frequency"]) for row in reference.values())
        verdict = "DIFFERENT" if problems else "equal"
        print(f"Results {verdict}: {', '.join(tables)}; {len(reference)} customers, {orders} orders, {money} money.\n")
    for problem in problems:
        print(problem)
    return len(problems)


def in_child(work):
    """Runs a function in a child. A process that is started inherits its parent's peak of memory as a floor of its own
    (Linux keeps it across exec), so this one must stay small."""
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        status = 2
        try:
            status = min(work(), 1)
        except BaseException as error:  # the child must not go on as if it were the parent
            print(f"{type(error).__name__}: {error}", file=sys.stderr)
        finally:
            sys.stdout.flush()
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def first_line(words):
    try:
        return subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip().splitlines()[0]
    except (OSError, subprocess.CalledProcessError, IndexError):
        return None


def machine(commands):
    def grep(path, key):
        try:
            lines = pathlib.Path(path).read_text(encoding="utf-8").splitlines()
        except OSError:
            return "unknown"
        return next((line.split(":", 1)[1].strip() for line in lines if line.startswith(key)), "unknown")

    memory = grep("/proc/meminfo", "MemTotal").split()[0]
    memory = f"{int(memory) / 2**20:.0f} GiB" if memory.isdigit() else "memory unknown"
    print(f"Machine: {grep('/proc/cpuinfo', 'model name')}, {len(os.sched_getaffinity(0))} cores, {memory}, ", end="")
    print(f"{platform.system()} {platform.release()}.")
    versions = [f"Python {platform.python_version()}"]
    for package in ("duckdb", "polars", "fastexcel"):
        script = "import importlib.metadata as m, sys; print(m.version(sys.argv[1]))"
        version = first_line([str(VENV / "bin" / "python"), "-c", script, package])
        versions += [f"{package} {version}"] if version else []
    if "rfm" in commands:
        versions += [first_line([shlex.split(commands["rfm"])[0], "--version"]) or "rfm without --version"]
    print(f"Versions: {', '.join(versions)}.")


def report(times, floor, args, load):
    names = list(times)
    medians = {name: [statistics.median(column) for column in zip(*rounds)] for name, rounds in times.items()}
    base = names[0]
    size = args.input.stat().st_size
    print(f"Input: {args.input.name}, {size:,} bytes. {args.rounds} rounds in turn, warm cache, medians.")
    machine(args.commands)
    print(f"Load average before {load[0]:.2f}, after {os.getloadavg()[0]:.2f}. ", end="")
    print(f"A peak below {floor / 1024:.1f} MiB cannot be seen (the floor that this program's own memory sets).\n")
    print(f"| | wall s (least to most) | x {base} | MB/s | CPU s | x {base} | peak RSS MiB | x {base} |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name in names:
        wall, cpu, rss = medians[name]
        walls = [result[0] for result in times[name]]
        ratios = [value / reference for value, reference in zip(medians[name], medians[base])]
        print(
            f"| {name} | {wall:.3f} ({min(walls):.3f} to {max(walls):.3f}) | {ratios[0]:.2f} | {size / wall / 1e6:.0f} "
            f"| {cpu:.3f} | {ratios[1]:.2f} | {rss / 1024:.1f} | {ratios[2]:.2f} |"
        )


def main():
    args = arguments()
    os.chdir(CHECKOUT)
    with tempfile.TemporaryDirectory(prefix="rfm-peers-") as scratch:
        outputs = {name: pathlib.Path(scratch) / name for name in args.commands}
        places = {"input": str(args.input), "segments": str(args.segments)}
        words = {}
        for name, command in args.commands.items():
            # Split first, fill in then: paths may hold blanks.
            words[name] = [word.format(**places, out=outputs[name]) for word in shlex.split(command)]
            run(words[name])
        status = in_child(lambda: verify(outputs, args.golden))
        if status or args.verify_only:
            return status
        load = os.getloadavg()
        floor = run(["true"])[2]
        times = {name: [] for name in words}
        for _ in range(args.rounds):
            for name in words:
                times[name].append(run(words[name]))
        report(times, floor, args, load)
    return 0


if __name__ == "__main__":
    sys.exit(main())
