# SPDX-License-Identifier: GPL-3.0-or-later
"""What a screen reader knows of a program, and what a keyboard can do to it.

It talks to the accessibility bus itself, without libatspi: one call of Cache.GetItems is the whole
tree (names, roles, states) in some milliseconds, and never out of date. Keys are pressed by the
accessibility registry, which presses them at the X server (XTEST).

Of what GTK 4.8 tells, some is not so, and is not used here: "showing" is set for windows only and
"visible" for everything, so that pages that are not shown are in the tree. What has no size is not
there; whether something is in sight is asked by its place in the window.
"""

import ast
import os
import re
import signal
import subprocess
import sys
import time

from gi.repository import Gio, GLib

TIMEOUT = float(os.environ.get('PR_WAIT', '20'))
ATSPI = 'org.a11y.atspi.'
ROOT = '/org/a11y/atspi/accessible/root'
REGISTRY = 'org.a11y.atspi.Registry'
CONTROLLER = '/org/a11y/atspi/registry/deviceeventcontroller'

ROLES = {
    2: 'alert', 7: 'check box', 8: 'check menu item', 10: 'column header', 11: 'combo box', 16: 'dialog', 20: 'filler',
    23: 'frame', 26: 'icon', 27: 'image', 29: 'label', 31: 'list', 32: 'list item', 33: 'menu',
    34: 'menu bar', 35: 'menu item', 37: 'page tab', 38: 'page tab list', 39: 'panel',
    40: 'password text', 41: 'popup menu', 42: 'progress bar', 43: 'push button',
    44: 'radio button', 45: 'radio menu item', 48: 'scroll bar', 49: 'scroll pane',
    50: 'separator', 52: 'spin button', 54: 'status bar', 55: 'table', 56: 'table cell',
    57: 'table column header', 60: 'terminal', 61: 'text', 62: 'toggle button', 63: 'tool bar',
    64: 'tool tip', 65: 'tree', 66: 'tree table', 67: 'unknown', 69: 'window',
    75: 'application', 79: 'entry', 83: 'heading', 85: 'section', 88: 'link', 90: 'table row',
    91: 'tree item', 95: 'level bar', 98: 'list box', 99: 'grouping', 101: 'notification',
    116: 'static', 130: 'switch',
}
LABELLED_BY = 2
STATES = {
    0: 'invalid', 1: 'active', 3: 'busy', 4: 'checked', 5: 'collapsed', 8: 'enabled',
    9: 'expandable', 10: 'expanded', 11: 'focusable', 12: 'focused', 16: 'modal', 20: 'pressed',
    22: 'selectable', 23: 'selected', 24: 'sensitive', 25: 'showing', 30: 'visible',
    36: 'invalid entry', 38: 'selectable text',
}

KEYS = {
    'Tab': 0xff09, 'Return': 0xff0d, 'Escape': 0xff1b, 'BackSpace': 0xff08, 'Delete': 0xffff,
    'Home': 0xff50, 'Left': 0xff51, 'Up': 0xff52, 'Right': 0xff53, 'Down': 0xff54, 'End': 0xff57,
    'Menu': 0xff67, 'F5': 0xffc2, 'F6': 0xffc3, 'F9': 0xffc6, 'F10': 0xffc7, 'space': 0x20,
}
MODIFIERS = {'Shift': 50, 'Control': 37, 'Alt': 64}  # key codes of every X server


class NotFound(AssertionError):
    """Something did not come to be in time."""


def wait(condition, what, timeout=None):
    """Asks until the answer is something, and gives that back."""
    end = time.monotonic() + (timeout or TIMEOUT)
    why = ''
    while True:
        try:
            answer = condition()
            if answer:
                return answer
        except GLib.Error as error:  # objects go while they are asked
            why = f' ({error.message})'
        if time.monotonic() > end:
            raise NotFound(f'waited in vain for {what}{why}')
        time.sleep(0.04)


def clean(name):
    """GTK 4.8 says what is written on a button twice, and once with its underscore."""
    plain = re.sub(r'_(?=\w)', '', name)
    words = plain.split(' ')
    half = len(words) // 2
    if len(words) % 2 == 0 and words[:half] == words[half:]:
        return ' '.join(words[:half])
    return plain


class Node:
    """An object as it was when the tree was read."""

    def __init__(self, app, row):
        (_, self.path), _, (_, self.parent_path), self.index, self.n_children, self.interfaces, \
            self.raw_name, role, self.description, states = row
        self.app = app
        self.role = ROLES.get(role, str(role))
        self.name = clean(self.raw_name)
        bits = states[0] | (states[1] << 32 if len(states) > 1 else 0)
        self.states = {word for bit, word in STATES.items() if bits >> bit & 1}
        self.parent = None
        self.children = []

    def __repr__(self):
        return f'{self.role} “{self.name}”'

    def walk(self):
        yield self
        for child in self.children:
            yield from child.walk()

    def ancestors(self):
        node = self.parent
        while node is not None:
            yield node
            node = node.parent

    def call(self, interface, method, signature=None, *arguments):
        return self.app.call(self.path, ATSPI + interface, method, signature, *arguments)

    def get(self, interface, name):
        return self.app.call(self.path, 'org.freedesktop.DBus.Properties', 'Get', '(ss)',
                             ATSPI + interface, name)[0]

    def get_extents(self):
        """Place and size in its window."""
        if ATSPI + 'Component' not in self.interfaces:
            return (0, 0, 0, 0)
        try:
            return self.call('Component', 'GetExtents', '(u)', 1)[0]
        except GLib.Error:
            return (0, 0, 0, 0)

    def has_size(self):
        _, _, width, height = self.get_extents()
        return width > 1 and height > 1

    def get_window(self):
        window = self
        for node in self.ancestors():
            if node.role != 'application':
                window = node
        return window

    def is_on_top(self):
        """Not on a page of a stack that is hidden. Asked of what is around it, for it may be scrolled
        out of the window."""
        window = self.get_window()
        x, y, width, height = window.get_extents()
        for node in [self, *self.ancestors()]:
            if node is window:
                break
            left, top, w, h = node.get_extents()
            at = (left + w // 2, top + h // 2)
            if w < 2 or h < 2 or not (x < at[0] < x + width and y < at[1] < y + height):
                continue
            (_, path), = window.call('Component', 'GetAccessibleAtPoint', '(iiu)', *at, 1)
            found = self.app.nodes.get(path)
            # GTK 4.8 tells nothing about the place of an entry, and what cannot be used is taken for
            # what is around it.
            if found is None or found.path in [other.path for other in node.ancestors()]:
                continue
            return node.path in [found.path, *(other.path for other in found.ancestors())]
        return True

    def get_labels(self):
        """What a screen reader says before its name: what it is labelled by. Nothing if it is not
        there any more, as the button of a message that has gone meanwhile."""
        try:
            relations = self.call('Accessible', 'GetRelationSet')[0]
        except GLib.Error as error:
            if not error.matches(Gio.dbus_error_quark(), Gio.DBusError.UNKNOWN_METHOD):
                raise
            return []
        return [self.app.nodes[path] for kind, targets in relations
                if kind == LABELLED_BY for _, path in targets if path in self.app.nodes]

    def get_text(self):
        # (0, -1), which means everything, is answered with nothing.
        n = self.get('Text', 'CharacterCount')
        return self.call('Text', 'GetText', '(ii)', 0, n)[0]

    def set_text(self, text):
        if not self.call('EditableText', 'SetTextContents', '(s)', text)[0]:
            raise AssertionError(f'{self} takes no text')
        wait(lambda: self.get_text() == text, f'“{text}” in {self}')

    def do(self, *names):
        """Its first action that has one of these names."""
        n = self.get('Action', 'NActions')
        own = [self.call('Action', 'GetName', '(i)', i)[0] for i in range(n)]
        for name in names:
            if name in own:
                if not self.call('Action', 'DoAction', '(i)', own.index(name))[0]:
                    raise AssertionError(f'{self} refused “{name}”')
                return
        raise AssertionError(f'{self} has no {names}, only {own}')


class App:
    """A program that was started here, as the accessibility bus knows it."""

    def __init__(self, argv, log):
        self.log_path = log
        self.log = open(log, 'w', encoding='utf-8')
        self.launcher = None
        self.connection = self._connect()
        self.process = subprocess.Popen(argv, stdout=self.log, stderr=self.log)
        self.bus = None
        self.asked = {}
        self.nodes = {}
        self.rows = {}  # as text, and as it was read
        self.said = []  # (path, text), as it was told
        self._listen()
        wait(self._find_bus, 'the program on the accessibility bus', 60)

    # --- The bus ------------------------------------------------------------------------------

    def _connect(self):
        session = Gio.bus_get_sync(Gio.BusType.SESSION)
        self.launcher = subprocess.Popen([find_launcher(), '--launch-immediately'],
                                         stdout=self.log, stderr=self.log)

        def get_address():
            return session.call_sync('org.a11y.Bus', '/org/a11y/bus', 'org.a11y.Bus', 'GetAddress',
                                     None, None, 0, 5000, None).unpack()[0]

        address = wait(get_address, 'the accessibility bus')
        flags = (Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT
                 | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION)
        return Gio.DBusConnection.new_for_address_sync(address, flags, None, None)

    def _listen(self):
        """To what a screen reader speaks of: announcements, and changes of names."""
        for kind, member, detail in (('announcement', 'Announcement', None),
                                     ('property-change:accessible-name', 'PropertyChange', 'accessible-name')):
            self.connection.call_sync(REGISTRY, '/org/a11y/atspi/registry', REGISTRY, 'RegisterEvent',
                                      GLib.Variant('(s)', ('object:' + kind,)), None, 0, 5000, None)
            self.connection.signal_subscribe(
                None, ATSPI + 'Event.Object', member, None, detail, 0,
                lambda connection, sender, path, interface, member, parameters:
                    self.said.append((path, parameters.unpack()[3])))

    def has_said(self, text):
        """Whether a window announced that text, or had it as its name for a moment, of which a
        screen reader speaks, whatever has the focus."""
        context = GLib.MainContext.default()
        while context.iteration(False):
            pass
        windows = {path for _, path in self.call(ROOT, ATSPI + 'Accessible', 'GetChildren')[0]}
        return any(path in windows and matches(text, name) for path, name in self.said)

    def _find_bus(self):
        # The registry is asked who came, never the newcomer itself: GLib 2.74 complains about a
        # call while it is being connected.
        assert self.process.poll() is None, f'the program ended: {self.read_log()}'
        children = self.connection.call_sync(REGISTRY, ROOT, ATSPI + 'Accessible', 'GetChildren',
                                             None, None, 0, 5000, None).unpack()[0]
        for name, _ in children:
            pid = self.connection.call_sync(
                'org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus',
                'GetConnectionUnixProcessID', GLib.Variant('(s)', (name,)), None, 0, 5000,
                None).unpack()[0]
            if pid == self.process.pid:
                self.bus = name
        return self.bus

    def call(self, path, interface, method, signature=None, *arguments):
        parameters = GLib.Variant(signature, arguments) if signature else None
        return self.connection.call_sync(self.bus, path, interface, method, parameters, None, 0,
                                         10000, None).unpack()

    def _get_rows(self):
        answer = self.connection.call_sync(self.bus, '/org/a11y/atspi/cache', ATSPI + 'Cache',
                                           'GetItems', None, None, 0, 10000, None)
        # Ten times faster than unpack(), and most rows are as they were when they were last read.
        rows = re.split(rf", (?=\(\('{re.escape(self.bus)}', )", answer.print_(False)[len('(['):-len('],)')])
        self.rows = {row: self.rows.get(row) or ast.literal_eval(row) for row in rows if row}
        return self.rows.values()

    def _ask_for_children(self, paths):
        """All at once: an object is made when its parent is asked for it."""
        left = len(paths)
        context = GLib.MainContext.default()

        def on_answer(connection, result):
            nonlocal left
            left -= 1
            try:
                connection.call_finish(result)
            except GLib.Error:
                pass

        for path in paths:
            self.connection.call(self.bus, path, ATSPI + 'Accessible', 'GetChildren', None, None, 0,
                                 10000, None, on_answer)
        while left:
            context.iteration(True)

    def read(self):
        """The tree as it is now: the program, with its windows as children."""
        for _ in range(60):
            nodes = {}
            for row in self._get_rows():
                node = Node(self, row)
                nodes[node.path] = node
            known = {}
            for node in nodes.values():
                known[node.parent_path] = known.get(node.parent_path, 0) + 1
            # Asked once for as many children as it has; some never tell.
            todo = [node for node in nodes.values() if node.n_children != known.get(node.path, 0)
                    and self.asked.get(node.path) != (node.n_children, known.get(node.path, 0))]
            if not todo:
                break
            for node in todo:
                self.asked[node.path] = (node.n_children, known.get(node.path, 0))
            self._ask_for_children([node.path for node in todo])
        self.nodes = nodes
        for node in nodes.values():
            node.parent = nodes.get(node.parent_path)
            if node.parent is not None:
                node.parent.children.append(node)
        for node in nodes.values():
            node.children.sort(key=lambda child: child.index)
        root = nodes.get(ROOT)
        if root is not None:
            return root.children
        return [node for node in nodes.values() if node.parent is None]

    # --- Windows ------------------------------------------------------------------------------

    def get_window(self, title=None):
        """The window on top, or the one with that title."""
        windows = [node for node in self.read() if title is None or node.name == title]
        return windows[-1] if windows else None

    def wait_for_window(self, title):
        return wait(lambda: self.get_window(title), f'the window “{title}”')

    def wait_for_no_window(self, title):
        wait(lambda: self.get_window(title) is None, f'the end of the window “{title}”')

    def find_all(self, role=None, name=None, window=None):
        root = self.get_window(window)
        found = []
        for node in root.walk() if root is not None else []:
            if role is not None and node.role != role:
                continue
            if name is not None and not matches(name, node.name):
                continue
            if node.has_size() and node.is_on_top():
                found.append(node)
        return found

    def find(self, role=None, name=None, window=None, timeout=None):
        return wait(lambda: (self.find_all(role, name, window) or [None])[0],
                    f'{role or "something"} “{name}” in “{window or "the window on top"}”', timeout)

    def has(self, role=None, name=None, window=None):
        return bool(self.find_all(role, name, window))

    def go_to(self, role, name):
        """By Tab, and within lists by the arrow keys, until it has the focus."""
        for key in ('Tab', 'Down'):
            for _ in range(100):
                focus = self.get_focus()
                if focus is not None and focus.role == role and matches(name, focus.name):
                    return focus
                self.key(key)
        raise NotFound(f'the keyboard does not lead to the {role} “{name}”')

    def get_focus(self):
        for window in reversed(self.read()):
            for node in window.walk():
                if 'focused' in node.states:
                    return node
        return None

    # --- Keys ---------------------------------------------------------------------------------

    def _press(self, code, kind):
        self.connection.call_sync(REGISTRY, CONTROLLER, ATSPI + 'DeviceEventController',
                                  'GenerateKeyboardEvent', GLib.Variant('(isu)', (code, '', kind)),
                                  None, 0, 5000, None)

    def key(self, *names):
        """Each as “Control+a”."""
        for name in names:
            *modifiers, key = name.split('+')
            for modifier in modifiers:
                self._press(MODIFIERS[modifier], 0)
            self._press(KEYS.get(key) or ord(key), 3)
            for modifier in reversed(modifiers):
                self._press(MODIFIERS[modifier], 1)
            time.sleep(0.06)

    def type(self, text):
        for letter in text:
            self._press(ord(letter), 3)
        time.sleep(0.06)

    # --- The end ------------------------------------------------------------------------------

    def read_log(self):
        with open(self.log_path, encoding='utf-8', errors='replace') as file:
            return file.read()

    def get_complaints(self):
        """What the program complained of, but for the desktop that is not there."""
        return [line for line in self.read_log().splitlines()
                if re.search(r'-(WARNING|CRITICAL|ERROR) \*\*', line) and 'postroom' in line
                and 'org.freedesktop.Notifications' not in line]

    def close(self):
        for process in (self.process, self.launcher):
            if process is not None and process.poll() is None:
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
        self.log.close()


def matches(wanted, text):
    return bool(wanted.search(text)) if hasattr(wanted, 'search') else wanted == text


def find_launcher():
    """Where the accessibility bus is installed, as its own service file says."""
    for folder in os.environ.get('XDG_DATA_DIRS', '/usr/local/share:/usr/share').split(':'):
        path = os.path.join(folder, 'dbus-1/services/org.a11y.Bus.service')
        if os.path.exists(path):
            with open(path, encoding='utf-8') as file:
                for line in file:
                    if line.startswith('Exec='):
                        return line[5:].split()[0].strip()
    sys.exit('screenreader: the accessibility bus is not installed (package at-spi2-core)')
