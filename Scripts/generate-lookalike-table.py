#!/usr/bin/env python3
"""Writes Sources/ChatProtocol/Values/LookalikeTable.swift.

    Scripts/generate-lookalike-table.py           # writes the file
    Scripts/generate-lookalike-table.py --check   # exit 1 where it would change

Which letters of the common scripts look like which Latin ones, after Unicode's
list of confusable characters (UTS 39) as the package `confusable_homoglyphs`
has it. Only letters whose look-alike is Latin are taken, and only from scripts
that people have on their keyboards or copy from a character map: what is left
over is told apart by NicknameKey's folding or not mistaken for Latin at all.
"""

import argparse
import json
import os
import subprocess
import sys
import unicodedata

VERSION = "3.3.1"
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
OUTPUT = os.path.join(ROOT, "Sources", "ChatProtocol", "Values", "LookalikeTable.swift")
SCRIPTS = ("CYRILLIC", "GREEK", "COPTIC", "ARMENIAN", "CHEROKEE", "GEORGIAN", "HEBREW", "LISU", "LATIN", "IPA", "DESERET")
WIDTH = 110


def confusables():
    directory = os.path.join(ROOT, ".build", f"confusable_homoglyphs-{VERSION}")
    if not os.path.isdir(directory):
        pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "install", "--no-deps"]
        subprocess.run([*pip, "--target", directory, f"confusable_homoglyphs=={VERSION}"], check=True)
    with open(os.path.join(directory, "confusable_homoglyphs", "confusables.json"), encoding="utf-8") as file:
        return json.load(file)


def mappings():
    """What each letter looks like, in Latin."""
    table = {}
    for source, targets in confusables().items():
        if len(source) != 1 or source.isascii() or not unicodedata.category(source).startswith("L"):
            continue
        if not unicodedata.name(source, "").startswith(SCRIPTS):
            continue
        latin = [target["c"] for target in targets if target["c"].isascii() and target["c"].isalnum()]
        if len(latin) != 1:
            continue
        # The list takes l, I, 1 and | for one; a capital that looks like l is an I.
        look = latin[0]
        if look == "l" and source != source.lower():
            look = "I"
        table[source] = look
    return table


def text():
    entries = "".join(f"{source}{look}" if len(look) == 1 else "" for source, look in sorted(mappings().items()))
    lines = [entries[start : start + WIDTH] for start in range(0, len(entries), WIDTH)]
    body = "\\\n        ".join(lines)
    return f'''// Written by Scripts/generate-lookalike-table.py; not to be edited by hand.

/// Letters of other scripts that look like Latin ones.
enum LookalikeTable {{
    /// Pairs of scalars: a letter, and the Latin letter or digit that it looks like.
    static let pairs = """
        {body}
        """
}}
'''


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="exit 1 where the file would change")
    arguments = parser.parse_args()
    wanted = text()
    if arguments.check:
        with open(OUTPUT, encoding="utf-8") as file:
            sys.exit(0 if file.read() == wanted else 1)
    with open(OUTPUT, "w", encoding="utf-8") as file:
        file.write(wanted)


if __name__ == "__main__":
    main()
