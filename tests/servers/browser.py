# SPDX-License-Identifier: GPL-3.0-or-later
"""A person at a web browser: fetches the pages of the OpenID provider and answers them."""
import http.cookiejar
import re
import ssl
import urllib.error
import urllib.parse
import urllib.request

DONE = "You can go back to Postroom"


class Browser:
    def __init__(self, ca):
        self.visited = []
        tls = ssl.create_default_context(cafile=ca)
        browser = self

        class Remember(urllib.request.HTTPRedirectHandler):
            def redirect_request(self, request, *args):
                follow = super().redirect_request(request, *args)
                if follow is not None:
                    browser.visited.append(follow.full_url)
                return follow

        self.opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=tls), Remember(),
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def fetch(self, url, form=None):
        """(status, page, address) of what is shown in the end."""
        self.visited.append(url)
        data = urllib.parse.urlencode(form).encode() if form is not None else None
        try:
            with self.opener.open(url, data, timeout=20) as answer:
                return answer.status, answer.read().decode(), answer.url
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode(), error.url

    def sign_in(self, url, login, password, refuse=False):
        """Goes through sign-in and consent; True if it came back to Postroom."""
        _, page, where = self.fetch(url)
        for _ in range(6):
            if DONE in page:
                return True
            form = re.search(r'action="([^"]+)"', page)
            if refuse:
                away = re.search(r'href="([^"]+abort)"', page)
                _, page, where = self.fetch(urllib.parse.urljoin(where, away[1]))
            elif form is None:
                return False
            elif form[1].endswith("/login"):
                _, page, where = self.fetch(urllib.parse.urljoin(where, form[1]),
                                            {"login": login, "password": password})
            else:
                _, page, where = self.fetch(urllib.parse.urljoin(where, form[1]), {})
        return DONE in page

    def answer_forms(self, url, **answers):
        """Fills in whatever is asked for until nothing is any more; the last page."""
        _, page, where = self.fetch(url)
        for _ in range(8):
            form = re.search(r'<form[^>]*action="([^"]+)"[^>]*>(.*?)</form>', page, re.S)
            if form is None:
                return page
            fields = {}
            for field in re.findall(r"<input[^>]*>", form[2]):
                names = dict(re.findall(r'(\w+)="?([^"\s>]*)"?', field))
                if "name" in names:
                    fields[names["name"]] = answers.get(names["name"], names.get("value", ""))
            _, page, where = self.fetch(urllib.parse.urljoin(where, form[1]), fields)
        return page

    def codes(self):
        """The authorization codes that it was sent back with."""
        found = []
        for url in self.visited:
            found += urllib.parse.parse_qs(urllib.parse.urlsplit(url).query).get("code", [])
        return found
