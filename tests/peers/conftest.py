"""The SDKs for Python, made fit for loopback."""

import ssl

from tls_in_threads import OneAtATime

ssl.SSLContext.sslsocket_class = OneAtATime
