"""Characters that show as themselves, in cells that every terminal counts alike."""

import re
import unicodedata
from functools import lru_cache

INVISIBLE = "\N{DOTTED CIRCLE}"
"""Stands for a character that would not show, or not in cells that all terminals agree on."""

_CONTINUED = rb"[\x80-\xbf]"
CHARACTER = (
    rb"[\xc2-\xdf]C|\xe0[\xa0-\xbf]C|[\xe1-\xec\xee\xef]CC|\xed[\x80-\x9f]C"
    rb"|\xf0[\x90-\xbf]CC|[\xf1-\xf3]CCC|\xf4[\x80-\x8f]CC"
).replace(b"C", _CONTINUED)
"""One well-formed UTF-8 sequence beyond ASCII (The Unicode Standard, table 3-7)."""
HEAD_CUT = re.compile(_CONTINUED + rb"{1,3}")
"""Where bytes begin within a character."""
TAIL_CUT = re.compile(rb"(?:[\xc2-\xf4]|[\xe0-\xf4]C|[\xf0-\xf4]CC)\Z".replace(b"C", _CONTINUED))
"""Where bytes end within a character."""

_UNSURE = re.compile(
    # Fillers and blanks; vowels and endings of Hangul syllables, which join the letter before.
    "[\u115f-\u11ff\u2800\u3164\ud7b0-\ud7fb\uffa0"
    # Symbols that Unicode 16 made wide.
    "\u2630-\u2637\u268a-\u268f\u4dc0-\u4dff\U0001d300-\U0001d376"
    # Flags and skin tones, which join the character before in some terminals only.
    "\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff]"
)


@lru_cache(maxsize=4096)
def shows(character: str) -> bool:
    """It is one visible thing by itself."""
    is_mark = unicodedata.category(character).startswith("M")
    return character.isprintable() and not is_mark and not _UNSURE.match(character)


@lru_cache(maxsize=4096)
def shown(character: str, width: int) -> str:
    """The character itself, where it shows and fits in `width` cells."""
    return character if shows(character) and cells(character) <= width else INVISIBLE


@lru_cache(maxsize=4096)
def cells(text: str) -> int:
    """Of a span's text: only a character that stands alone can be wide."""
    return 2 if len(text) == 1 and unicodedata.east_asian_width(text) in "WF" else len(text)
