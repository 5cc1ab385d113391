"""Hosts matches of bulls and cows beside a game server: an authority written from docs/wire.md alone. See README.md."""

import argparse
import asyncio
import os
import secrets
import sys

import txaio

txaio.use_asyncio()

from autobahn.asyncio.wamp import ApplicationRunner, ApplicationSession
from autobahn.wamp.exception import ApplicationError
from autobahn.wamp.types import PublishOptions, RegisterOptions

import rules
from match import Match
from rules import Rejected, wrong

keep_s = 60  # for so long a match is kept in which nobody is any more
framework_codes = {"bad_arguments", "not_your_turn", "wrong_phase", "no_seat", "over", "full", "no_such_match",
                   "outdated_client", "rule_failed"}
matches_uri = f"game.{rules.name}.match."


def refusal(rejected, version=0):
    of_game = "" if rejected.code in framework_codes else f"{rules.name}."
    uri = f"game.{of_game}error.{rejected.code}"
    return ApplicationError(uri, rejected.message, code=rejected.code, details=rejected.details, version=version)


def known(kwargs, *names):
    for name in kwargs.keys() - set(names):
        raise wrong(name, "there is no such argument")


def only_services(details):
    if details.caller_authrole not in ("service", "authority"):
        raise ApplicationError("wamp.error.not_authorized", "only services do that: call lobby.create")


class Authority(ApplicationSession):
    def onConnect(self):
        self.join(self.config.realm, authmethods=["ticket"], authid=arguments.name)

    def onChallenge(self, challenge):
        return os.environ["REALMKIT_TICKET"]

    async def onJoin(self, details):
        self.matches, self.registrations, self.alarms = {}, {}, {}
        await self.subscribe(self.left, "wamp.session.on_leave")
        shared = {"invoke": "roundrobin", "details_arg": "details"}
        await self.register(self.nobody, matches_uri, options=RegisterOptions(match="prefix", **shared))
        await self.register(self.create, f"game.{rules.name}.create", options=RegisterOptions(**shared))
        print(f"hosting {rules.name}", flush=True)

    def onUserError(self, failure, message):
        if not isinstance(failure.value, ApplicationError):  # those are answers
            super().onUserError(failure, message)

    def onLeave(self, details):
        print(f"the session has ended: {details.reason} {details.message or ''}", file=sys.stderr)
        self.disconnect()

    def onDisconnect(self):
        asyncio.get_event_loop().stop()

    # Matches that come and go

    def nobody(self, *args, details, **kwargs):
        raise refusal(Rejected("no_such_match", "There is no such match."))

    async def create(self, details, options={}, seats=rules.seats, listed=True, players=[]):
        only_services(details)
        try:
            if not isinstance(options, dict):
                raise wrong("options", "a dict is wanted")
            if seats != rules.seats:
                raise wrong("seats", f"there are {rules.seats}")
            if len(players) > seats or len(set(players) - {None}) < sum(player is not None for player in players):
                raise wrong("players", "each of them needs a seat, and one seat")
            return {"match": await self.host(options, listed, players), "seats": seats}
        except Rejected as rejected:
            raise refusal(rejected)

    async def host(self, options, listed, players):
        id = secrets.token_hex(8)
        uri = f"{matches_uri}{id}."

        def publish(change, player):
            to = {"eligible_authid": [player]} if player else {}
            self.publish(uri + "state.json", change, options=PublishOptions(acknowledge=False, **to))

        def tell(summary):
            self.publish("authority.match", {"changed": summary}, options=PublishOptions(acknowledge=False))

        match = Match(id, options, listed=listed, publish=publish, tell=tell)

        def serve(*args, details, **kwargs):
            return self.serve(match, details.procedure[len(uri):], details, args, kwargs)

        described = RegisterOptions(match="prefix", details_arg="details")
        self.registrations[id] = await self.register(serve, uri, options=described)
        self.matches[id] = match
        for seat, player in enumerate(players):
            if player is not None:
                match.sit(seat, player)
        self.settle(match)
        return id

    def settle(self, match):
        """After whatever happened to a match: who is here, who is waited for, whether anybody needs it."""
        if match.id not in self.matches:
            return
        match.look()
        self.forget_alarm(match)
        until = match.held_until()
        if match.is_deserted:
            self.alarms[match.id] = asyncio.get_event_loop().call_later(keep_s, self.close, match)
        elif until is not None:
            wait_s = (until - match.now) / 1000
            self.alarms[match.id] = asyncio.get_event_loop().call_later(wait_s, self.settle, match)

    def forget_alarm(self, match):
        if match.id in self.alarms:
            self.alarms.pop(match.id).cancel()

    def close(self, match):
        if self.matches.pop(match.id, None):
            self.forget_alarm(match)
            self.registrations.pop(match.id).unregister()
            self.publish("authority.match", {"removed": match.id}, options=PublishOptions(acknowledge=False))

    def left(self, session, *_):
        for match in [match for match in self.matches.values() if match.visitors.pop(session, None)]:
            self.settle(match)

    # What is asked of a match

    async def serve(self, match, what, details, args, kwargs):
        serve = {"join": self.join_match, "sync": self.sync, "leave": self.leave_match, "close": self.close_match,
                 "offer": self.offer, "answer": self.answer}.get(what)
        try:
            if match.id not in self.matches:
                raise Rejected("no_such_match", "There is no such match.")
            if what.startswith("move.") and what[5:] in rules.moves:
                return self.move(match, what[5:], details.caller_authid, args, kwargs)
            if serve is None:
                raise ApplicationError("wamp.error.no_such_procedure", f'a match has no procedure "{what}"')
            if args:
                raise wrong("args[0]", "there are keyword arguments only")
            answer = serve(match, details, kwargs)
            return await answer if asyncio.iscoroutine(answer) else answer
        except Rejected as rejected:
            raise refusal(rejected, match.version)

    def join_match(self, match, details, kwargs):
        known(kwargs, "form", "seat", "fingerprint")
        if arguments.fingerprint and kwargs.get("fingerprint", arguments.fingerprint) != arguments.fingerprint:
            raise Rejected("outdated_client", "This page is outdated. Reload it.")
        if kwargs.get("form", "json") != "json":
            raise wrong("form", "there is json only")
        held, wanted = match.seat_of(details.caller_authid), kwargs.get("seat", match.free_seat())
        if held is not None and wanted not in (None, held) and "seat" in kwargs:
            raise wrong("seat", f"you sit in seat {held} already")
        if held is None and (wanted is not None or "seat" not in kwargs):
            if match.free_seat() is None:
                raise Rejected("over" if match.position["result"] else "full", "There is no free seat.")
            if not rules.whole(wanted, 0, rules.seats - 1):
                raise wrong("seat", f"there are seats 0 to {rules.seats - 1}")
            if match.seats[wanted]["player"] is not None:
                raise Rejected("full", "Somebody sits there.")
            match.visitors[details.caller] = details.caller_authid
            match.sit(wanted, details.caller_authid)
        return self.arrived(match, details)

    def sync(self, match, details, kwargs):
        known(kwargs, "form", "since", "diverged")
        if kwargs.get("form", "json") != "json":
            raise wrong("form", "there is json only")
        seat = match.seat_of(details.caller_authid)
        if seat is not None:
            self.arrived(match, details)
        return {"view": match.view(seat), "now": match.now}

    def arrived(self, match, details):
        match.visitors[details.caller] = details.caller_authid
        self.settle(match)
        seat = match.seat_of(details.caller_authid)
        return {"seat": seat, "view": match.view(seat), "now": match.now}

    def leave_match(self, match, details, kwargs):
        known(kwargs)
        player = details.caller_authid
        is_seated = match.seat_of(player) is not None
        for session, visitor in list(match.visitors.items()):
            if session == details.caller or (is_seated and visitor == player):
                del match.visitors[session]
        match.leave(player)
        self.settle(match)
        return {}

    def close_match(self, match, details, kwargs):
        only_services(details)
        self.close(match)
        return {}

    def move(self, match, move, player, args, kwargs):
        """Whoever is not sure that a move has come sends it again: it gets its first answer."""
        known(kwargs, "id", "seen", "seat")
        held, id = match.seat_of(player), kwargs.get("id")
        if held is None or kwargs.get("seat", held) != held:
            raise Rejected("no_seat", "You do not sit in that seat.")
        if len(args) > 1 or not all(isinstance(arg, dict) for arg in args):
            raise wrong("args", "a move has one positional argument, the dict of its arguments")
        if id is not None and not isinstance(id, str):
            raise wrong("id", "a text is wanted")
        answer = match.answers.get((player, id))
        if answer is None:
            try:
                match.move(held, move, args[0] if args else {})
                answer = {"version": match.version}
            except Rejected as rejected:
                answer = refusal(rejected, match.version)
            if id is not None:
                match.remember((player, id), answer)
        if isinstance(answer, ApplicationError):
            raise answer
        return answer

    async def offer(self, match, details, kwargs):
        known(kwargs, "what", "id")
        return await self.want_rematch(match, details.caller_authid, kwargs.get("what"), True)

    async def answer(self, match, details, kwargs):
        known(kwargs, "what", "accept", "id")
        return await self.want_rematch(match, details.caller_authid, kwargs.get("what"), kwargs.get("accept") is True)

    async def want_rematch(self, match, player, what, wanted):
        seat = match.seat_of(player)
        if seat is None:
            raise Rejected("no_seat", "You do not sit in that seat.")
        if what != "rematch" or not match.position["result"]:
            raise wrong("what", "there is nothing but a rematch, after the end")
        if match.want_rematch(seat, wanted):
            players = [match.seats[1 - seat]["player"] for seat in range(rules.seats)]
            match.succeeded_by(await self.host(match.position["options"], match.listed, players))
        return {"version": match.version}


parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("url", help="of the game server: ws://127.0.0.1:8080/ws")
parser.add_argument("name", help="under which the server knows REALMKIT_TICKET")
parser.add_argument("--fingerprint", help="of game.ts: pages with another one are told to reload")
arguments = parser.parse_args()
if "REALMKIT_TICKET" not in os.environ:
    parser.error("REALMKIT_TICKET is not in the environment")

loop = asyncio.new_event_loop()
asyncio.set_event_loop(loop)
try:
    loop.run_until_complete(ApplicationRunner(arguments.url, "realmkit").run(Authority, start_loop=False))
    loop.run_forever()
except (OSError, KeyboardInterrupt) as cause:
    sys.exit(f"{type(cause).__name__} {cause}")
sys.exit("the connection to the game server has ended")
