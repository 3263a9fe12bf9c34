"""Tencent's SDK for Python (PyPI `tencent-iot-device`), driven as peer_process.py says: it holds one device a process.

Unchanged but for endpoint and trust root. Both are fixed in the SDK: it joins the product's id with a domain, takes port
8883, and makes a TLS context that verifies nobody and that Python 3.10 and later refuse for a client.
"""

import json
import ssl
import sys
import threading
import urllib.request

from tls_in_threads import OneAtATime

ssl.SSLContext.sslsocket_class = OneAtATime

from explorer.explorer import QcloudExplorer  # noqa: E402
from hub.protocol.protocol import AsyncConnClient  # noqa: E402
from hub.utils.codec import Codec  # noqa: E402


turn = threading.Lock()


def say(callback, got=None):
    # The SDK's thread tells what it received while the main thread tells what it sent.
    with turn:
        print(json.dumps({"callback": callback, "got": got}), flush=True)


def redirect(host, port, https_port, ca_file):
    context = ssl.create_default_context(cafile=ca_file)
    init, urlopen = AsyncConnClient.__init__, urllib.request.urlopen

    def with_endpoint(self, _, *arguments, **named):
        init(self, host, *arguments, **named)
        self._AsyncConnClient__mqtt_tls_port = port

    def open_here(request, timeout, context):
        request.full_url = request.full_url.replace("//ap-guangzhou.gateway.tencentdevices.com/", f"//{host}:{https_port}/")
        return urlopen(request, timeout=timeout, context=context)

    AsyncConnClient.__init__ = with_endpoint
    Codec.Ssl.create_content = lambda self: context
    urllib.request.urlopen = open_here


class Peer:
    def start(self, config, host, port, https_port, ca_file):
        redirect(host, port, https_port, ca_file)
        self.kit = QcloudExplorer(config)
        self.device = (self.kit.getProductID(), self.kit.getDeviceName())
        callbacks = ("connect", "disconnect", "message", "publish", "subscribe", "unsubscribe")
        self.kit.registerMqttCallback(*(self.into(name) for name in callbacks))

    @staticmethod
    def into(name):
        return lambda *got: say(name, got[:-1])

    def register(self):
        say("register", self.kit.dynregDevice())

    def connect(self):
        self.kit.connect()

    def init(self):
        self.kit.templateInit(*self.device, *(self.into(name) for name in ("property", "action", "event", "service")))

    def report(self, params):
        message = self.kit.templateJsonConstructReportArray(*self.device, params)
        say("report", message["clientToken"])
        self.kit.templateReport(*self.device, message)

    def events(self, events):
        self.kit.templateEventPost(*self.device, {"events": events})

    def answer_control(self, code, status):
        self.kit.templateControlReply(*self.device, self.reply(code, status))

    def answer_action(self, token, response, code, status):
        self.kit.templateActionReply(*self.device, token, response, self.reply(code, status))

    def reply(self, code, status):
        reply = self.kit.ReplyPara()
        reply.code, reply.status_msg = code, status
        return reply

    def subscribe(self, topic):
        # The one of `kit` itself tells the part that receives messages nothing.
        self.kit._QcloudExplorer__hub.registerUserCallback(topic, self.into("custom"))
        self.kit.subscribe(topic, 1)

    def publish(self, topic, payload):
        self.kit.publish(topic, payload, 1)

    def time(self):
        say("time", self.kit.getNtpAccurateTime())


peer = Peer()
for line in sys.stdin:
    command = json.loads(line)
    getattr(peer, command.pop("do"))(**command)
