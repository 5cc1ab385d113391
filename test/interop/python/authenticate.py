"""Joins by one of Autobahn's own authenticators, and says on one line of JSON how that went."""

import asyncio
import json
import logging
import ssl
import sys
import types

import txaio

txaio.use_asyncio()


def stand_in_for_argon2():
    """Debian has no argon2-cffi beside Autobahn: libsodium computes the same, in the form that Autobahn takes apart."""
    import base64

    from nacl.pwhash import argon2id

    def hash_secret(secret, salt, time_cost, memory_cost, parallelism, hash_len, type, version):
        key = argon2id.kdf(hash_len, secret, salt, opslimit=time_cost, memlimit=memory_cost * 1024)
        text = [base64.b64encode(part).rstrip(b"=") for part in (salt, key)]
        return b"$argon2id$v=19$m=%d,t=%d,p=1$%s$%s" % (memory_cost, time_cost, *text)

    low_level = types.ModuleType("argon2.low_level")
    low_level.hash_secret = hash_secret
    argon2 = types.ModuleType("argon2")
    argon2.low_level = low_level
    argon2.Type = types.SimpleNamespace(ID=2)
    sys.modules.update({"argon2": argon2, "argon2.low_level": low_level})


try:
    import argon2  # noqa: F401
except ImportError:
    stand_in_for_argon2()

from autobahn.asyncio.wamp import ApplicationRunner, ApplicationSession
from autobahn.wamp.auth import create_authenticator
from autobahn.wamp.serializer import JsonSerializer, MsgPackSerializer

url, serializer, method, credentials, certificate = sys.argv[1:]
authenticator = create_authenticator(method, **json.loads(credentials))


def tell(**what):
    print(json.dumps(what), flush=True)


class Peer(ApplicationSession):
    def onConnect(self):
        authid = json.loads(credentials).get("authid")
        self.join(self.config.realm, authmethods=[method], authid=authid, authextra=authenticator.authextra)

    def onChallenge(self, challenge):
        return authenticator.on_challenge(self, challenge)

    def onWelcome(self, welcome):
        return authenticator.on_welcome(self, welcome.authextra)

    def onJoin(self, details):
        tell(authid=details.authid, authrole=details.authrole, authmethod=details.authmethod)
        self.leave()

    def onLeave(self, details):
        if self._session_id is None or details.reason != "wamp.close.normal":
            tell(reason=details.reason)
        self.disconnect()

    def onDisconnect(self):
        asyncio.get_event_loop().stop()


def tls():
    if not certificate:
        return None
    context = ssl.create_default_context(cafile=certificate)
    context.maximum_version = ssl.TLSVersion.TLSv1_2  # it knows no other channel binding than tls-unique
    return context


logging.disable(logging.CRITICAL)  # it warns of every session that ends
serializers = {"json": JsonSerializer, "msgpack": MsgPackSerializer}
loop = asyncio.new_event_loop()
asyncio.set_event_loop(loop)
runner = ApplicationRunner(url, "realm1", ssl=tls(), serializers=[serializers[serializer]()])
loop.run_until_complete(runner.run(Peer, start_loop=False))
loop.run_forever()
