"""One match: who sits in it and who is here, what each of them sees, and what they are told when it changes."""

import time
import traceback
from datetime import datetime, timezone

import rules
from changes import diff, patched

held_ms = 120_000  # for so long the seat of somebody who dropped is kept
remembered = 128  # latest moves whose answers are kept
viewers = [None, *range(rules.seats)]  # None: everybody


class Match:
    """`publish(change, player)` tells everybody, or one player alone; `tell(summary)` tells the lobby."""

    def __init__(self, id, options, *, listed, publish, tell):
        self.id, self.listed, self.publish, self.tell = id, listed, publish, tell
        self.position = rules.setup(options)
        self.seats = [{"player": None, "connected": False} for _ in range(rules.seats)]
        self.rematch = {"wantedBy": [], "match": None}
        self.visitors = {}  # authids by session
        self.answers = {}  # what became of moves, by player and the id of the attempt
        self.version, self.begun = 0, False
        self.created, self.start = datetime.now(timezone.utc), time.monotonic()
        self.told = {viewer: self.seen(viewer) for viewer in viewers}
        self.summary = None

    @property
    def now(self):
        """Match time, ms."""
        return int((time.monotonic() - self.start) * 1000)

    # What is seen of it

    def seen(self, seat):
        return {
            **self.position,
            "state": rules.seen(self.position["state"], seat),
            "seats": self.seats,
            "stage": None,
            "clocks": None,
            "offers": [],
            "rematch": self.rematch,
        }

    def view(self, seat):
        return {**self.told[seat], "version": self.version, "epoch": 1}

    def changed(self, events=()):
        """One version more: its players are told what they alone may see, then everybody what all may see."""
        self.version += 1
        after = {viewer: self.seen(viewer) for viewer in viewers}
        delta = diff(self.told[None], after[None])
        for seat, place in enumerate(self.seats):
            part = diff(patched(self.told[seat], delta), after[seat])
            if part != {} and place["player"]:
                self.publish({"type": "part", "version": self.version, "delta": part}, place["player"])
        self.publish({"type": "commit", "version": self.version, "delta": delta, "events": list(events)}, None)
        self.told = after
        self.news()

    def news(self):
        players = [place["player"] for place in self.seats]
        summary = {
            "id": self.id,
            "game": rules.name,
            "status": "over" if self.position["result"] else "playing" if self.begun else "open",
            "listed": self.listed,
            "seats": [{"player": place["player"], "connected": place["connected"]} for place in self.seats],
            "created": self.created.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "spectators": len(set(self.visitors.values()) - set(players)),
        }
        if summary != self.summary:
            self.summary = summary
            self.tell(summary)

    # Who is here

    def seat_of(self, player):
        return next((seat for seat, place in enumerate(self.seats) if place["player"] == player), None)

    def free_seat(self):
        return self.seat_of(None)

    def sit(self, seat, player):
        self.put(seat, {"player": player, "connected": True})
        self.begun = self.begun or self.free_seat() is None
        self.changed()

    def put(self, seat, place):
        self.seats = [place if index == seat else other for index, other in enumerate(self.seats)]

    def look(self):
        """Makes the seats follow from who is here."""
        here = set(self.visitors.values())
        for seat, place in enumerate(self.seats):
            player = place["player"]
            if player is not None and place["connected"] != (player in here):
                is_held = player not in here and not self.position["result"]
                held = {"heldUntil": self.now + held_ms} if is_held else {}
                self.put(seat, {"player": player, "connected": player in here, **held})
                self.changed()
        self.give_up_the_lost()
        self.news()

    def give_up_the_lost(self):
        lost = [seat for seat, place in enumerate(self.seats) if place.get("heldUntil", self.now + 1) <= self.now]
        if self.position["result"]:
            return
        if not self.begun:
            for seat in lost:
                self.stand(seat)
        elif lost and (len(lost) == rules.seats or any(place["connected"] for place in self.seats)):
            self.end(lost, "abandoned")

    def held_until(self):
        """Match time when the next seat is given up; None: nobody is waited for."""
        times = [place["heldUntil"] for place in self.seats if place.get("heldUntil", 0) > self.now]
        return min(times, default=None) if not self.position["result"] else None

    def leave(self, player):
        seat = self.seat_of(player)
        if seat is not None and not self.begun:
            self.stand(seat)
        elif seat is not None and not self.position["result"]:
            self.end([seat], "left")

    def stand(self, seat):
        self.put(seat, {"player": None, "connected": False})
        self.changed()

    def end(self, without, reason):
        winners = [seat for seat in range(rules.seats) if seat not in without]
        result = {"winner": winners[0]} if winners else {"draw": True}
        self.position = {**self.position, "toAct": [], "result": {**result, "reason": reason}}
        self.changed()

    @property
    def is_deserted(self):
        return not self.visitors and (not self.begun or self.position["result"] is not None)

    # What players do

    def move(self, seat, move, args):
        """Raises rules.Rejected; then nothing has changed."""
        allowed_in, _ = rules.moves[move]
        if self.position["result"]:
            raise rules.Rejected("over", "The match is over.")
        if not self.begun:
            raise rules.Rejected("not_your_turn", "The match waits for players.", toAct=[])
        if seat not in self.position["toAct"]:
            raise rules.Rejected("not_your_turn", "It is not your turn.", toAct=self.position["toAct"])
        if self.position["phase"] != allowed_in:
            phase = self.position["phase"]
            raise rules.Rejected("wrong_phase", f'Not in the phase "{phase}".', phase=phase, stage=None)
        try:
            self.position, events = rules.play(self.position, seat, move, args)
        except rules.Rejected:
            raise
        except Exception:
            traceback.print_exc()
            raise rules.Rejected("rule_failed", "The rules of this game failed. Nothing has changed.")
        self.changed(events)

    def remember(self, attempt, answer):
        self.answers[attempt] = answer
        if len(self.answers) > remembered:
            del self.answers[next(iter(self.answers))]

    def want_rematch(self, seat, wanted):
        """Whether now, and not before, all want it. Declining takes back what anybody has said."""
        wanted_by = sorted({*self.rematch["wantedBy"], seat}) if wanted else []
        if self.rematch["match"] is not None or wanted_by == self.rematch["wantedBy"]:
            return False
        self.rematch = {"wantedBy": wanted_by, "match": None}
        self.changed()
        return len(wanted_by) == rules.seats

    def succeeded_by(self, match):
        self.rematch = {**self.rematch, "match": match}
        self.changed()
