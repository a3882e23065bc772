#!/usr/bin/env python3
"""Times rfm and its peers at the same job on the same file, after making sure that they give the same answer.

    benches/peers/setup.sh
    cargo build --release -p rfm-cli
    python3 benches/peers/compare.py online_retail_II.csv --golden ../shared/golden/online_retail_II
    python3 benches/peers/compare.py online_retail_II.xlsx
    python3 benches/peers/compare.py large-10m.parquet --with decode,pandas

Contenders: rfm, duckdb, polars (its streaming engine) and polars-lazy (its in-memory engine) on CSV and Parquet; rfm and
fastexcel (with Polars behind it) on workbooks. --with adds slow ones: pandas; and for Parquet decode, which is no contender: it
decodes the five columns on one thread and drops them (cargo build --release -p rfm-benches --example decode_columns).

Every contender is a whole process: start, read, write. First each runs once and the results are compared (that warms the
cache as well); a difference ends the program with status 1 and no times. Then they take turns, A B C A B C, so that a
change of the machine's mood hits all of them. Run by hand on a quiet machine, never by CI. Needs nothing but Python, and
/usr/bin/time (GNU) to see small peaks of memory.
"""

import argparse
import csv
import decimal
import os
import pathlib
import platform
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
import shops  # noqa: E402

CHECKOUT = pathlib.Path(__file__).resolve().parents[2]
PEERS = CHECKOUT / "benches" / "peers"
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache")
VENV = pathlib.Path(os.environ.get("RFM_PEERS_VENV") or CACHE / "rfm-peers")
# As in rfm-testkit: a relative path counts from the top of the checkout.
SHARED = CHECKOUT / (os.environ.get("RFM_SHARED") or "../shared")
TARGET = os.environ.get("CARGO_TARGET_DIR") or "target"

COLUMNS = "customer_id,last_order,recency_days,frequency,monetary,r_score,f_score,m_score,rfm_code,segment".split(",")
PACKAGES = {"duckdb": "duckdb", "polars": "polars", "polars-lazy": "polars", "pandas": "pandas", "numpy": "numpy", "fastexcel": "fastexcel"}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0], epilog="Commands: {input}, {out} and {segments} are filled in.")
    parser.add_argument("input", type=pathlib.Path, help=".csv, .parquet or .xlsx")
    parser.add_argument("--shop", choices=shops.SHOPS, help="columns and analysis date; default: by the name of the file")
    parser.add_argument("--rounds", type=int, default=9, help="at least 7 for figures that are written down (default 9)")
    parser.add_argument("--segments", type=pathlib.Path, default=SHARED / "golden" / "segment_table_11.csv", help="code table of the peers")
    parser.add_argument("--golden", type=pathlib.Path, help="folder with rfm_values.csv and scores.csv to hold all results against")
    parser.add_argument("--with", dest="more", type=names, default=[], metavar="NAMES", help="pandas, decode")
    parser.add_argument("--leave-out", type=names, action="extend", default=[], metavar="NAMES")
    parser.add_argument("--verify-only", action="store_true")
    parser.add_argument("--rfm", metavar="COMMAND", help="instead of the command of the release build")
    parser.add_argument("--add", action="append", default=[], metavar="NAME=COMMAND", help="another contender, such as duckdb1='… --threads 1'")
    args = parser.parse_args()
    args.shop = args.shop or shops.name_for(args.input)
    args.input, args.segments = args.input.resolve(), args.segments.resolve()
    args.golden = args.golden and args.golden.resolve()
    commands = known = all_commands(args)
    for addition in args.add:
        name, _, command = addition.partition("=")
        if not command:
            parser.error(f"--add: expected NAME=COMMAND, found {addition!r}")
        commands[name] = command
    unknown = set(args.leave_out + args.more) - set(known)
    if unknown:
        parser.error(f"no contender {', '.join(sorted(unknown))} for {args.input.suffix}; there are {', '.join(known)}")
    slow = {"pandas", "decode"} - set(args.more)
    args.commands = {name: command for name, command in commands.items() if name not in slow.union(args.leave_out)}
    if not args.commands or args.rounds < 1:
        parser.error("nothing to run")
    return args


def names(text):
    return text.split(",")


def all_commands(args):
    """The command of each contender for this kind of file."""
    python = shlex.quote(str(VENV / "bin" / "python"))
    peer = f"{python} -B benches/peers/rfm_%s.py {{input}} --shop {args.shop} --segments {{segments}} --out {{out}}"
    options = shops.SHOPS[args.shop].rfm
    commands = {"rfm": args.rfm or f"{shlex.quote(TARGET)}/release/rfm segment {{input}} {options} --out {{out}} --quiet"}
    if args.input.suffix == ".xlsx":
        return commands | {"fastexcel": peer % "polars"}
    commands |= {"duckdb": peer % "duckdb", "polars": peer % "polars"}
    commands |= {"polars-lazy": peer % "polars" + " --engine in-memory", "pandas": peer % "pandas"}
    if args.input.suffix == ".parquet":
        columns = "order date customer quantity price".split()
        columns = [shlex.quote(getattr(shops.SHOPS[args.shop], column)) for column in columns]
        commands["decode"] = f"{shlex.quote(TARGET)}/release/examples/decode_columns {{input}} {' '.join(columns)}"
    return commands


# A process that is started inherits the peak of memory of the one it is started from (Linux keeps it across exec), and this
# one is some 15 MB. GNU time is a small one between: it starts the command and writes down the peak of that alone.
GNU_TIME = shutil.which("time") or "/usr/bin/time"
HAS_GNU_TIME = os.access(GNU_TIME, os.X_OK)


def run(words, environment=os.environ):
    """Runs a command to its end; gives wall and CPU seconds and the peak of its resident memory in KiB. Times are those of this
    program and of the kernel, in microseconds, since GNU time counts in hundredths of a second."""
    quiet = [(os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0), (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    with tempfile.NamedTemporaryFile("r", prefix="rfm-peak-") as peak:
        started = [GNU_TIME, "--format", "%M", "--output", peak.name, *words] if HAS_GNU_TIME else words
        start = time.perf_counter()
        pid = os.posix_spawnp(started[0], started, environment, file_actions=quiet)
        _, status, usage = os.wait4(pid, 0)
        wall = time.perf_counter() - start
        if status != 0:
            sys.exit(f"exit status {os.waitstatus_to_exitcode(status)}: {shlex.join(words)}")
        resident = int(peak.read()) if HAS_GNU_TIME else usage.ru_maxrss
    return wall, usage.ru_utime + usage.ru_stime, resident


def customers(path):
    """customers.csv by customer, in the other columns, with money as a number: trailing zeros are no difference."""
    with open(path, newline="", encoding="utf-8") as file:
        reader = csv.reader(file)
        header = next(reader, [])
        if header[: len(COLUMNS)] != COLUMNS:
            return None, [f"{path}: columns {header}"]
        table, problems = {}, []
        money = COLUMNS.index("monetary")
        for row in reader:
            row[money] = decimal.Decimal(row[money])
            if row[0] in table:
                problems.append(f"{path}: customer {row[0]} stands twice")
            table[row[0]] = tuple(row[1 : len(COLUMNS)])
    return table, problems


def differences(name, other, table, reference):
    """What differs between two tables. Segments may have other names (\"Lost\", \"Lost Customers\"), so it is only asked
    that both put the same customers together."""
    if table.keys() != reference.keys():
        only, missing = len(table.keys() - reference.keys()), len(reference.keys() - table.keys())
        return [f"{name}: {only} customers that {other} has not, {missing} that only {other} has"]
    problems = []
    for place, column in enumerate(COLUMNS[1:-1]):
        differing = [id for id in table if table[id][place] != reference[id][place]]
        if differing:
            id = differing[0]
            values = f"{table[id][place]} and {reference[id][place]}"
            problems.append(f"{name} and {other}: {column} differs for {len(differing)} customers; {id} has {values}")
    pairs = {(table[id][-1], reference[id][-1]) for id in table}
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
        money, code = decimal.Decimal(row["monetary"]), r + f + m
        facts = row["last_order_date"], row["recency_days"], row["frequency"], money
        table[row["customer_id"]] = (*facts, r, f, m, code, segments[code])
    return table


def verify(outputs, golden):
    """Prints what differs and gives the number of differences. Two tables at a time, since they may be large."""
    first, reference, problems = "golden", golden_table(golden) if golden else None, []
    for name, out in outputs.items():
        table, found = customers(out / "customers.csv")
        problems += found
        if found:
            continue
        if reference is None:
            first, reference = name, table
        else:
            problems += differences(name, first, table, reference)
    if reference is not None:
        money = sum(row[COLUMNS.index("monetary") - 1] for row in reference.values())
        orders = sum(int(row[COLUMNS.index("frequency") - 1]) for row in reference.values())
        verdict = "DIFFERENT" if problems else "equal"
        compared = ["golden"] * bool(golden) + list(outputs)
        print(f"Results {verdict}: {', '.join(compared)}; {len(reference)} customers, {orders} orders, {money} money.\n")
    for problem in problems:
        print(problem)
    return len(problems)


def in_child(work):
    """Runs a function in a child, so that what it needs of memory is not this program's peak."""
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
    for package in dict.fromkeys(PACKAGES[name] for name in commands if name in PACKAGES):
        script = "import importlib.metadata as m, sys; print(m.version(sys.argv[1]))"
        version = first_line([str(VENV / "bin" / "python"), "-c", script, package])
        versions += [f"{package} {version}"] if version else []
    if "rfm" in commands:
        versions += [first_line([shlex.split(commands["rfm"])[0], "--version"]) or "rfm without --version"]
    print(f"Versions: {', '.join(versions)}.")


def report(times, floor, args, load):
    medians = {name: [statistics.median(column) for column in zip(*rounds)] for name, rounds in times.items()}
    base = next(iter(times))
    size = args.input.stat().st_size
    print(f"Input: {args.input.name}, {size:,} bytes. {args.rounds} rounds in turn, warm cache, medians.")
    machine(args.commands)
    print(f"Load average before {load[0]:.2f}, after {os.getloadavg()[0]:.2f}. ", end="")
    print(f"The program `true`, started in the same way: {floor[0] * 1000:.1f} ms, {floor[2] / 1024:.1f} MiB; less cannot be seen.\n")
    print(f"| | wall s (least to most) | x {base} | MB/s | CPU s | x {base} | peak RSS MiB | x {base} |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name in times:
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
        compared = {name: out for name, out in outputs.items() if name != "decode"}
        status = in_child(lambda: verify(compared, args.golden))
        if status or args.verify_only:
            return status
        load = os.getloadavg()
        floor = [statistics.median(column) for column in zip(*(run(["true"]) for _ in range(9)))]
        times = {name: [] for name in words}
        for _ in range(args.rounds):
            for name in words:
                times[name].append(run(words[name]))
        report(times, floor, args, load)
    return 0


if __name__ == "__main__":
    sys.exit(main())
