#!/usr/bin/env python3
"""What rfm costs per line and per customer as files grow: wall, CPU and peak of memory, as a table.

    cargo build --release -p rfm-cli
    python3 benches/peers/growth.py large-100k.parquet large-1m.parquet large-10m.parquet large-100m.parquet

The files come from `generate-orders --large --lines N --out FILE`, so that orders per customer and lines per order are the same
in all of them. Rounds go over all files in turn; medians. Run by hand on a quiet machine, never by CI. Needs nothing but Python,
and /usr/bin/time (GNU) to see small peaks of memory.
"""

import argparse
import csv
import json
import os
import pathlib
import shlex
import statistics
import sys
import tempfile

sys.dont_write_bytecode = True
import compare  # noqa: E402
import shops  # noqa: E402


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0], epilog="Command: {input}, {out} and {options} are filled in.")
    parser.add_argument("inputs", type=pathlib.Path, nargs="+")
    parser.add_argument("--rounds", type=int, default=7, help="default 7")
    parser.add_argument("--rfm", metavar="COMMAND", help="instead of the command of the release build, such as one with --threads 1")
    args = parser.parse_args()
    if args.rounds < 1:
        parser.error("nothing to run")
    args.inputs = [path.resolve() for path in args.inputs]
    args.rfm = args.rfm or f"{shlex.quote(compare.TARGET)}/release/rfm segment {{input}} {{options}} --out {{out}} --quiet"
    return args


def words(command, path, out):
    options = shops.SHOPS[shops.name_for(path)].rfm
    return [word.format(input=path, out=out) for word in shlex.split(command.replace("{options}", options))]


def found(out):
    """Lines read, customers, and orders that counted."""
    lines = json.loads((out / "run.json").read_text(encoding="utf-8"))["account"]["read"]["lines"]
    with open(out / "customers.csv", newline="", encoding="utf-8") as file:
        reader = csv.reader(file)
        frequency = next(reader).index("frequency")
        orders = [int(row[frequency]) for row in reader]
    return lines, len(orders), sum(orders)


def main():
    args = arguments()
    os.chdir(compare.CHECKOUT)
    load = os.getloadavg()
    with tempfile.TemporaryDirectory(prefix="rfm-growth-") as scratch:
        commands = {path: words(args.rfm, path, pathlib.Path(scratch) / str(place)) for place, path in enumerate(args.inputs)}
        # Warms the cache as well; customers are counted last, when the measuring is over.
        for command in commands.values():
            compare.run(command)
        times = {path: [] for path in commands}
        for _ in range(args.rounds):
            for path, command in commands.items():
                times[path].append(compare.run(command))
        facts = [found(pathlib.Path(scratch) / str(place)) for place in range(len(args.inputs))]
    print(f"{' '.join(['rfm', *shlex.split(args.rfm)[1:]])}; {args.rounds} rounds over all files in turn, warm cache, medians.")
    compare.machine({"rfm": args.rfm})
    print(f"Load average before {load[0]:.2f}, after {os.getloadavg()[0]:.2f}.\n")
    print("| input | lines | orders | customers | wall s (least to most) | CPU s | wall ns/line | CPU ns/line | wall ns/customer | peak MiB | bytes/customer |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for path, (lines, customers, orders) in zip(times, facts):
        wall, cpu, rss = (statistics.median(column) for column in zip(*times[path]))
        walls = [result[0] for result in times[path]]
        print(
            f"| {path.name} | {lines:,} | {orders:,} | {customers:,} | {wall:.3f} ({min(walls):.3f} to {max(walls):.3f}) | {cpu:.3f} "
            f"| {wall / lines * 1e9:.0f} | {cpu / lines * 1e9:.0f} | {wall / customers * 1e9:.0f} | {rss / 1024:.1f} | {rss * 1024 / customers:.0f} |"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
