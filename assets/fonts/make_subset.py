"""Cuts the font that documents are set in out of Noto Sans CJK SC: see README.md beside this file.

    python make_subset.py NotoSansCJK-Regular.ttc Unihan_OtherMappings.txt[.bz2] NotoSansSC-subset.otf
"""

import bz2
import sys

from fontTools import subset
from fontTools.ttLib import TTFont

SIMPLIFIED_CHINESE = 2  # the face's place in the collection

RANGES = [
    (0x0020, 0x007E),  # Latin
    (0x00A0, 0x017F),  # accents of names and of pinyin
    (0x01CD, 0x01DC),  # pinyin tones
    (0x02B9, 0x02DD),  # tone marks
    (0x2010, 0x2027),  # dashes, quotes, ellipsis
    (0x2030, 0x203E),
    (0x2070, 0x209C),  # small raised and lowered figures
    (0x20A0, 0x20BF),  # currencies
    (0x2100, 0x218B),  # ℃ № Ⅻ
    (0x2190, 0x2199),  # arrows
    (0x2200, 0x22FF),  # comparisons
    (0x2460, 0x24EA),  # numbers in circles and brackets
    (0x25A0, 0x25CF),  # □ ■ ○ ●
    (0x2605, 0x2606),
    (0x2610, 0x2612),  # boxes to tick
    (0x3000, 0x303F),  # Chinese punctuation, 〇
    (0xFF01, 0xFFE6),  # wide Latin
]


def wanted(unihan):
    """GBK (with all of GB 2312), 通用规范汉字表 (Unihan's kTGH), and the ranges above."""
    characters = {c for first, last in RANGES for c in range(first, last + 1)}
    for lead in range(0x81, 0xFF):
        for trail in [*range(0x40, 0x7F), *range(0x80, 0xFF)]:
            try:
                characters.add(ord(bytes([lead, trail]).decode("gbk")))
            except UnicodeDecodeError:
                pass
    reader = bz2.open if unihan.endswith(".bz2") else open
    with reader(unihan, "rt", encoding="utf-8") as lines:
        standard = {int(line.split("\t")[0][2:], 16) for line in lines if "\tkTGH\t" in line}
    if len(standard) != 8105:
        sys.exit(f"the table has 8,105 characters, {unihan} has {len(standard)}")
    return characters | standard, standard


def main(source, unihan, target):
    characters, standard = wanted(unihan)
    options = subset.Options()
    options.drop_tables += ["BASE", "DSIG", "GDEF", "GPOS", "GSUB", "VORG", "vhea", "vmtx"]
    options.hinting = False
    options.layout_features = []
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 7, 13, 14]  # with copyright and licence
    options.name_languages = [0x0409]
    options.notdef_outline = True
    font = TTFont(source, fontNumber=SIMPLIFIED_CHINESE, recalcTimestamp=False)
    missing = [f"U+{c:04X}" for c in sorted(standard) if c not in font.getBestCmap()]
    if missing:
        sys.exit(f"the source lacks {len(missing)} of the 8,105: {missing[:20]}")
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=characters)
    cutter.subset(font)
    font.save(target)
    print(f"{len(font.getBestCmap())} characters, {font['maxp'].numGlyphs} glyphs")


if __name__ == "__main__":
    main(*sys.argv[1:])
