"""A web server that does everything wrong, on purpose. Standard library alone.

`HostileServer` speaks over raw sockets, one thread a connection, so that each byte and each pause is ours. A path is answered
by a function of its `Exchange`; `CASES` holds the ways to misbehave by name. What returns KEEP keeps its connection.
"""
import gzip
import pathlib
import socket
import ssl
import struct
import subprocess
import threading
import time
import zlib

KEEP = "keep"
GOOD = (b"<rss version='2.0'><channel><title>Wire</title><item><guid isPermaLink='false'>g1</guid><title>Talks in Pyongyang"
        b"</title><link>https://wire.example/g1</link><description>Talks were held.</description></item></channel></rss>")


class Exchange:
    """One request, and the socket to answer it on."""

    def __init__(self, server, peer, head):
        self.server, self.peer, self.time = server, peer, time.monotonic()
        line, *fields = head.decode("latin-1").split("\r\n")
        self.method, self.target = (line.split(" ") + ["", ""])[:2]
        self.path = self.target.split("?")[0]
        self.headers = {name.strip().lower(): value.strip() for name, _, value in (field.partition(":") for field in fields)}

    def send(self, data):
        self.peer.sendall(data)

    def answer(self, status, headers=(), body=b"", length=None):
        """A well-formed answer, but for a `length` that is none of the body's."""
        fields = [f"{name}: {value}" for name, value in headers]
        if length != "none":
            fields.append(f"Content-Length: {len(body) if length is None else length}")
        self.send("\r\n".join([f"HTTP/1.1 {status} Whatever", *fields, "", ""]).encode("latin-1") + body)
        return KEEP

    def forever(self, data, pause=0.0):
        """Until the client goes away or the server is closed."""
        while not self.server.closing.wait(pause) if pause else not self.server.closing.is_set():
            self.send(data)

    def stay_silent(self):
        """Until the client goes away."""
        self.peer.settimeout(60)
        self.peer.recv(1)

    def reset(self):
        self.peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


class HostileServer:
    """`pages`: path to a function of an Exchange. `context`: an ssl.SSLContext makes it speak TLS. `greeting`: sent unasked."""

    def __init__(self, context=None, greeting=b""):
        self.pages = {"/" + name: case for name, case in CASES.items()}
        self.requests = []      # Exchanges, in order
        self.connections = 0
        self.failed_handshakes = []
        self.context, self.greeting = context, greeting
        self.closing = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.address = "127.0.0.1:%d" % self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def url(self, path):
        return f"http{'s' if self.context else ''}://{self.address}{path}"

    def close(self):
        self.closing.set()
        self.listener.close()

    def asked(self, path):
        return [request for request in self.requests if request.path == path]

    def accept(self):
        while True:
            try:
                peer, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self.serve, args=(peer,), daemon=True).start()

    def serve(self, peer):
        with peer:
            peer.settimeout(60)
            peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            try:
                peer.sendall(self.greeting)
                if self.context:
                    peer = self.context.wrap_socket(peer, server_side=True)
                buffer = b""
                while True:
                    while b"\r\n\r\n" not in buffer:
                        data = peer.recv(65536)
                        if not data:
                            return
                        buffer += data
                    head, buffer = buffer.split(b"\r\n\r\n", 1)
                    exchange = Exchange(self, peer, head)
                    self.requests.append(exchange)
                    page = self.pages.get(exchange.path, lambda it: it.answer(404))
                    if page(exchange) != KEEP:
                        return
            except ssl.SSLError as problem:
                self.failed_handshakes.append(str(problem))
            except OSError:
                pass  # the client went away, as it should


def make_certificate(folder, name, *options):
    """A self-signed certificate; gives an SSLContext of it. `options`: of `openssl req`."""
    key, certificate = pathlib.Path(folder) / f"{name}.key", pathlib.Path(folder) / f"{name}.crt"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-keyout", key, "-out", certificate, "-subj", "/CN=" + name, *options], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


# The ways to misbehave --------------------------------------------------------------------------------------------------

CASES = {}


def case(function):
    CASES[function.__name__] = function
    return function


@case
def no_answer(it):
    it.stay_silent()


@case
def slow_headers(it):
    it.send(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    it.forever(b"a", 0.05)


@case
def slow_body(it):
    it.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    it.forever(b" ", 0.05)


@case
def endless_body(it):
    it.send(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n<rss>")
    it.forever(b" " * 65536)


@case
def endless_chunks(it):
    it.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    it.forever(b"10000\r\n" + b" " * 65536 + b"\r\n")


@case
def endless_chunk_extension(it):
    it.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;")
    it.forever(b"x" * 65536)


@case
def endless_trailers(it):
    it.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<rss>\r\n0\r\n")
    it.forever(b"X-Trailer: " + b"a" * 1000 + b"\r\n")


@case
def error_with_endless_body(it):
    it.send(b"HTTP/1.1 500 Oops\r\nConnection: close\r\n\r\n")
    it.forever(b"x" * 65536)


@case
def redirect_with_endless_body(it):
    it.send(b"HTTP/1.1 302 Found\r\nLocation: /good\r\nTransfer-Encoding: chunked\r\n\r\n")
    it.forever(b"10000\r\n" + b" " * 65536 + b"\r\n")


def packed(encoding, data):
    return lambda it: it.answer(200, [("Content-Encoding", encoding)], data)


ZEROS = bytes(1 << 20)


def bomb(window):
    """400 MB of zeros in 400 kB."""
    packer = zlib.compressobj(9, zlib.DEFLATED, window)
    return b"".join(packer.compress(ZEROS) for _ in range(400)) + packer.flush()


CASES["gzip_bomb"] = packed("gzip", bomb(31))
CASES["deflate_bomb"] = packed("deflate", bomb(15))
CASES["gzip_twice"] = packed("gzip, gzip", gzip.compress(gzip.compress(GOOD)))
CASES["broken_gzip"] = packed("gzip", gzip.compress(GOOD)[:10] + b"\xff" * 200)
CASES["cut_gzip"] = packed("gzip", gzip.compress(GOOD * 50)[:-60])
CASES["no_gzip_at_all"] = packed("gzip", GOOD)
CASES["unknown_encoding"] = packed("rot13", GOOD)


@case
def gzip_twice_in_two_headers(it):
    return it.answer(200, [("Content-Encoding", "gzip")] * 2, gzip.compress(gzip.compress(GOOD)))


@case
def gzip_in_transfer_and_content(it):
    twice = gzip.compress(gzip.compress(GOOD))
    it.send(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"
            + b"%x\r\n" % len(twice) + twice + b"\r\n0\r\n\r\n")


@case
def gzip_of_endless_nothing(it):
    """A stream of empty blocks: bytes come for ever, nothing comes out."""
    it.send(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n" + gzip.compress(b"")[:10])
    it.forever(b"\x00\x00\x00\xff\xff" * 13000)


def to(location, status=302):
    return lambda it: it.answer(status, [("Location", location)])


CASES["redirect_loop"] = to("/redirect_loop")
CASES["redirect_to_file"] = to("file:///etc/passwd")
CASES["redirect_to_ftp"] = to("ftp://127.0.0.1/feed.xml")
CASES["redirect_to_cloud_metadata"] = to("http://169.254.169.254/latest/meta-data/")
CASES["redirect_to_zero_address"] = to("http://0.0.0.0:1/")
CASES["redirect_to_ipv6_loopback"] = to("http://[::1]:1/")
CASES["redirect_to_mapped_loopback"] = to("http://[::ffff:127.0.0.1]:1/")
CASES["redirect_to_hexadecimal"] = to("http://0x7f000001:1/")
CASES["redirect_to_nonsense"] = to("http://exa mple:99999999/\t")
CASES["redirect_without_location"] = lambda it: it.answer(302)


@case
def redirect_chain(it):
    """Each answer sends to a place that was not seen before."""
    return it.answer(302, [("Location", f"/redirect_chain?{len(it.server.requests)}")])


CASES["length_too_long"] = lambda it: it.answer(200, [("Connection", "close")], GOOD, len(GOOD) + 1000) and None
CASES["length_negative"] = lambda it: it.answer(200, [], GOOD, -5)
CASES["length_in_exabytes"] = lambda it: it.answer(200, [], GOOD, 9 * 10**18)
CASES["length_beyond_numbers"] = lambda it: it.answer(200, [], GOOD, 10**30)


def chunked(data):
    def answer(it):
        it.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + data)
    return answer


CASES["chunk_size_is_no_number"] = chunked(b"zz\r\n" + GOOD + b"\r\n0\r\n\r\n")
CASES["chunk_size_is_huge"] = chunked(b"ffffffffffffffffff\r\n" + GOOD + b"\r\n0\r\n\r\n")
CASES["chunk_without_end_of_line"] = chunked(b"%x\r\n" % len(GOOD) + GOOD + b"0\r\n\r\n")
CASES["chunk_is_cut"] = chunked(b"%x\r\n" % len(GOOD) + GOOD[:100])
CASES["chunks_without_last_one"] = chunked(b"%x\r\n" % len(GOOD) + GOOD + b"\r\n")


@case
def reset_in_body(it):
    it.send(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + GOOD[:200])
    time.sleep(0.02)
    it.reset()


@case
def reset_in_headers(it):
    it.send(b"HTTP/1.1 200 OK\r\nContent-Le")
    time.sleep(0.02)
    it.reset()


@case
def closed_at_once(it):
    return None


@case
def header_flood(it):
    it.send(b"HTTP/1.1 200 OK\r\n")
    for number in range(100000):
        it.send(b"X-%d: " % number + b"v" * 40 + b"\r\n")
    return it.send(b"\r\n")


@case
def endless_headers(it):
    it.send(b"HTTP/1.1 200 OK\r\n")
    it.forever(b"X-More: " + b"v" * 1000 + b"\r\n")


@case
def header_of_ten_megabytes(it):
    it.send(b"HTTP/1.1 200 OK\r\nX-Long: " + b"v" * (10 << 20) + b"\r\n\r\n")


@case
def endless_continue(it):
    it.forever(b"HTTP/1.1 100 Continue\r\n\r\n")


@case
def not_http(it):
    it.send(b"\x16\x03\x01\x02\x00\x01" + bytes(range(256)) * 20)


@case
def http_0_9(it):
    it.send(GOOD)


@case
def zero_in_header(it):
    it.send(b"HTTP/1.1 200 OK\r\nX-Zero: a\0b\r\nContent-Length: 2\r\n\r\nno")


CASES["empty_with_success"] = lambda it: it.answer(200)
CASES["no_content"] = lambda it: it.answer(204)
CASES["status_999"] = lambda it: it.answer(999, [], GOOD)
CASES["partial_content_unasked"] = lambda it: it.answer(206, [], GOOD[:100])
CASES["not_modified_unasked"] = lambda it: it.answer(304, length="none")
CASES["good"] = lambda it: it.answer(200, [], GOOD)
