"""The instructions of a call by function, called by bin/profile: instructions.py WARM WHOLE CALLS [--top N] [--inclusive]

WARM and WHOLE are what callgrind wrote of two backends, of which the second made CALLS calls more.
"""
import argparse
import re
import subprocess


def instructions(path, inclusive):
    """({function: instructions}, all of them), by callgrind_annotate."""
    command = ["callgrind_annotate", "--threshold=100", "--auto=no", f"--inclusive={'yes' if inclusive else 'no'}", path]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    by_function, total = {}, 0
    for line in text.splitlines():
        found = re.match(r"\s*([\d,]+)\s*(?:\([^)]*\))?\s+(\S.*)$", line)
        if not found:
            continue
        count = int(found[1].replace(",", ""))
        if "PROGRAM TOTALS" in found[2]:
            total = count
            continue
        # FILE:FUNCTION [OBJECT]
        function = re.sub(r"\s*\[.*\]$", "", found[2]).split(":", 1)[-1]
        # A function of several files or objects: what it does itself adds up, what it calls may be the other.
        seen = by_function.get(function, 0)
        by_function[function] = max(seen, count) if inclusive else seen + count
    return by_function, total


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("warm")
    parser.add_argument("whole")
    parser.add_argument("calls", type=int)
    parser.add_argument("--top", type=int, default=25)
    parser.add_argument("--inclusive", action="store_true")
    options = parser.parse_args()
    warm, warm_total = instructions(options.warm, options.inclusive)
    whole, whole_total = instructions(options.whole, options.inclusive)
    each = (whole_total - warm_total) / options.calls
    print(f"{each:12,.0f}         a call")
    by_function = {name: (count - warm.get(name, 0)) / options.calls for name, count in whole.items()}
    for name in sorted(by_function, key=by_function.get, reverse=True)[: options.top]:
        print(f"{by_function[name]:12,.0f} {by_function[name] / each:6.1%}  {name}")


if __name__ == "__main__":
    main()
