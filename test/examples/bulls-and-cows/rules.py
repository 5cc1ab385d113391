"""The rules of bulls and cows: each of two players hides a number of different digits, then they guess in turn.

What crosses the wire is declared in game.ts. Nothing here knows of WAMP.
"""

from copy import deepcopy

name = "bulls_and_cows"
seats = 2


class Rejected(Exception):
    """What the rules refuse: a code of game.ts with its details, or "bad_arguments" with {"issues": […]}."""

    def __init__(self, code, message, **details):
        super().__init__(message)
        self.code, self.message, self.details = code, message, details


def wrong(path, message):
    return Rejected("bad_arguments", f"{path}: {message}", issues=[{"path": path, "message": message}])


def whole(value, least, most):
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def setup(options):
    """The position in which a match begins."""
    digits = options.get("digits", 4)
    for name in options.keys() - {"digits"}:
        raise wrong(name, "there is no such option")
    if not whole(digits, 3, 6):
        raise wrong("digits", "a whole number from 3 to 6 is wanted")
    return {
        "options": {"digits": digits},
        "state": {"codes": [[], []], "isHidden": [False, False], "guesses": [[], []]},
        "phase": "hiding",
        "toAct": [0, 1],
        "result": None,
    }


def seen(state, seat):
    """The state as a seat sees it, or for None a spectator: nobody sees another's code."""
    codes = [code if owner == seat else {"concealed": True} for owner, code in enumerate(state["codes"])]
    return {**state, "codes": codes}


def hide(position, seat, code):
    position["state"]["codes"][seat] = code
    position["state"]["isHidden"][seat] = True
    position["toAct"].remove(seat)
    if not position["toAct"]:
        position.update(phase="guessing", toAct=[0])
    return []


def guess(position, seat, code):
    hidden = position["state"]["codes"][1 - seat]
    bulls = sum(one == other for one, other in zip(code, hidden))
    answer = {"bulls": bulls, "cows": len(set(code) & set(hidden)) - bulls}
    position["state"]["guesses"][seat].append({"code": code, **answer})
    if bulls == len(hidden):
        position.update(toAct=[], result={"winner": seat, "reason": "guessed"})
    else:
        position["toAct"] = [1 - seat]
    return [{"event": "guessed", "data": answer}]


moves = {"hide": ("hiding", hide), "guess": ("guessing", guess)}


def play(position, seat, move, args):
    """The position after a move whose turn it is, and its events. Raises Rejected; then nothing has changed."""
    code, digits = args.get("code"), position["options"]["digits"]
    for name in args.keys() - {"code"}:
        raise wrong(name, "there is no such argument")
    if not isinstance(code, list) or not all(whole(digit, 0, 9) for digit in code):
        raise wrong("code", "a list of digits is wanted")
    if len(code) != digits:
        raise Rejected("wrong_length", f"The number has {digits} digits.", digits=digits)
    for digit in code:
        if code.count(digit) > 1:
            raise Rejected("repeated_digit", f"There are two {digit}.", digit=digit)
    after = deepcopy(position)
    return after, moves[move][1](after, seat, code)
