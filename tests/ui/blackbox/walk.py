#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""walk.py POSTROOM POSTROOMCTL SERVE-PRACTICE: from nothing to mailboxes that work, with the
program as it is installed, by keyboard and as a screen reader sees it. It knows what stands on the
screen, and nothing of how it is made. Everything that can have the focus must have a name, and
what cannot be used must say why.
"""

import json
import os
import re
import subprocess
import shutil
import sys
import tempfile
import time
import traceback

try:
    from screenreader import App, NotFound, matches, wait
except ImportError as missing:
    if os.environ.get('POSTROOM_TEST_NO_SKIP'):
        raise
    print(f'1..0 # SKIP {missing} (package python3-gi)')
    sys.exit(0)

PRACTICE = {'ada@practice.example': 'ada-own', 'bob@practice.example': 'bob-new'}
# Containers that GTK lets have the focus; none of them is a control.
NO_CONTROLS = {'scroll pane', 'list', 'frame', 'dialog', 'window'}
CONTROLS = {'push button', 'toggle button', 'check box', 'switch', 'combo box', 'text', 'entry',
            'password text', 'menu item', 'spin button', 'radio button', 'page tab'}
CLASS = re.compile(r'(Gtk|Adw|Pr)[A-Z]')
SWITCH = 'check box'  # that is what GTK 4.8 calls them


class Walk:
    def __init__(self, postroom, postroomctl, serve_practice):
        self.asked = set()
        self.folder = tempfile.mkdtemp(prefix='postroom-blackbox-')
        self.data = os.path.join(self.folder, 'data')
        os.environ['POSTROOM_DATA_DIR'] = self.data
        self.postroomctl = postroomctl
        self.server = subprocess.Popen(
            [serve_practice, self.folder] + [f'{a}={p}' for a, p in PRACTICE.items()],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.pop3, self.smtp = self.server.stdout.readline().split()
        self.app = App([postroom], os.path.join(self.folder, 'log'))
        self.app.wait_for_window('Default')
        self.expect('Welcome to Postroom')

    def describe(self):
        """What stands there, for whoever has to find out why it failed."""
        try:
            for window in self.app.read():
                print(f'# {window}, the focus is on {self.app.get_focus()}')
                for node in window.walk():
                    if node.name and node.role in ('label', 'push button') and node.has_size() and node.is_on_top():
                        print(f'#   {node}')
        except Exception as error:  # it may have ended
            print(f'# {error}')
        print(subprocess.run([self.postroomctl, 'mailbox', 'list', '--all', '--json'], text=True,
                             capture_output=True, timeout=30).stdout)
        print('\n'.join(f'# {line}' for line in self.app.read_log().splitlines()[-20:]))

    def end(self):
        self.app.close()
        self.server.stdin.close()
        self.server.wait(10)
        shutil.rmtree(self.folder)

    # --- What must hold everywhere ---------------------------------------------------------------

    def check(self, where):
        """Names for all that can have the focus, reasons for all that cannot be used."""
        faults = set()
        for window in self.app.read():
            for node in window.walk():
                # What is said when the focus comes into it.
                if node.raw_name == 'GtkStackPage' or node.role == 'list' and CLASS.match(node.raw_name):
                    way = ' < '.join(str(parent) for parent in list(node.ancestors())[:6])
                    faults.add(f'{node} around {node.children} is called by its class: {way}')
                if node.role in NO_CONTROLS:
                    continue
                if 'focusable' not in node.states and node.role not in CONTROLS:
                    continue
                for label in self.get_labels_once(node):
                    if CLASS.match(label.raw_name):
                        faults.add(f'{node} is labelled by {label}')
                nameless = not node.name or CLASS.match(node.raw_name)
                silent = 'sensitive' not in node.states and not node.description
                if not (nameless or silent) or not node.has_size() or not node.is_on_top():
                    continue
                way = ' < '.join(str(parent) for parent in list(node.ancestors())[:3])
                if nameless:
                    faults.add(f'{node} has no name: {way}')
                if silent:
                    faults.add(f'{node} cannot be used and does not say why: {way}')
        assert not faults, f'{where}:\n  ' + '\n  '.join(sorted(faults))

    def get_labels_once(self, node):
        """Of a button; none if it was asked before: it takes a call for each."""
        if node.role != 'push button' or node.path in self.asked:
            return []
        self.asked.add(node.path)
        return node.get_labels()

    def check_tab(self, where):
        """Tab comes round, and nothing on the way is without a name."""
        seen = []
        for _ in range(150):
            self.app.key('Tab')
            focus = self.app.get_focus()
            # GTK 4.8 does not tell which entry has it.
            if focus is None:
                continue
            assert focus.name or focus.role == 'scroll pane', f'{where}: {focus} has the focus'
            if seen and focus.path == seen[-1].path:
                continue
            if focus.path in [node.path for node in seen]:
                assert any(node.name.startswith('Environment: ') for node in seen), f'{where}: Tab stays in {seen}'
                return
            seen.append(focus)
        raise AssertionError(f'{where}: Tab does not come round: {seen}')

    # --- What a person does ----------------------------------------------------------------------

    def fill(self, name, text, window=None):
        self.app.find('text', name, window).set_text(text)

    def press(self, name, window=None):
        """A button, by keyboard."""
        button = wait(lambda: next((node for node in self.app.find_all('push button', name, window)
                                    if 'focusable' in node.states and 'sensitive' in node.states), None),
                      f'the button “{name}”')
        button.do('click')

    def choose(self, name, value):
        """Another value of a choice: its list is opened, and gone through."""
        self.app.go_to('combo box', name)
        self.app.key('space', 'Home')
        for _ in range(20):
            focus = self.app.get_focus()
            if focus is not None and any(node.name == value for node in focus.walk()):
                assert focus.parent.name == name, f'{value} is in {focus.parent}'
                self.app.key('Return')
                # It is said with the choice.
                wait(lambda: self.app.find('combo box', name).description.startswith(value),
                     f'“{value}” in what is said of “{name}”')
                return
            self.app.key('Down')
        raise NotFound(f'“{value}” among the values of “{name}”')

    def turn_on(self, name):
        switch = self.app.find(SWITCH, name)
        if 'checked' not in switch.states:
            switch.do('toggle')

    def expect(self, text, role=None, timeout=None):
        return self.app.find(role, re.compile(text), timeout=timeout)

    def expect_said(self, text):
        """By a screen reader, wherever the focus is."""
        wait(lambda: self.app.has_said(re.compile(text)), f'a screen reader to be told “{text}”')

    def came_to_entry(self, name):
        """With the focus, as a screen reader knows it: before libadwaita 1.4 it is announced."""
        focus = self.app.get_focus()
        return (self.app.has_said(re.compile(f'^{name}($|[.])'))
                or focus is not None and focus.name == name)

    def expect_entry(self, name):
        wait(lambda: self.came_to_entry(name), f'the focus on the entry “{name}”')

    def go_to_entry(self, name):
        for _ in range(9):
            if not self.came_to_entry(name):
                self.app.key('Tab')
        self.expect_entry(name)

    def show_page(self, number, title):
        self.app.key(f'Alt+{number}')
        wait(lambda: any('selected' in node.states for node in self.app.find_all('list item', title)),
             f'the page “{title}”')
        time.sleep(0.3)

    # --- The chapters ----------------------------------------------------------------------------

    def first_use(self):
        titles = ['Overview', 'Server Profiles', 'Email Settings', 'Mailboxes', 'Alerts',
                  'Connectivity Analyzer']
        for number, title in enumerate(titles, 1):
            self.show_page(number, title)
            self.check(title)
            self.check_tab(title)

    def ask_for_type(self):
        self.app.key('Control+n')
        self.app.wait_for_window('New Server Profile')

    def choose_type(self, name):
        self.app.go_to('list item', name)
        self.app.key('Return')
        self.app.wait_for_no_window('New Server Profile')

    def profiles(self):
        self.show_page(2, 'Server Profiles')
        self.ask_for_type()
        self.check('New Server Profile')
        self.expect_said('^The servers of well-known providers')
        self.go_to_entry('An email address on that server')
        self.choose_type('Gmail')
        self.expect('30 May 2022')
        self.expect_entry('Name')
        self.go_to_entry('Owner name')
        assert self.app.find('text', 'Incoming server location').get_text() == 'pop.gmail.com'
        self.fill('Name', 'Our Gmail')
        self.check('the form of a Gmail profile')
        self.app.key('Control+s')
        self.expect('^Our Gmail', 'list item')

        self.ask_for_type()
        self.choose_type('POP3/SMTP Server')
        self.fill('Name', 'House mail')
        self.fill('Incoming server location', 'localhost')
        self.fill('Outgoing server location', 'localhost')
        self.fill('Incoming port', self.pop3)
        self.fill('Outgoing port', self.smtp)
        self.press('Choose…')
        self.choose_file('Trusted Certificate Authority', 'authority.pem')
        self.expect('^1 certificate, besides')
        self.check('the form of a POP3/SMTP profile')
        self.check_tab('the form of a profile')
        self.press('Test Connection')
        self.app.wait_for_window('Test Connection')
        self.expect_said('^The connection works$')
        self.check('Test Connection')
        self.app.key('Escape')
        self.app.wait_for_no_window('Test Connection')
        self.app.key('Control+s')
        self.expect('^House mail', 'list item')
        self.check('Server Profiles')
        self.app.go_to('list item', re.compile('^Our Gmail'))
        self.ask_to_delete('Delete “Our Gmail”?')

    def assistant(self):
        self.ask_for_type()
        self.choose_type('Gmail with OAuth 2.0')
        self.app.wait_for_window('Set-up Assistant')
        self.expect_said('^Who signs in[?] ')
        self.check('Set-up Assistant')
        self.press('Next')
        self.expect_said('^Make a project[.] Sign in to Google’s console')
        self.check('a step of the Set-up Assistant')
        self.app.key('Escape')
        self.app.wait_for_no_window('Set-up Assistant')
        self.press('Back', 'Default')
        self.app.wait_for_window('Discard Changes?')
        self.press('Discard')
        self.app.wait_for_no_window('Discard Changes?')

    def choose_file(self, title, name):
        self.app.wait_for_window(title)
        time.sleep(0.3)
        # The slash is what opens the place to type a path in.
        self.app.type(os.path.join(self.folder, name))
        time.sleep(0.3)
        self.app.key('Return')
        self.app.wait_for_no_window(title)

    def settings(self):
        self.show_page(3, 'Email Settings')
        self.choose('Server profile', 'House mail')
        self.app.key('Control+s')
        self.expect('^Email settings were saved')

    def mailboxes(self):
        self.show_page(4, 'Mailboxes')
        for name, password in (('ada', 'ada-own'), ('bob', 'bob-old')):
            self.app.key('Control+n')
            self.app.find('text', 'Email address')
            self.fill('Name', name.title())
            self.fill('Email address', f'{name}@practice.example')
            self.turn_on(re.compile('^Allow to use credentials'))
            self.press(re.compile('^Set Password…'))
            self.enter_password(password)
            self.check('the form of a mailbox')
            self.app.key('Control+s')
            self.expect(f'^{name}@practice.example', 'label')
        self.app.go_to('push button', re.compile('^View: Active Mailboxes'))
        self.app.key('space')
        wait(lambda: self.app.get_focus().role == 'list item', 'the list of views')
        self.check('the views')
        self.app.key('Escape')

    def enter_password(self, password):
        self.app.wait_for_window('Set Password')
        self.check('Set Password')
        self.expect_entry('Password')
        self.app.type(password)
        entry = self.app.find('password text', 'Password')
        wait(lambda: entry.get_text(), 'the password in its entry')
        self.app.key('Return')
        self.app.wait_for_no_window('Set Password')

    def panes(self):
        """F6 leads through the parts of the window, and back."""
        self.app.go_to('table row', 'ada@practice.example')
        self.app.key('Control+a')
        self.expect('^2 of 2 selected')
        self.expect_said('^2 of 2 selected$')

        def go(key, role, name):
            self.app.key(key)

            def has_come():
                focus = self.app.get_focus()
                # A message of a moment is a part, too, for as long as it is there.
                if focus is not None and focus.name == 'Close':
                    self.app.key(key)
                    return False
                return focus is not None and focus.role == role and matches(name, focus.name)

            wait(has_come, f'the focus on the {role} “{name}” after {key}')

        go('F6', 'push button', 'Edit')
        go('F6', 'list item', 'Mailboxes')
        go('F6', 'push button', 'Sidebar')
        self.app.key('Tab')
        assert self.app.get_focus().name == 'New mailbox', self.app.get_focus()
        go('F6', 'table row', re.compile('@practice.example'))
        go('Shift+F6', 'push button', 'New mailbox')  # where it was
        go('Shift+F6', 'list item', 'Mailboxes')
        go('Shift+F6', 'push button', 'Edit')
        go('Shift+F6', 'table row', re.compile('@practice.example'))
        # A pane that is not there is passed over.
        self.app.key('F9')
        go('F6', 'push button', 'Edit')
        go('F6', 'push button', 'New mailbox')
        self.app.key('F9')
        go('Shift+F6', 'list item', 'Mailboxes')

        go('Shift+F6', 'push button', 'Edit')
        go('Shift+F6', 'table row', re.compile('@practice.example'))
        self.ask_to_delete('Delete 2 Mailboxes?')

    def ask_to_delete(self, question):
        """The Delete key asks, and nothing is deleted if the answer is no."""
        self.app.key('Delete')
        self.app.wait_for_window(question)
        self.app.key('Escape')
        self.app.wait_for_no_window(question)

    def approve(self):
        self.app.go_to('table row', 'ada@practice.example')
        self.app.key('Control+a')
        self.expect('^2 of 2 selected')
        self.check('Mailboxes')
        self.press('Approve Email')
        self.app.wait_for_window('Approve 2 Email Addresses?')
        self.check('a question')
        self.app.key('Return')
        self.expect('^2 email addresses approved')

    def test(self):
        self.app.key('Control+a', 'F5')
        self.expect('2 tests passed')
        self.expect('2 failed')
        # Said, not only shown.
        wait(lambda: any(node.role == 'status bar' and '2 tests passed' in node.name
                         for node in self.app.get_window('Default').walk()), 'the announcement')
        self.expect_said('^2 tests passed')
        # And with the row that has the focus.
        row = self.app.find('table row', 'bob@practice.example')
        assert re.search('^Incoming: Failure: Wrong user name.*Outgoing: Failure: Wrong', row.description), \
            row.description
        self.check('Mailboxes after a test')

    def mend(self):
        self.show_page(5, 'Alerts')
        self.expect('^Wrong user name or password')
        self.check('Alerts')
        self.check_tab('Alerts')
        self.press(re.compile('^Set Password…'))
        self.enter_password('bob-new')
        self.expect('^2 tests passed')
        wait(lambda: not self.app.has('label', 'Wrong user name or password'), 'the end of the alert')

    def quit(self):
        self.app.key('Control+q')
        wait(lambda: self.app.process.poll() is not None, 'the end of the program')
        assert self.app.process.returncode == 0, f'it ended with {self.app.process.returncode}'
        assert self.app.get_complaints() == [], self.app.get_complaints()
        shown = subprocess.run([self.postroomctl, 'mailbox', 'list', '--all', '--json'], text=True,
                               capture_output=True, timeout=30, check=True)
        boxes = json.loads(shown.stdout)
        assert len(boxes) == 2, boxes
        for box in boxes:
            for field in ('incoming_status', 'outgoing_status'):
                assert box[field] == 'success', box
            assert box['profile_name'] == 'House mail', box


def main():
    steps = ['first_use', 'profiles', 'assistant', 'settings', 'mailboxes', 'panes', 'approve', 'test', 'mend',
             'quit']
    print(f'1..{len(steps)}', flush=True)
    walk = Walk(*[os.path.abspath(path) for path in sys.argv[1:4]])
    try:
        for number, step in enumerate(steps, 1):
            begun = time.monotonic()
            try:
                getattr(walk, step)()
            except (AssertionError, NotFound, Exception):  # whatever it is, it is the end of the walk
                print(f'not ok {number} - {step}')
                print(''.join(f'# {line}\n' for line in traceback.format_exc().splitlines()))
                walk.describe()
                print(f'Bail out! The walk ends here', flush=True)
                return 1
            print(f'ok {number} - {step} # {time.monotonic() - begun:.1f} s', flush=True)
        return 0
    finally:
        walk.end()


sys.exit(main())
