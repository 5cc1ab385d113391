"""A WAMP session that a test drives: one JSON value a line, commands on stdin, what happens on stdout."""

import asyncio
import itertools
import json
import logging
import sys

import txaio

txaio.use_asyncio()

from autobahn.asyncio.rawsocket import WampRawSocketClientFactory, WampRawSocketMixinGeneral
from autobahn.asyncio.wamp import ApplicationRunner, ApplicationSession
from autobahn.wamp.exception import ApplicationError
from autobahn.wamp.serializer import CBORSerializer, JsonSerializer, MsgPackSerializer
from autobahn.wamp.types import CallOptions, CallResult, ComponentConfig, PublishOptions, RegisterOptions, SubscribeOptions


def tell(kind, args=(), kwargs=None, **fields):
    print(json.dumps({"is": kind, "args": args, "kwargs": kwargs or {}, **fields}), flush=True)


# Its session asks every transport for this, but the RawSocket of asyncio does not have it: no such session ever joins.
if not hasattr(WampRawSocketMixinGeneral, "transport_details"):
    WampRawSocketMixinGeneral.transport_details = property(lambda self: self._transport_details)


class Remote(ApplicationSession):
    def __init__(self, config=None):
        super().__init__(config)
        self.calls = {}
        self.invocations = {}
        self.ids = itertools.count(1)

    async def onJoin(self, details):
        self.reader = asyncio.create_task(self.obey())
        tell("joined", session=details.session)

    def onDisconnect(self):
        super().onDisconnect()
        asyncio.get_event_loop().stop()

    async def obey(self):
        lines = asyncio.StreamReader()
        await asyncio.get_event_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
        while line := await lines.readline():
            command = json.loads(line)
            if "cancel" in command:
                self.calls[command["cancel"]].cancel()
            elif "answers" in command:
                self.answer(command)
            else:
                asyncio.ensure_future(self.perform(command))

    async def perform(self, command):
        id = command["id"]
        try:
            args, kwargs = await getattr(self, "do_" + command["do"])(command)
            tell("answer", args, kwargs, id=id)
        except ApplicationError as error:
            tell("failure", error.args, error.kwargs, id=id, error=error.error)
        except asyncio.CancelledError:
            tell("failure", id=id, error=ApplicationError.CANCELED)

    async def do_call(self, command):
        def on_progress(*args, **kwargs):
            tell("part", args, kwargs, id=command["id"])

        options = CallOptions(on_progress=on_progress if command["progress"] else None)
        call = self.call(command["uri"], *command["args"], **command["kwargs"], options=options)
        self.calls[command["id"]] = call
        result = await call
        if isinstance(result, CallResult):
            return result.results, result.kwresults
        return [result], {}

    async def do_register(self, command):
        async def endpoint(*args, details, **kwargs):
            return await self.invoked(command["uri"], args, kwargs, details)

        options = RegisterOptions(match=command.get("match"), details_arg="details")
        await self.register(endpoint, command["uri"], options=options)
        return [], {}

    async def do_subscribe(self, command):
        def listener(*args, **kwargs):
            tell("event", args, kwargs, uri=command["uri"])

        await self.subscribe(listener, command["uri"], options=SubscribeOptions(match=command.get("match")))
        return [], {}

    async def do_publish(self, command):
        options = PublishOptions(acknowledge=True)
        published = await self.publish(command["uri"], *command["args"], **command["kwargs"], options=options)
        return [published.id], {}

    async def do_leave(self, command):
        self.leave()
        return [], {}

    async def invoked(self, uri, args, kwargs, details):
        id = next(self.ids)
        answer = asyncio.get_event_loop().create_future()
        self.invocations[id] = (answer, details.progress)
        tell("invocation", args, kwargs, id=id, uri=uri)
        try:
            return await answer
        except asyncio.CancelledError:
            tell("interrupt", id=id)
            raise ApplicationError(ApplicationError.CANCELED)  # a CancelledError would never be answered: txaio drops it

    def answer(self, command):
        answer, progress = self.invocations[command["answers"]]
        args, kwargs = command["args"], command["kwargs"]
        if command.get("part"):
            if progress:
                progress(*args, **kwargs)
        elif answer.done():
            pass  # interrupted meanwhile
        elif "error" in command:
            answer.set_exception(ApplicationError(command["error"], *args, **kwargs))
        else:
            answer.set_result(CallResult(*args, **kwargs))

    def onUserError(self, fail, msg):
        pass  # a handler that throws is part of the tests


logging.disable(logging.WARNING)  # it warns of every session that ends
url, serializer, realm = sys.argv[1:]
serializers = {"json": JsonSerializer, "msgpack": MsgPackSerializer, "cbor": CBORSerializer}
loop = asyncio.new_event_loop()
asyncio.set_event_loop(loop)
chosen = serializers[serializer]()
if url.startswith("rs://unix:"):  # which the runner takes for a host
    create = lambda: Remote(ComponentConfig(realm))
    factory = WampRawSocketClientFactory(create, serializer=chosen)
    connecting = loop.create_unix_connection(factory, url.removeprefix("rs://unix:"))
else:
    connecting = ApplicationRunner(url, realm, serializers=[chosen]).run(Remote, start_loop=False)
loop.run_until_complete(connecting)
loop.run_forever()
