#!/usr/bin/env python3
"""Counts the instructions of each stage under valgrind, and holds them against the kept counts: a regression is seen without a
quiet machine.

    python3 benches/instructions.py             # compares with benches/instructions.txt; status 1 if a stage takes more
    python3 benches/instructions.py --update    # writes it
    python3 benches/instructions.py --spread 5  # how much the counts of five runs differ

A stage is run once and a few times by a program that does nothing else different (benches/stage.rs), and the difference is what it
takes; threads are counted, rayon has one. The counts are those of this machine's kind of processor and of one compiler:
the file says which. Needs valgrind, and nothing of Python but its library.
"""

import argparse
import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

CHECKOUT = pathlib.Path(__file__).resolve().parents[1]
KEPT = CHECKOUT / "benches" / "instructions.txt"
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR") or CHECKOUT / "target")
PROGRAM = TARGET / "release" / "examples" / "stage"

HEAD = """\
# Instructions of each stage per line or customer, counted by instructions.py, which also compares and updates this file.
# Keys of hash tables are drawn anew in each run, and with them the lengths of searches. Four counts of each stage differed by
# 1.9 % at most (fit), 0.5 % for stages of lines but merge and finish, and not at all where nothing is hashed (--spread): what
# grows by more than the tolerance has grown.
# stage, items, instructions per item, tolerance in per cent
"""

# In per cent, about twice what the head of the file says.
TOLERANCE = 4.0


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("stages", nargs="*", help="default: all")
    parser.add_argument("--update", action="store_true", help="write benches/instructions.txt")
    parser.add_argument("--spread", type=int, metavar="N", help="count N times and print how much the counts differ")
    parser.add_argument("--no-build", action="store_true", help="the program is built already")
    args = parser.parse_args()
    if args.update and args.stages:
        parser.error("--update is for all stages at once")
    return args


def output(words):
    return subprocess.run(words, cwd=CHECKOUT, capture_output=True, text=True, check=True).stdout


def collected(stage, times):
    """All instructions of a run of the program."""
    environment = os.environ | {"RAYON_NUM_THREADS": "1"}
    with tempfile.NamedTemporaryFile(prefix="rfm-callgrind-") as out:
        words = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out.name}", str(PROGRAM), stage, str(times)]
        done = subprocess.run(words, env=environment, capture_output=True, text=True)
    count = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode != 0 or not count:
        sys.exit(f"{' '.join(words)} ended with status {done.returncode}:\n{done.stderr}")
    return int(count[1])


def count(stage, items, most):
    """Instructions per item of one run of the stage."""
    return (collected(stage, most) - collected(stage, 1)) / (most - 1) / items


def kept():
    """The kept counts by stage."""
    if not KEPT.exists():
        return {}
    lines = [line.split() for line in KEPT.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return {stage: (float(instructions), float(tolerance)) for stage, _, instructions, tolerance in lines}


def main():
    args = arguments()
    if not shutil.which("valgrind"):
        sys.exit("valgrind is not installed: apt-get install valgrind")
    if not args.no_build:
        words = ["cargo", "build", "--release", "--package", "rfm-benches", "--example", "stage"]
        subprocess.run(words, cwd=CHECKOUT, check=True)
    listed = (line.split() for line in output([str(PROGRAM)]).splitlines())
    stages = {stage: (int(items), int(most)) for stage, items, most in listed}
    unknown = set(args.stages) - set(stages)
    if unknown:
        sys.exit(f"no stage {', '.join(sorted(unknown))}; there are {', '.join(stages)}")
    chosen = {stage: numbers for stage, numbers in stages.items() if stage in (args.stages or stages)}
    with concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        rounds = [pool.map(lambda stage: count(stage, *chosen[stage]), chosen) for _ in range(args.spread or 1)]
        rounds = [dict(zip(chosen, counts)) for counts in rounds]
    if args.spread:
        for stage in chosen:
            counts = sorted(found[stage] for found in rounds)
            print(f"{stage:14} {counts[0]:9.2f} to {counts[-1]:9.2f}, {(counts[-1] / counts[0] - 1) * 100:.2f} %")
        return 0
    [found] = rounds
    if args.update:
        before = kept()
        compiler = output(["rustc", "--version"]).strip()
        with open(KEPT, "w", encoding="utf-8") as file:
            file.write(HEAD + f"# {compiler}\n")
            for stage, (items, _) in stages.items():
                tolerance = before.get(stage, (0, TOLERANCE))[1]
                file.write(f"{stage} {items} {found[stage]:.1f} {tolerance:g}\n")
        print(KEPT.read_text(encoding="utf-8"), end="")
        return 0
    return compare(found, kept())


def compare(found, before):
    """Prints each stage beside what is kept; 1 if one takes more."""
    status = 0
    for stage, instructions in found.items():
        if stage not in before:
            print(f"{stage:14} {instructions:9.1f}, not kept yet: --update")
            status = 1
            continue
        wanted, tolerance = before[stage]
        change = (instructions / wanted - 1) * 100
        verdict = "MORE" if change > tolerance else "less: --update" if change < -tolerance else "as kept"
        print(f"{stage:14} {instructions:9.1f}, kept {wanted:9.1f}: {change:+.1f} % of {tolerance:g} %, {verdict}")
        status = max(status, int(change > tolerance))
    return status


if __name__ == "__main__":
    sys.exit(main())
