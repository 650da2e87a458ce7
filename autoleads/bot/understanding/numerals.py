"""Numbers written as words, Indonesian and Javanese, put into digits."""

from autoleads.bot.understanding.normalize import Token

_UNITS = {
    "nol": 0, "kosong_": 0, "se": 1, "satu": 1, "siji": 1, "setunggal": 1, "dua": 2, "loro": 2, "rong":
    2, "kalih": 2,
    "tiga": 3, "telu": 3, "telung": 3, "tigo": 3, "empat": 4, "papat": 4, "patang": 4, "pat": 4, "lima":
    5, "limo": 5, "limang": 5,
    "enam": 6, "enem": 6, "nem": 6, "tujuh": 7, "pitu": 7, "pitung": 7, "delapan": 8, "wolu": 8, "wolung": 8,
    "sembilan": 9, "songo": 9, "sanga": 9, "sangang": 9, "sepuluh": 10, "sedoso": 10, "sebelas": 11,
    "sewelas": 11,
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
    "selawe": 25, "seket": 50, "sewidak": 60, "suwidak": 60, "satus": 100, "seratus": 100, "rongatus":
    200, "telungatus": 300,
    "patangatus": 400, "limangatus": 500, "rongpuluh": 20, "telungpuluh": 30, "patangpuluh": 40,
    "pitungpuluh": 70, "wolungpuluh": 80,
    "sangangpuluh": 90, "seribu": 1000, "sewu": 1000,
}  # fmt: skip
_TIMES = {"puluh": 10, "puluhan": 10, "ratus": 100, "ratusan": 100, "atus": 100}
_TEENS = {"belas": 10, "welas": 10, "likur": 20}
_WHOLE = {"sejuta": "juta", "semiliar": "miliar", "semilyar": "miliar", "sayuto": "juta"}
_POINT = "koma"
_HALF = frozenset({"setengah", "stengah", "setengan"})


def spelled(tokens: list[Token]) -> list[Token]:
    """Replaces each run of number words by one number token ("seratus lima puluh" -> 150)."""
    out: list[Token] = []
    i = 0
    while i < len(tokens):
        token = tokens[i]
        if token.text in _WHOLE and not token.role:
            out += [_number(token, 1), Token("word", token.text, _WHOLE[token.text], False, token.start)]
            i += 1
            continue
        end, value, approx = _run(tokens, i)
        if end == i:
            out.append(token)
            i += 1
            continue
        out.append(_number(token, value))
        if approx:
            out.append(Token("word", "an", "an", True, token.start))
        i = end
    return out


def _number(token: Token, value: float) -> Token:
    return Token("num", token.text, f"{value:g}", token.glued, token.start, value=value)


def _run(tokens: list[Token], start: int) -> tuple[int, float, bool]:
    """(index after the run, its value, whether it ends in -an); the start itself when there is none."""
    total, last, i, approx = 0.0, None, start, False
    digits = False  # whether `last` was told digit by digit
    while i < len(tokens):
        token = tokens[i]
        word = token.text
        if token.role or token.kind == "mark" or (i and tokens[i - 1].text == "nuwun"):
            break
        if token.kind == "num":
            # "seratus 50": digits may end a run, never begin one, unless a word of counting follows.
            follows = i + 1 < len(tokens) and tokens[i + 1].text in _TIMES
            if (i == start and not follows) or (last is not None and (token.value or 0) >= 100):
                break
            total, last = total + (last or 0), token.value or 0
            if i > start and not follows:
                total, last, i = total + last, 0.0, i + 1
                break
        elif digits and last is not None and _is_digit(tokens, i):  # "empat lima" is no sum
            last = last * 10 + _UNITS[word]
        elif word in _UNITS:
            total, last, digits = total + (last or 0), float(_UNITS[word]), _is_digit(tokens, i)
        elif word == _POINT and last is not None and (decimals := _decimals(tokens, i + 1)):
            return i + 1 + len(decimals), total + last + float(f"0.{decimals}"), False
        elif last is not None and word in _TIMES:
            last *= _TIMES[word]
            approx = word.endswith("an")
        elif last is not None and word in _TEENS:
            last += _TEENS[word]
        elif word.endswith("an") and _UNITS.get(word[:-2], 0) >= 10:
            total, last, approx = total + (last or 0), float(_UNITS[word[:-2]]), True
        elif word in _HALF and last is not None:
            last += 0.5
        else:
            break
        i += 1
        if approx:
            break
    if last is None or i == start:
        return start, 0.0, False
    return i, total + last, approx


def _is_digit(tokens: list[Token], i: int) -> bool:
    """Whether a word is a digit that no word of counting behind it makes more of."""
    behind = tokens[i + 1].text if i + 1 < len(tokens) else ""
    return _UNITS.get(tokens[i].text, 10) < 10 and behind not in _TIMES and behind not in _TEENS


def _decimals(tokens: list[Token], start: int) -> str:
    end = start
    while end < len(tokens) and _is_digit(tokens, end):
        end += 1
    return "".join(str(_UNITS[token.text]) for token in tokens[start:end])
