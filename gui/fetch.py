"""Fetch one thing from the web, within rules, beside everything else the window does.

Redirects are followed by hand: each one is looked at as the first address was. A host's numbers
are looked up and checked before it is asked; Qt keeps them for a minute, so that what is connected
to is what was checked.
"""

from PySide6.QtCore import QObject, QTimer, QUrl, Signal
from PySide6.QtNetwork import (
    QAbstractSocket,
    QHostAddress,
    QHostInfo,
    QNetworkAccessManager,
    QNetworkReply,
    QNetworkRequest,
)

from gui import web_drop
from gui.commons_api import USER_AGENT
from gui.web_drop import Rules

_Error = QNetworkReply.NetworkError
_OFFLINE = (
    _Error.HostNotFoundError,
    _Error.TemporaryNetworkFailureError,
    _Error.NetworkSessionFailedError,
    _Error.UnknownNetworkError,
    _Error.ConnectionRefusedError,
    _Error.ProxyConnectionRefusedError,
    _Error.ProxyNotFoundError,
)
OFFLINE = "can't be reached: perhaps this computer is offline. Everything else goes on."


class Fetch(QObject):
    """One address being fetched. Exactly one of `finished` and `failed` is emitted, unless it is
    cancelled: then none is.
    """

    progressed = Signal(int, int)  # bytes so far, of how many; 0: not known
    finished = Signal(bytes)
    failed = Signal(str)  # one sentence

    def __init__(
        self, manager: QNetworkAccessManager, url: str, rules: Rules, name: str, *, picture: bool
    ) -> None:
        super().__init__(manager)
        self._manager, self._rules, self._name = manager, rules, name
        self._picture = picture
        self._reply: QNetworkReply | None = None
        self._content = bytearray()
        self._hops = 0
        self._over = False
        self._url = ""
        self._deadline = QTimer(self, singleShot=True, interval=round(1000 * rules.seconds))
        self._deadline.timeout.connect(self._on_too_late)
        self._deadline.start()
        QTimer.singleShot(0, self, lambda: self._go_to(url))  # after the caller has connected

    @property
    def running(self) -> bool:
        return not self._over

    def cancel(self) -> None:
        """Stop; nothing is emitted any more."""
        if not self._over:
            self._end()

    # -- one hop -----------------------------------------------------------------------------

    def _go_to(self, url: str) -> None:
        if self._over:
            return
        if problem := web_drop.problem_with(url, self._rules):
            self._fail(problem)
            return
        target = QUrl(url)
        if not target.isValid():
            self._fail(f"“{web_drop.short(url)}” is no address that can be understood.")
            return
        host = target.host()
        self._url = url
        if self._rules.hosts or QHostAddress(host).protocol() != _UNKNOWN:
            self._ask(target)
            return
        QHostInfo.lookupHost(host, lambda found: self._on_looked_up(target, found))  # type: ignore[call-overload]

    def _on_looked_up(self, target: QUrl, found: QHostInfo) -> None:
        if self._over:
            return
        addresses = [address.toString() for address in found.addresses()]
        if not addresses:
            self._fail(f"{self._name} {OFFLINE}")
            return
        for address in addresses:
            if problem := web_drop.problem_with_address(address, self._rules):
                self._fail(problem)
                return
        self._ask(target)

    def _ask(self, target: QUrl) -> None:
        request = QNetworkRequest(target)
        request.setHeader(QNetworkRequest.KnownHeaders.UserAgentHeader, USER_AGENT)
        request.setRawHeader(b"Accept", b"image/*" if self._picture else b"application/json")
        request.setAttribute(
            QNetworkRequest.Attribute.RedirectPolicyAttribute,
            QNetworkRequest.RedirectPolicy.ManualRedirectPolicy,
        )
        request.setAttribute(QNetworkRequest.Attribute.CookieSaveControlAttribute, _MANUAL)
        request.setAttribute(QNetworkRequest.Attribute.CookieLoadControlAttribute, _MANUAL)
        request.setTransferTimeout(round(1000 * self._rules.silence))
        self._content.clear()
        reply = self._manager.get(request)
        reply.setReadBufferSize(1 << 20)
        reply.metaDataChanged.connect(self._on_head)
        reply.readyRead.connect(self._on_bytes)
        reply.finished.connect(self._on_finished)
        self._reply = reply

    def _on_head(self) -> None:
        reply = self._reply
        if reply is None or self._over:
            return
        size = reply.header(QNetworkRequest.KnownHeaders.ContentLengthHeader)
        kind = str(reply.header(QNetworkRequest.KnownHeaders.ContentTypeHeader) or "")
        status = reply.attribute(QNetworkRequest.Attribute.HttpStatusCodeAttribute)
        if status != 200:
            return
        if isinstance(size, int) and size > self._rules.most_bytes:
            self._fail(self._too_large())
        elif self._picture and kind.split(";")[0].strip().lower() in ("text/html", "text/plain"):
            self._fail(f"{self._name} is a web page, not a picture.")

    def _on_bytes(self) -> None:
        reply = self._reply
        if reply is None or self._over:
            return
        self._content += reply.readAll().data()
        if len(self._content) > self._rules.most_bytes:
            self._fail(self._too_large())
            return
        size = reply.header(QNetworkRequest.KnownHeaders.ContentLengthHeader)
        self.progressed.emit(len(self._content), size if isinstance(size, int) else 0)

    def _on_finished(self) -> None:
        reply = self._reply
        if reply is None or self._over:
            return
        status = reply.attribute(QNetworkRequest.Attribute.HttpStatusCodeAttribute)
        location = bytes(reply.rawHeader("Location").data()).decode("latin-1")
        if status in (301, 302, 303, 307, 308) and location:
            self._drop_reply()
            self._hops += 1
            if self._hops > self._rules.most_redirects:
                self._fail(f"{self._name} is sent on from address to address without end.")
            else:
                self._go_to(web_drop.redirected(self._url, location))
            return
        error = reply.error()
        if error != _Error.NoError:
            self._fail(self._sentence(error, status))
            return
        self._on_bytes()
        if self._over:
            return
        content = bytes(self._content)
        self._end()
        self.finished.emit(content)

    # -- the end -----------------------------------------------------------------------------

    def _sentence(self, error: QNetworkReply.NetworkError, status: object) -> str:
        if error in (_Error.OperationCanceledError, _Error.TimeoutError):
            return f"{self._name} did not answer in time."
        if status in (429, 503):
            return f"{self._name} is busy; try again in a minute."
        if isinstance(status, int) and status >= 400:
            return f"{self._name} can't be had (the server answered {status})."
        if error in _OFFLINE:
            return f"{self._name} {OFFLINE}"
        if error == _Error.RemoteHostClosedError:
            return f"{self._name} broke off before it was complete."
        return f"{self._name} could not be fetched ({error.name})."

    def _too_large(self) -> str:
        return f"{self._name} is larger than {self._rules.most_bytes // 1_000_000} MB."

    def _on_too_late(self) -> None:
        if not self._over:
            self._fail(f"{self._name} took longer than {self._rules.seconds:g} seconds.")

    def _fail(self, sentence: str) -> None:
        self._end()
        self.failed.emit(sentence)

    def _end(self) -> None:
        self._over = True
        self._deadline.stop()
        self._drop_reply()
        self.deleteLater()

    def _drop_reply(self) -> None:
        reply, self._reply = self._reply, None
        if reply is not None:
            reply.disconnect(self)
            if reply.isRunning():
                reply.abort()
            reply.deleteLater()


_MANUAL = QNetworkRequest.LoadControl.Manual
_UNKNOWN = QAbstractSocket.NetworkLayerProtocol.UnknownNetworkLayerProtocol
