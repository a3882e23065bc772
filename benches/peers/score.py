#!/usr/bin/env python3
"""Times fit + apply + assign of customers that are in memory already: rfm, Polars and numpy, after making sure that codes and
segments are equal.

    benches/peers/setup.sh
    cargo build --release -p rfm-benches --example score_large
    python3 benches/peers/score.py --customers 10_000_000

Each contender is a process that has made its customers, from one formula, before it says that it is ready. Then they take
turns, a round each, A B C A B C; only the work is timed, by the process itself. The first round of each warms up and is compared
alone. Run by hand on a quiet machine, never by CI.
"""

import argparse
import os
import pathlib
import shlex
import statistics
import subprocess
import sys

sys.dont_write_bytecode = True
import compare  # noqa: E402


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--customers", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=9, help="at least 7 for figures that are written down (default 9)")
    parser.add_argument("--segments", type=pathlib.Path, default=compare.SHARED / "golden" / "segment_table_11.csv")
    parser.add_argument("--leave-out", action="extend", type=compare.names, default=[], metavar="NAMES")
    args = parser.parse_args()
    python = [str(compare.VENV / "bin" / "python"), "-B", "benches/peers/score_peer.py"]
    count, table = str(args.customers), ["--segments", str(args.segments.resolve())]
    commands = {
        "rfm": [f"{compare.TARGET}/release/examples/score_large", count],
        "polars": [*python, "polars", count, *table],
        "numpy": [*python, "numpy", count, *table],
    }
    unknown = set(args.leave_out) - set(commands)
    if unknown or args.rounds < 1 or args.customers < 1:
        parser.error(f"no contender {', '.join(sorted(unknown))}" if unknown else "nothing to run")
    args.commands = {name: words for name, words in commands.items() if name not in args.leave_out}
    return args


def answer(name, process):
    line = process.stdout.readline()
    if not line:
        sys.exit(f"{name} ended with status {process.wait()}: {shlex.join(process.args)}")
    return line.strip()


def one_round(name, process):
    """Seconds, and what was found."""
    process.stdin.write("\n")
    process.stdin.flush()
    seconds, _, facts = answer(name, process).partition(" ")
    return float(seconds), facts


def main():
    args = arguments()
    os.chdir(compare.CHECKOUT)
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    processes = {name: subprocess.Popen(words, **pipes) for name, words in args.commands.items()}
    for name, process in processes.items():
        assert answer(name, process) == "ready"
    found = {name: one_round(name, process)[1] for name, process in processes.items()}
    if len(set(found.values())) > 1:
        print("Results DIFFERENT:", *(f"{name}: {facts}" for name, facts in found.items()), sep="\n")
        return 1
    print(f"Results equal: {', '.join(found)}; sum over codes and sizes of segments {next(iter(found.values()))}.\n")
    load = os.getloadavg()
    times = {name: [] for name in processes}
    for _ in range(args.rounds):
        for name, process in processes.items():
            times[name].append(one_round(name, process)[0])
    for process in processes.values():
        process.stdin.close()
        process.wait()
    print(f"{args.customers:,} customers in memory: fit, apply, assign. {args.rounds} rounds in turn, medians.")
    compare.machine([name for name in args.commands if name != "rfm"])
    print(f"Load average before {load[0]:.2f}, after {os.getloadavg()[0]:.2f}.\n")
    base = statistics.median(next(iter(times.values())))
    print(f"| | wall s (least to most) | x {next(iter(times))} | ns per customer |")
    print("| --- | ---: | ---: | ---: |")
    for name, seconds in times.items():
        wall = statistics.median(seconds)
        spread = f"{min(seconds):.3f} to {max(seconds):.3f}"
        print(f"| {name} | {wall:.3f} ({spread}) | {wall / base:.2f} | {wall / args.customers * 1e9:.1f} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
