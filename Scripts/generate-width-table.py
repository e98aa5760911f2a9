#!/usr/bin/env python3
"""Writes Sources/ChatInterface/Text/WidthTable.swift.

    Scripts/generate-width-table.py                   # writes the file
    Scripts/generate-width-table.py --check           # exit 1 where it would change
    Scripts/generate-width-table.py --compare-libc    # lists where wcwidth(3) says otherwise

Takes the `wcwidth` package from PyPI in the version named below, and installs
it under .build where Python has another or none. The wide ranges are those of
the newest Unicode that it knows (East Asian Width W and F). The zero-width ranges are its own too,
with changes that follow the C library's wcwidth(3), which ncurses and
most terminals go by:

- A spacing combining mark (general category Mc) takes a cell of its own.
- So do the Arabic and Syriac signs that span digits (category Cf, U+0600 and others).
- U+00AD, the soft hyphen, takes none: it is not drawn at all.
- Vowels and finals of Hangul (U+1160...U+11FF, U+D7B0...U+D7FF) take none.
- Some signs that Unicode leaves open are wide: WIDE_BY_CUSTOM below.
"""

import argparse
import importlib
import os
import subprocess
import sys

WCWIDTH = "0.7.0"
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
OUTPUT = os.path.join(ROOT, "Sources", "ChatInterface", "Text", "WidthTable.swift")


def tables():
    """The package's tables of wide, zero-width and spacing combining ranges."""
    try:
        import wcwidth

        installed = wcwidth.__version__
    except ImportError:
        installed = None
    if installed != WCWIDTH:
        directory = os.path.join(ROOT, ".build", f"wcwidth-{WCWIDTH}")
        if not os.path.isdir(directory):
            pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "install", "--root-user-action=ignore"]
            subprocess.run([*pip, "--target", directory, f"wcwidth=={WCWIDTH}"], check=True)
        for name in [name for name in sys.modules if name.split(".")[0] == "wcwidth"]:
            del sys.modules[name]
        sys.path.insert(0, directory)
    return (
        importlib.import_module("wcwidth.table_wide").WIDE_EASTASIAN,
        importlib.import_module("wcwidth.table_zero").ZERO_WIDTH,
        importlib.import_module("wcwidth.table_mc").CATEGORY_MC,
    )


WIDE_EASTASIAN, ZERO_WIDTH, CATEGORY_MC = tables()
SPANNING_SIGNS = [*range(0x0600, 0x0606), 0x06DD, 0x070F, 0x0890, 0x0891, 0x08E2, 0x110BD, 0x110CD]
WIDE_BY_CUSTOM = [0x302E, 0x302F, *range(0x3248, 0x3250), 0x16FF0, 0x16FF1]


def newest(table):
    """The newest version's ranges, whatever the shape of the package's table."""
    return table[max(table, key=lambda name: [int(part) for part in name.split(".")])]


def scalars(ranges):
    return {value for first, last in ranges for value in range(first, last + 1)}


def ranges(values):
    """Sorted, closed, as few as there can be."""
    result = []
    for value in sorted(values):
        if result and result[-1][1] == value - 1:
            result[-1][1] = value
        else:
            result.append([value, value])
    return result


def table():
    wide = scalars(newest(WIDE_EASTASIAN))
    zero = scalars(newest(ZERO_WIDTH))
    zero -= scalars(newest(CATEGORY_MC))
    zero -= set(SPANNING_SIGNS)
    zero |= {0x00AD, *range(0x1160, 0x1200), *range(0xD7B0, 0xD800)}
    wide |= set(WIDE_BY_CUSTOM)
    # The surrogates are no scalars, and the controls never reach a cell.
    zero -= {*range(0xD800, 0xE000), *range(0x00, 0x20), *range(0x7F, 0xA0)}
    wide -= zero
    entries = [(first, last, 0) for first, last in ranges(zero)] + [(first, last, 2) for first, last in ranges(wide)]
    return sorted(entries)


def literal(entries):
    """Base 36 text: the gap since the end of the range before, its length less one, and `n`one or `w`ide.

    One string literal compiles at once, where an array of a thousand numbers
    takes the type checker seconds.
    """
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

    def number(value):
        text = ""
        while True:
            value, digit = divmod(value, 36)
            text = digits[digit] + text
            if value == 0:
                return text

    words = []
    end = 0
    for first, last, width in entries:
        length = "" if first == last else "-" + number(last - first)
        words.append(number(first - end) + length + ("n" if width == 0 else "w"))
        end = last + 1
    lines = [""]
    for word in words:
        if len(lines[-1]) + len(word) > 108:
            lines.append("")
        lines[-1] += word
    return lines


def source():
    entries = table()
    version = max(WIDE_EASTASIAN, key=lambda name: [int(part) for part in name.split(".")])
    body = "\n".join("        " + line + "\\" for line in literal(entries)[:-1])
    body += "\n        " + literal(entries)[-1]
    return f'''// Written by Scripts/generate-width-table.py; not to be edited by hand.

/// The ranges of Unicode scalars that do not take exactly one cell.
enum WidthTable {{
    /// The version of Unicode that the ranges are from.
    static let unicodeVersion = "{version}"

    /// How many ranges there are.
    static let count = {len(entries)}

    /// The ranges in order: in base 36, the distance from the end of the range
    /// before; after a `-`, its length less one; then `n` where its scalars take
    /// no cell and `w` where they take two.
    static let ranges = """
{body}
        """
}}
'''


def main():
    arguments = argparse.ArgumentParser(description="Writes the table of character widths.")
    arguments.add_argument("--check", action="store_true", help="only say whether the file is what would be written")
    arguments.add_argument("--compare-libc", action="store_true", help="list where the C library's wcwidth differs")
    options = arguments.parse_args()
    if options.compare_libc:
        return compare_libc()
    text = source()
    if options.check:
        with open(OUTPUT, encoding="utf-8") as file:
            if file.read() == text:
                return 0
        print(f"{os.path.relpath(OUTPUT)} is not what {os.path.basename(__file__)} writes", file=sys.stderr)
        return 1
    with open(OUTPUT, "w", encoding="utf-8") as file:
        file.write(text)
    return 0


def compare_libc():
    import ctypes
    import locale
    import unicodedata

    locale.setlocale(locale.LC_ALL, "C.UTF-8")
    libc = ctypes.CDLL(None)
    ours = {}
    for first, last, width in table():
        for value in range(first, last + 1):
            ours[value] = width
    different = {}
    for value in range(0xA0, 0x110000):
        if 0xD800 <= value < 0xE000:
            continue
        theirs = libc.wcwidth(ctypes.c_uint32(value))
        own = ours.get(value, 1)
        if theirs != own and theirs != -1:
            different.setdefault((own, theirs), []).append(value)
    for (own, theirs), values in sorted(different.items()):
        print(f"here {own}, in the C library {theirs}: {len(values)} scalars")
        for first, last in ranges(values):
            name = unicodedata.name(chr(first), "?")
            print(f"  U+{first:04X}...U+{last:04X} {unicodedata.category(chr(first))} {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
