"""A player of the meadow, written from docs/wire.md alone: it enters, follows the world and walks to a place."""

import asyncio
import json
import logging
import math
import sys

import txaio

txaio.use_asyncio()

from autobahn.asyncio.wamp import ApplicationRunner, ApplicationSession
from autobahn.wamp.exception import ApplicationError
from autobahn.wamp.serializer import JsonSerializer, MsgPackSerializer
from autobahn.wamp.types import PublishOptions

url, serializer, x, y = sys.argv[1:]
goal = float(x), float(y)


def tell(**what):
    print(json.dumps(what), flush=True)


def patched(value, delta):
    """`A delta` of docs/wire.md: [value] replaces, {} goes into a dict or a list; [] is for who holds the field."""
    if isinstance(delta, list):
        return delta[0]
    if isinstance(value, list):
        length = delta.get("length", len(value))
        made = (value + [None] * length)[:length]
        for key, change in delta.items():
            if key != "length":
                made[int(key)] = patched(made[int(key)], change)
        return made
    made = dict(value)
    for key, change in delta.items():
        if change == []:
            made.pop(key, None)
        else:
            made[key] = patched(made.get(key), change)
    return made


class Walker(ApplicationSession):
    async def onJoin(self, details):
        try:
            await self.visit()
        finally:
            self.leave()

    async def visit(self):
        self.view, self.early, self.number, self.inputs = None, [], 0, []
        self.arrived = asyncio.get_event_loop().create_future()
        match = (await self.call("lobby.quick", game="meadow"))["match"]
        self.uri = f"game.meadow.match.{match}."
        await self.subscribe(self.heard, self.uri + "state.json")
        answer = await self.call(self.uri + "join", form="json")
        self.start(answer["view"])
        tell(entered=answer["player"], at=self.place())
        await self.arrived
        tell(arrived=self.place(), me=self.view["me"])
        await self.refused()
        now = (await self.call(self.uri + "time"))["tick"]
        again = await self.call(self.uri + "sync", form="json")
        tell(synced=again["view"]["players"].keys() == self.view["players"].keys(), late=now - again["view"]["tick"])
        await self.call(self.uri + "leave")

    def place(self):
        return [self.view["me"]["x"], self.view["me"]["y"]]

    def start(self, view):
        self.view = view
        for commit in self.early:
            self.heard(commit)

    def heard(self, commit):
        if self.view is None:
            self.early.append(commit)
        elif commit["version"] == self.view["version"] + 1:
            self.view = {**patched(self.view, commit["delta"]), "version": commit["version"], "tick": commit["tick"]}
            self.steer()
        elif commit["version"] > self.view["version"]:
            tell(gap=[self.view["version"], commit["version"]])

    def steer(self):
        """One input for each tick, numbered; the last three each time, in case one is lost."""
        (x, y), (to_x, to_y) = self.place(), goal
        far = math.hypot(to_x - x, to_y - y)
        if far < 12 and not self.arrived.done():
            self.arrived.set_result(None)
        way = {"dx": (to_x - x) / far, "dy": (to_y - y) / far} if far >= 12 else {"dx": 0, "dy": 0}
        self.number += 1
        self.inputs = [*self.inputs, way][-3:]
        topic = self.uri.replace("game.", "input.", 1).replace(".match.", ".", 1).rstrip(".")
        self.publish(topic, self.number, self.inputs, self.view["tick"], options=PublishOptions(acknowledge=False))

    async def refused(self):
        try:
            await self.call(self.uri + "move.toss", {"x": 0, "y": 0})
        except ApplicationError as error:
            tell(refused=error.error, why=error.kwargs["code"])

    def onDisconnect(self):
        asyncio.get_event_loop().stop()


logging.disable(logging.WARNING)  # it warns of every session that ends
serializers = {"json": JsonSerializer, "msgpack": MsgPackSerializer}
loop = asyncio.new_event_loop()
asyncio.set_event_loop(loop)
runner = ApplicationRunner(url, "realmkit", serializers=[serializers[serializer]()])
loop.run_until_complete(runner.run(Walker, start_loop=False))
loop.run_forever()
