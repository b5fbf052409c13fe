"""Inputs near to good ones: a seed with a few edits to its bytes, or to its words and lines."""

import re
from collections.abc import Callable, Sequence

from hypothesis import strategies as st

MOST_EDITS, LONGEST_INSERT, MOST_COPIES, LONGEST_STRETCH = 4, 40, 200, 300
# a quoted text, a name or number, or any other character, in bytes of any encoding
TOKEN = re.compile(rb'"[^"\n]*"|[\w.+-]+|\s+|.', re.DOTALL)
# what readers of text are known to stumble over
NASTY = (
    b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"\n", b'"', b"'", b",", b"1e999", b"\xc3\x28",
    b"../../x", b"\xe5\xa4\xa7", b"\xe2\x80\xa6", b"<", b"&", b"\x1b[2J", b"%s", b"{0}", b"=1+1",
)  # fmt: skip
VALUES = (
    b'""', b'" "', b'"x"', b"x", b"[]", b"{}", b"[[]]", b'["x"]', b"true", b"nan", b"inf", b"-inf",
    b"-1", b"0", b"1e308", b"1979-05-27", b"99999999999999999999", b"0.5", b"2", b"-0.0",
)  # fmt: skip
Edit = Callable[[bytes], bytes]
SHARE = st.floats(0.0, 1.0)


def near(seeds: Sequence[bytes], words: Sequence[bytes]) -> st.SearchStrategy[bytes]:
    """Return a strategy of inputs: mostly a seed after one to four edits, some from nowhere."""
    known = tuple(words) + VALUES
    by_word = st.lists(_word_edits(known), min_size=1, max_size=MOST_EDITS)
    by_byte = st.lists(_byte_edits(known + NASTY), min_size=1, max_size=MOST_EDITS)
    seed = st.sampled_from(list(seeds))
    spoilt = [st.builds(_edited, seed, edits) for edits in (by_word, by_word, by_byte)]
    return st.one_of(*spoilt, st.binary(max_size=LONGEST_STRETCH))


def _edited(seed: bytes, edits: list[Edit]) -> bytes:
    for edit in edits:
        seed = edit(seed)
    return seed


def _at(size: int, share: float) -> int:
    return min(int(share * size), max(size - 1, 0))


# --- words and lines --------------------------------------------------------------------------


def _word_edits(words: Sequence[bytes]) -> st.SearchStrategy[Edit]:
    word = st.sampled_from(list(words))
    return st.one_of(
        st.builds(_other_token, SHARE, word),
        st.builds(_other_token, SHARE, word),
        st.builds(_moved_token, SHARE, SHARE),
        st.builds(_line_in, SHARE, word),
        st.builds(_line_out, SHARE),
        st.builds(_line_moved, SHARE, SHARE),
    )


def _tokens(content: bytes) -> list[bytes]:
    return TOKEN.findall(content)


def _place(tokens: list[bytes], share: float) -> int:
    """Return the place of a token that is more than white space; 0 where there is none."""
    places = [place for place, token in enumerate(tokens) if token.strip()]
    return places[_at(len(places), share)] if places else 0


def _other_token(share: float, word: bytes) -> Edit:
    def edit(content: bytes) -> bytes:
        tokens = _tokens(content) or [b""]
        tokens[_place(tokens, share)] = word
        return b"".join(tokens)

    return edit


def _moved_token(one: float, other: float) -> Edit:
    """Write one token over another."""

    def edit(content: bytes) -> bytes:
        tokens = _tokens(content) or [b""]
        tokens[_place(tokens, one)] = tokens[_place(tokens, other)]
        return b"".join(tokens)

    return edit


def _line_in(share: float, line: bytes) -> Edit:
    return lambda content: _with_line(content.split(b"\n"), share, line)


def _with_line(lines: list[bytes], share: float, line: bytes) -> bytes:
    at = _at(len(lines), share)
    return b"\n".join([*lines[:at], line, *lines[at:]])


def _line_out(share: float) -> Edit:
    def edit(content: bytes) -> bytes:
        lines = content.split(b"\n")
        del lines[_at(len(lines), share)]
        return b"\n".join(lines)

    return edit


def _line_moved(one: float, other: float) -> Edit:
    """Say a line once more, elsewhere."""

    def edit(content: bytes) -> bytes:
        lines = content.split(b"\n")
        return _with_line(lines, one, lines[_at(len(lines), other)])

    return edit


# --- bytes ------------------------------------------------------------------------------------


def _byte_edits(words: Sequence[bytes]) -> st.SearchStrategy[Edit]:
    return st.one_of(
        st.builds(_inserted, SHARE, st.sampled_from(list(words))),
        st.builds(_inserted, SHARE, st.binary(min_size=1, max_size=LONGEST_INSERT)),
        st.builds(_flipped, SHARE, st.integers(1, 255)),
        st.builds(_flipped, SHARE, st.sampled_from([1, 2, 4, 8, 16, 32, 64, 128])),
        st.builds(_set, SHARE, st.sampled_from([b"\0" * 4, b"\xff" * 4, b"\xff\xff\xff\x7f"])),
        st.builds(_without, SHARE, st.integers(1, LONGEST_STRETCH)),
        st.builds(_repeated, SHARE, SHARE, st.integers(2, MOST_COPIES)),
        st.builds(_cut, SHARE),
    )


def _inserted(share: float, word: bytes) -> Edit:
    return lambda content: content[: (at := _at(len(content), share))] + word + content[at:]


def _set(share: float, word: bytes) -> Edit:
    """Write over the bytes at a place, as a number in a binary header would be."""
    return lambda content: (
        content[: (at := _at(len(content), share))] + word + content[at + len(word) :]
    )


def _flipped(share: float, bits: int) -> Edit:
    def edit(content: bytes) -> bytes:
        if not content:
            return content
        at = _at(len(content), share)
        return content[:at] + bytes([content[at] ^ bits]) + content[at + 1 :]

    return edit


def _without(share: float, size: int) -> Edit:
    return lambda content: content[: (at := _at(len(content), share))] + content[at + size :]


def _repeated(one: float, other: float, copies: int) -> Edit:
    low, high = sorted((one, other))

    def edit(content: bytes) -> bytes:
        start = _at(len(content), low)
        stretch = content[start : min(_at(len(content), high), start + LONGEST_STRETCH)]
        return content[:start] + stretch * copies + content[start:]

    return edit


def _cut(share: float) -> Edit:
    return lambda content: content[: _at(len(content), share)]
