"""A component as its user would write it: a procedure with a default and a keyword argument, and one that takes bytes."""

import sys

from autobahn.asyncio.wamp import ApplicationRunner, ApplicationSession
from autobahn.wamp.serializer import JsonSerializer, MsgPackSerializer


class Mover(ApplicationSession):
    async def onJoin(self, details):
        def move(x, y, z=0, mean=None):
            return f"moved to ({x}, {y}, {z}) by {mean}"

        def reverse(data):
            return bytes(reversed(data))

        await self.register(move, "com.example.move")
        await self.register(reverse, "com.example.reverse")
        print("registered", flush=True)


url, serializer = sys.argv[1:]
serializers = {"json": JsonSerializer, "msgpack": MsgPackSerializer}
ApplicationRunner(url, "realm1", serializers=[serializers[serializer]()]).run(Mover, log_level="error")
