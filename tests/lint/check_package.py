# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules of stores: the Flatpak's manifest, the store's description, the icon. No network."""

import datetime
import os
import re
import struct
import xml.etree.ElementTree as ET

from check import Check, line_of
from tree import Finding

# --- manifest -------------------------------------------------------------------------------------

ID = re.compile(r"^id: *(\S+)$", re.M)
ITEM = re.compile(r"^ *- (--\S+)", re.M)
EXPLAINED = re.compile(r"^\| (`--.*?) \|", re.M)
# A store gives none of these, or only after a talk; portals do the same for one file or one call.
TOO_MUCH = re.compile(
    r"--(?:socket=(?:session-bus|system-bus|x11$)|own-name=|device=all|filesystem="
    r"|talk-name=org\.freedesktop\.(?:\*|portal|DBus|Flatpak|secrets|Notifications))")


def section(text, key):
    """The lines below a key of the manifest's first level, and where they begin."""
    found = re.search(rf"^{key}:\n((?:[ #-].*\n|\n)*)", text, re.M)
    return (found[1], line_of(text, found.start(1))) if found else ("", 0)


def check_manifest(tree):
    for path in tree.glob("flatpak/", ".yml"):
        text = tree.text(path)
        found = ID.search(text)
        name = os.path.basename(path).removesuffix(".yml")
        if not found or found[1] != name:
            yield Finding(path, 0, "is not named after its id")
        for key in ("branch", "default-branch"):
            if re.search(rf"^{key}:", text, re.M):
                yield Finding(path, 0, f"“{key}” is for the store to say")
        given, begin = section(text, "finish-args")
        explained = set(re.findall(r"`(--[^`]+)`",
                                   " ".join(EXPLAINED.findall(tree.text("docs/flatpak.md")))))
        for match in ITEM.finditer(given):
            line = begin + line_of(given, match.start()) - 1
            if TOO_MUCH.match(match[1]):
                yield Finding(path, line, f"{match[1]} is more than a store allows")
            if match[1] not in explained:
                yield Finding(path, line, f"docs/flatpak.md does not say why {match[1]}")
        for extra in sorted(explained - set(ITEM.findall(given))):
            yield Finding("docs/flatpak.md", 0, f"explains {extra}, which is not given")
        if "--share=network" in section(text, "modules")[0]:
            yield Finding(path, 0, "a build is without network")
        for match in re.finditer(r"^( +)(?:- )?url: *(\S+)\n((?:\1.*\n?)*)", text, re.M):
            line = line_of(text, match.start())
            if not match[2].startswith("https://"):
                yield Finding(path, line, "is not fetched by https")
            if not re.search(r"^ +(?:sha256: [0-9a-f]{64}|commit: ['\"]?[0-9a-f]{40}['\"]?)$",
                             match[3], re.M):
                yield Finding(path, line, "has no sha256, nor a commit")


SOUND = ("id: a.b.C\nfinish-args:\n  - --share=ipc\nmodules:\n  - name: x\n    sources:\n"
         "      - type: archive\n        url: https://x/y\n        sha256: " + "0" * 64 + "\n")
WHY = "| `--share=ipc` | why |\n"


def manifest(old="", new="", why=WHY):
    return {"flatpak/a.b.C.yml": SOUND.replace(old, new) if old else SOUND,
            "docs/flatpak.md": why}


MANIFEST = Check(
    "manifest", "a store would take the Flatpak's manifest; each permission is explained",
    check_manifest,
    bad=[manifest("a.b.C", "a.b.D"), manifest("id:", "branch: x\nid:"), manifest(why=""),
         manifest(why=WHY + "| `--socket=wayland` | why |\n"),
         manifest("--share=ipc", "--filesystem=home", "| `--filesystem=home` | why |\n"),
         manifest("https:", "http:"), manifest("sha256: 0", "sha256: x"),
         manifest("    sources", "    build-options:\n      build-args:\n"
                  "        - --share=network\n    sources")],
    good=[manifest()])

# --- the store's description ----------------------------------------------------------------------

VERSION = re.compile(r"^ *version: *'([^']+)'", re.M)
PICTURE = re.compile(r"https://raw\.githubusercontent\.com/[^/]+/[^/]+/v([^/]+)/(.+)$")


def text_of(node, tag):
    return (node.findtext(tag) or "").strip()


def about_names(root):
    developer = root.find("developer")
    if developer is None or not developer.get("id") or not text_of(developer, "name"):
        yield "has no developer with an id and a name"
    if text_of(root, "launchable") != text_of(root, "id") + ".desktop":
        yield "does not launch what is named after its id"
    if len(text_of(root, "name")) > 15:
        yield "has a name of more than 15 characters"
    summary = text_of(root, "summary")
    if not 10 <= len(summary) <= 35 or summary.endswith(".") \
            or text_of(root, "name").lower() in summary.lower():
        yield "wants a summary of 10 to 35 characters, without a full stop and its own name"
    if root.find("content_rating[@type='oars-1.1']") is None:
        yield "has no content rating (OARS 1.1)"
    colours = {c.get("scheme_preference"): c.text
               for c in root.findall("branding/color[@type='primary']")}
    if set(colours) != {"light", "dark"} or len(set(colours.values())) != 2:
        yield "wants two brand colours, one for light and one for dark"
    for kind in ("homepage", "bugtracker", "vcs-browser"):
        if root.find(f"url[@type='{kind}']") is None:
            yield f"has no address of the kind “{kind}”"


def about_pictures(tree, root, version):
    pictures = root.findall("screenshots/screenshot")
    if [p.get("type") for p in pictures].count("default") != 1:
        yield "wants one default picture"
    for picture in pictures:
        caption, address = text_of(picture, "caption"), text_of(picture, "image")
        if not caption or caption.endswith("."):
            yield f"wants a caption without a full stop for {address}"
        found = PICTURE.match(address)
        if not found or found[1] != version:
            yield f"shows {address}, which is not of the tag of version {version}"
        elif found[2] not in tree.known:
            yield f"shows {found[2]}, which does not exist"
        else:
            data = tree.data(found[2])
            if data[:8] != b"\x89PNG\r\n\x1a\n" or max(struct.unpack(">II", data[16:24])) > 2000:
                yield f"shows {found[2]}, which is no PNG of at most 2000 pixels"


def about_releases(root, version):
    releases = root.findall("releases/release")
    if not releases or releases[0].get("version") != version:
        yield f"does not begin its releases with version {version}"
    if releases and releases[0].get("type", "stable") != "stable":
        yield "has a newest release that stores hide, as it is not stable"
    dates = [release.get("date") or "" for release in releases]
    if dates != sorted(dates, reverse=True) or "" in dates \
            or dates and dates[0] > datetime.date.today().isoformat():
        yield "has releases without a date, out of order or in the future"
    for release in releases:
        if not "".join(release.itertext()).strip():
            yield f"has no notes for {release.get('version')}"


def check_store(tree):
    found = VERSION.search(tree.text("meson.build"))
    version = found[1] if found else "?"
    for path in tree.glob("data/", ".metainfo.xml.in"):
        root = ET.fromstring(tree.text(path))
        if os.path.basename(path) != text_of(root, "id") + ".metainfo.xml.in":
            yield Finding(path, 0, "is not named after its id")
        for fault in (*about_names(root), *about_pictures(tree, root, version),
                      *about_releases(root, version)):
            yield Finding(path, 0, fault)


COMPLETE = """<component type="desktop-application">
<id>a.b.C</id><name>C</name><summary>Look after things</summary>
<developer id="a.b"><name>B</name></developer><launchable>a.b.C.desktop</launchable>
<screenshots><screenshot type="default"><caption>All things</caption>
<image>https://raw.githubusercontent.com/b/C/v1.0/p.png</image></screenshot></screenshots>
<branding><color type="primary" scheme_preference="light">#fff</color>
<color type="primary" scheme_preference="dark">#000</color></branding>
<content_rating type="oars-1.1"/>
<url type="homepage"/><url type="bugtracker"/><url type="vcs-browser"/>
<releases><release version="1.0" date="2020-01-02"><description><p>New.</p></description></release>
<release version="0.9" date="2020-01-01"><description><p>Old.</p></description></release></releases>
</component>
"""
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 1000, 700)


def store(old="", new="", png=PNG):
    return {"data/a.b.C.metainfo.xml.in": COMPLETE.replace(old, new) if old else COMPLETE,
            "meson.build": "project('c', 'c',\n  version: '1.0',\n)\n", "p.png": png}


STORE = Check(
    "store", "the store's description has what stores ask for, and pictures that exist",
    check_store,
    bad=[store(old, new) for old, new in (
        ("<id>a.b.C", "<id>a.b.D"), ('developer id="a.b"', "developer"),
        (">a.b.C.desktop", ">C.desktop"), ("<name>C<", "<name>A name that is long<"),
        ("after things", "after things."), ("Look after things", "Things of C"),
        ("Look after things", "Look after more things than one can say"),
        ("#000", "#fff"), ('"oars-1.1"', '"oars-1.0"'), ('"vcs-browser"', '"x"'),
        (' type="default"', ""), ("All things", "All things."), ("/v1.0/", "/main/"),
        ("p.png", "q.png"), ('version="1.0"', 'version="1.1"'),
        ('date="2020-01-02"', 'date="2020-01-02" type="development"'),
        ("2020-01-02", "2019-12-31"), ("2020-01-02", "2999-12-31"), ("<p>Old.</p>", ""))]
    + [store(png=b"GIF89a"), store(png=PNG[:16] + struct.pack(">II", 2001, 700))],
    good=[store()])

# --- icon -----------------------------------------------------------------------------------------


def check_icon(tree):
    for path in tree.glob("data/icons/hicolor/", ".svg"):
        root = ET.fromstring(tree.text(path))
        box = (root.get("viewBox") or f"0 0 {root.get('width')} {root.get('height')}").split()
        if len(box) != 4 or box[2] != box[3]:
            yield Finding(path, 0, "is not square")


ICON = Check(
    "icon", "the program's icons are square", check_icon,
    bad=[{"data/icons/hicolor/scalable/apps/a.svg": '<svg viewBox="0 0 16 8"/>'}],
    good=[{"data/icons/hicolor/scalable/apps/a.svg": '<svg width="16" height="16"/>'}])

CHECKS = [MANIFEST, STORE, ICON]
