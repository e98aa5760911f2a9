#!/usr/bin/env python3
"""Draws a terminal's screen as a picture, to look at it without a terminal.

    tmux capture-pane -e -p -t PANE | Scripts/render-screen.py -o screen.png
    Scripts/render-screen.py screen.ansi -o screen.png --light
    Scripts/render-screen.py --tmux-socket NAME --target PANE -o screen.png

The last form asks tmux itself (`tmux -L NAME`), and so knows the pane's size
and where its cursor is. Reads text with SGR sequences (16, 256 and direct
colors; bold, dim, italic, underline, reverse), one line a row, and ignores
every other sequence. Widths are those of wcwidth(3), as in the terminal.

Needs Pillow (`pip install pillow`) and a monospace font: fonts-dejavu-core or
fonts-noto-mono on Debian; fonts-noto-cjk (or fonts-droid-fallback) and
fonts-noto-color-emoji for what these lack. A cell that no font can draw is a
box with the scalar's number in it.
"""

import argparse
import ctypes
import glob
import locale
import re
import subprocess
import sys

try:
    from PIL import Image, ImageDraw, ImageFont
except ImportError:
    sys.exit("render-screen: needs Pillow: pip install pillow")

FONTS = "/usr/share/fonts"
MONOSPACE = {
    "": ["DejaVuSansMono.ttf", "NotoSansMono-Regular.ttf"],
    "bold": ["DejaVuSansMono-Bold.ttf", "NotoSansMono-Bold.ttf"],
    "italic": ["DejaVuSansMono-Oblique.ttf"],
    "bold italic": ["DejaVuSansMono-BoldOblique.ttf"],
}
FALLBACK = ["NotoSansCJK-Regular.ttc", "DroidSansFallbackFull.ttf", "DroidSansFallback.ttf", "DejaVuSans.ttf", "unifont*.otf"]
EMOJI = "NotoColorEmoji.ttf"
# xterm's sixteen.
BASIC = [
    (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (60, 60, 238), (205, 0, 205), (0, 205, 205), (229, 229, 229),
    (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0), (92, 92, 255), (255, 0, 255), (0, 255, 255), (255, 255, 255),
]  # fmt: skip


def indexed(number):
    if number < 16:
        return BASIC[number]
    if number < 232:
        number -= 16
        level = lambda part: 0 if part == 0 else 55 + 40 * part
        return (level(number // 36), level(number // 6 % 6), level(number % 6))
    return (8 + 10 * (number - 232),) * 3


class Look:
    def __init__(self):
        self.reset()

    def reset(self):
        self.foreground = self.background = None
        self.bold = self.dim = self.italic = self.underline = self.reverse = False

    def copy(self):
        other = Look()
        other.__dict__.update(self.__dict__)
        return other

    def apply(self, sequence):
        """One SGR sequence's numbers; colons and semicolons alike."""
        numbers = [int(part or 0) for part in re.split("[;:]", sequence)]
        while numbers:
            number = numbers.pop(0)
            if number == 0:
                self.reset()
            elif number == 1:
                self.bold = True
            elif number == 2:
                self.dim = True
            elif number == 3:
                self.italic = True
            elif number == 4:
                self.underline = True
            elif number == 7:
                self.reverse = True
            elif number == 22:
                self.bold = self.dim = False
            elif number == 23:
                self.italic = False
            elif number == 24:
                self.underline = False
            elif number == 27:
                self.reverse = False
            elif 30 <= number <= 37:
                self.foreground = BASIC[number - 30]
            elif 40 <= number <= 47:
                self.background = BASIC[number - 40]
            elif 90 <= number <= 97:
                self.foreground = BASIC[number - 82]
            elif 100 <= number <= 107:
                self.background = BASIC[number - 92]
            elif number == 39:
                self.foreground = None
            elif number == 49:
                self.background = None
            elif number in (38, 48):
                kind = numbers.pop(0) if numbers else 0
                color = None
                if kind == 5 and numbers:
                    color = indexed(numbers.pop(0))
                elif kind == 2 and len(numbers) >= 3:
                    color = tuple(numbers[:3])
                    del numbers[:3]
                if number == 38:
                    self.foreground = color
                else:
                    self.background = color


class Width:
    def __init__(self):
        for name in ("C.UTF-8", "en_US.UTF-8", ""):
            try:
                locale.setlocale(locale.LC_ALL, name)
                break
            except locale.Error:
                continue
        self.libc = ctypes.CDLL(None)

    def __call__(self, scalar):
        return self.libc.wcwidth(ctypes.c_uint32(ord(scalar)))


def parse(text, width):
    """Rows of (text, cells, look)."""
    rows = []
    look = Look()
    for line in text.split("\n"):
        row = []
        position = 0
        while position < len(line):
            match = re.compile(r"\x1b\[([0-9;:]*)m").match(line, position)
            if match:
                look.apply(match.group(1))
                position = match.end()
                continue
            match = re.compile(r"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)|[()].|.)|[\x0e\x0f\r]").match(line, position)
            if match:
                position = match.end()
                continue
            scalar = line[position]
            position += 1
            cells = width(scalar)
            if cells == 0 and row:
                row[-1] = (row[-1][0] + scalar, row[-1][1], row[-1][2])
            else:
                row.append((scalar, max(1, cells), look.copy()))
        rows.append(row)
    while rows and not rows[-1]:
        rows.pop()
    return rows


class Fonts:
    def __init__(self, size):
        self.size = size
        self.mono = {}
        for style, names in MONOSPACE.items():
            path = self.find(names)
            if path:
                self.mono[style] = ImageFont.truetype(path, size)
        if "" not in self.mono:
            sys.exit("render-screen: no monospace font: apt-get install fonts-dejavu-core")
        self.fallback = []
        for name in FALLBACK:
            path = self.find([name])
            if path:
                self.fallback.append(ImageFont.truetype(path, size))
        path = self.find([EMOJI])
        self.emoji = ImageFont.truetype(path, 109) if path else None
        self.missing = {}

    @staticmethod
    def find(names):
        for name in names:
            found = sorted(glob.glob(f"{FONTS}*/**/{name}", recursive=True))
            if found:
                return found[0]
        return None

    def has(self, font, scalar):
        """Whether a font draws a scalar, by comparing it to what it draws for no character."""
        if id(font) not in self.missing:
            self.missing[id(font)] = bytes(font.getmask("\U0010FFFE"))
        mask = font.getmask(scalar)
        return bytes(mask) != self.missing[id(font)] and (mask.getbbox() is not None or scalar.isspace())

    def pick(self, text, style):
        for font in [self.mono.get(style, self.mono[""]), self.mono[""], *self.fallback]:
            if self.has(font, text[0]):
                return font
        return None


def mix(color, other, part):
    return tuple(round(a * part + b * (1 - part)) for a, b in zip(color, other))


def render(rows, columns, height, cursor, light, size):
    fonts = Fonts(size)
    cell_width = round(fonts.mono[""].getlength("M"))
    ascent, descent = fonts.mono[""].getmetrics()
    cell_height = ascent + descent
    page = (255, 255, 255) if light else (18, 18, 18)
    ink = (0, 0, 0) if light else (229, 229, 229)
    margin = cell_width
    image = Image.new("RGB", (columns * cell_width + 2 * margin, height * cell_height + 2 * margin), page)
    draw = ImageDraw.Draw(image)

    for number, row in enumerate(rows):
        y = margin + number * cell_height
        column = 0
        for text, cells, look in row:
            x = margin + column * cell_width
            wide = cells * cell_width
            foreground, background = look.foreground or ink, look.background or page
            if look.reverse:
                foreground, background = background, foreground
            if look.dim:
                foreground = mix(foreground, background, 0.6)
            if cursor == (number, column):
                foreground, background = background, foreground
            column += cells
            if background != page:
                draw.rectangle([x, y, x + wide - 1, y + cell_height - 1], fill=background)
            if look.underline:
                draw.line([x, y + ascent + 2, x + wide - 1, y + ascent + 2], fill=foreground)
            if text == " ":
                continue
            if box(draw, text, x, y, cell_width, cell_height, foreground):
                continue
            style = " ".join(name for name in ("bold", "italic") if getattr(look, name))
            font = fonts.pick(text, style)
            is_emoji = cells == 2 and ord(text[0]) >= 0x2300 and not 0x3000 <= ord(text[0]) <= 0xFFFF
            if fonts.emoji and (font is None or is_emoji) and fonts.has(fonts.emoji, text[0]):
                glyph = Image.new("RGBA", (136, 128), (0, 0, 0, 0))
                ImageDraw.Draw(glyph).text((0, 0), text[0], font=fonts.emoji, embedded_color=True)
                glyph = glyph.resize((wide, round(wide * 128 / 136)))
                image.paste(glyph, (x, y + (cell_height - glyph.height) // 2), glyph)
            elif font is None:
                draw.rectangle([x + 1, y + 1, x + wide - 2, y + cell_height - 2], outline=foreground)
            else:
                # Never wider than its cells, as in a terminal.
                glyph = Image.new("L", (wide, cell_height), 0)
                offset = max(0, (wide - font.getlength(text[0])) / 2) if font not in fonts.mono.values() else 0
                ImageDraw.Draw(glyph).text((offset, ascent), text, font=font, fill=255, anchor="ls")
                image.paste(foreground, (x, y), glyph)
    if cursor and (cursor[0] >= len(rows) or cursor[1] >= sum(cells for _, cells, _ in rows[cursor[0]])):
        x, y = margin + cursor[1] * cell_width, margin + cursor[0] * cell_height
        draw.rectangle([x, y, x + cell_width - 1, y + cell_height - 1], fill=ink)
    return image


def box(draw, text, x, y, width, height, color):
    """Lines and blocks drawn over the whole cell, so that they join."""
    middle_x, middle_y = x + width // 2, y + height // 2
    arms = {"─": "lr", "│": "ud", "┬": "lrd", "┴": "lru", "├": "udr", "┤": "udl", "┼": "lrud",
            "┌": "rd", "┐": "ld", "└": "ru", "┘": "lu", "╭": "rd", "╮": "ld", "╰": "ru", "╯": "lu"}  # fmt: skip
    if text == "█":
        draw.rectangle([x, y, x + width - 1, y + height - 1], fill=color)
        return True
    if text not in arms:
        return False
    ends = {"l": (x, middle_y), "r": (x + width - 1, middle_y), "u": (middle_x, y), "d": (middle_x, y + height - 1)}
    for arm in arms[text]:
        draw.line([(middle_x, middle_y), ends[arm]], fill=color)
    return True


def main():
    arguments = argparse.ArgumentParser(description="Draws a terminal's screen as a picture.")
    arguments.add_argument("input", nargs="?", default="-", help="a file with what `tmux capture-pane -e -p` wrote; - is standard input")
    arguments.add_argument("-o", "--output", default="screen.png")
    arguments.add_argument("--tmux-socket", help="ask the tmux server of this name (tmux -L)")
    arguments.add_argument("--target", default="", help="the pane to ask it for")
    arguments.add_argument("--columns", type=int, default=0, help="at least this many")
    arguments.add_argument("--rows", type=int, default=0, help="at least this many")
    arguments.add_argument("--light", action="store_true", help="black on white")
    arguments.add_argument("--font-size", type=int, default=16)
    options = arguments.parse_args()

    cursor = None
    if options.tmux_socket:
        tmux = ["tmux", "-L", options.tmux_socket]
        target = ["-t", options.target] if options.target else []
        text = subprocess.run([*tmux, "capture-pane", "-e", "-p", *target], check=True, capture_output=True).stdout
        wanted = "#{pane_width} #{pane_height} #{cursor_x} #{cursor_y} #{cursor_flag}"
        answer = subprocess.run([*tmux, "display-message", "-p", *target, wanted], check=True, capture_output=True)
        columns, height, x, y, shown = map(int, answer.stdout.split())
        options.columns, options.rows = columns, height
        cursor = (y, x) if shown else None
    elif options.input == "-":
        text = sys.stdin.buffer.read()
    else:
        with open(options.input, "rb") as file:
            text = file.read()
    rows = parse(text.decode("utf-8", "replace"), Width())
    columns = max([options.columns, 1, *(sum(cells for _, cells, _ in row) for row in rows)])
    image = render(rows, columns, max(options.rows, len(rows), 1), cursor, options.light, options.font_size)
    image.save(options.output)
    print(f"{options.output}: {columns}x{max(options.rows, len(rows), 1)} cells, {image.width}x{image.height} pixels")


if __name__ == "__main__":
    main()
