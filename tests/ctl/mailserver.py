# SPDX-License-Identifier: GPL-3.0-or-later
"""A POP3 server that lets everybody in, as slowly as wanted: what commands run against when it is
not the mail that matters."""
import socketserver
import threading
import time


class Conversation(socketserver.StreamRequestHandler):
    ANSWERS = {"CAPA": "+OK\r\nUSER\r\n.\r\n", "STAT": "+OK 0 0\r\n"}

    def begin(self):
        """It has begun."""

    def end(self):
        """It is as good as over: only then does the client hear so."""

    def handle(self):
        self.begin()
        try:
            self.wfile.write(b"+OK ready\r\n")
            for line in self.rfile:
                time.sleep(self.server.delay)
                word = line.decode("latin-1").split(" ")[0].strip().upper()
                if word == "QUIT":
                    break
                self.wfile.write(self.ANSWERS.get(word, "+OK\r\n").encode())
        except OSError:  # the client was killed
            pass
        self.end()
        try:
            self.wfile.write(b"+OK bye\r\n")
        except OSError:
            pass


class MailServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, delay=0.0, handler=Conversation):
        super().__init__(("127.0.0.1", 0), handler)
        self.delay = delay
        self.port = self.server_address[1]
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request, client_address):
        pass
