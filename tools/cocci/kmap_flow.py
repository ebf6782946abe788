# SPDX-License-Identifier: GPL-2.0
"""What becomes of a mapping: the analysis behind kmap_sites.cocci.

Every path of a function is followed from its entry. What holds the address of the mapped
page (variables, and what is computed from them), whether the page is still mapped, and
the conditions that are known to hold are the state of a path. A site is ``thread`` only
if every path unmaps and every use of the address is one that cannot keep it.
"""

import os
import re

from kmap_parse import BY_PAGE, MAPS, UNMAPS, NotUnderstood, Source, show, walk

MAX_STATES = 30000
MAX_DEPTH = 5
SURE, MAYBE = 2, 1

NEVER_RETURNS = ("BUG", "panic", "unreachable", "do_exit", "make_task_dead", "BUILD_BUG")
# Functions that say the same if they are asked again, in a condition.
STABLE = re.compile(
    r"Page[A-Z]\w+|IS_ERR(_OR_NULL)?|(\w+_)?is_\w+|(\w+_)?has_\w+|IS_\w+|S_IS\w+|test_bit"
    r"|\w+_data_dir|buffer_\w+|(un)?likely|sizeof|offset_in_page|PTR_ERR"
)
WORD = re.compile(r"[A-Za-z_]\w*")


def read_callees():
    """What is known of functions: of the file beside this one, and of patches/cocci.

    :return: what they do: a regular expression
    """
    here = os.path.dirname(os.path.realpath(__file__))
    found = {kind: [] for kind in ("value", "address", "page", "store", "elsewhere", "some")}
    for name in ("callees", "../../patches/cocci/callees"):
        path = os.path.join(here, name)
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                for line in file:
                    fields = line.rstrip("\n").split("\t")
                    if line.startswith("#") or not fields[0]:
                        continue
                    found[fields[1] if len(fields) == 3 else "some"].append(fields[0])
    return {
        kind: re.compile("|".join(f"(?:{n})" for n in names) or r"(?!)")
        for kind, names in found.items()
    }


CALLEES = read_callees()


def known(kind, name):
    """Is a function known to be of a kind?"""
    return CALLEES[kind].fullmatch(name) is not None


class End(Exception):
    """The path ends here."""


class State:
    """What is known on a path."""

    __slots__ = (
        "held",
        "taint",
        "page",
        "was",
        "marks",
        "known",
        "error",
        "pruned",
        "steps",
        "moved",
        "inner",
    )

    def __init__(self):
        self.held = 0  # 0: not yet, 1: mapped, 2: unmapped
        self.taint = {}  # variable: SURE or MAYBE
        self.page = frozenset()  # expressions that are the mapped page
        self.was = frozenset()  # variables that were the page or the address
        self.marks = frozenset()  # what happened on this path
        self.known = {}  # condition: whether it holds
        self.error = None  # the variable that says whether a helper mapped
        self.pruned = frozenset()  # conditions by which paths were left out
        self.steps = frozenset()  # (variable, node) where an address was moved on
        self.moved = frozenset()  # variables that may have left the page
        self.inner = frozenset()  # (variable, line) mapped since, and not unmapped

    def copy(self):
        """Another one, for another branch."""
        new = State()
        for slot in State.__slots__:
            value = getattr(self, slot)
            setattr(new, slot, dict(value) if isinstance(value, dict) else value)
        return new

    def key(self):
        """What makes two states the same."""
        return (
            self.held,
            frozenset(self.taint.items()),
            self.page,
            self.was,
            self.marks,
            frozenset(self.known.items()),
            self.error,
            self.steps,
            self.moved,
            self.inner,
        )


class Result:
    """What the paths of a function do with a mapping."""

    def __init__(self):
        self.unmaps, self.ends, self.problems = set(), set(), set()
        self.stores, self.returns, self.outs, self.wrong = set(), set(), set(), set()
        self.pruned, self.doubts, self.helpers, self.order = set(), set(), set(), set()
        self.map_line = 0
        self.returns_page = False


class Verdict:
    """The class of a site, why, and the lines that show it."""

    def __init__(self, kind, reason, lines=(), unmaps=(), pruned=False, helpers=()):
        self.kind, self.reason = kind, reason
        self.lines = sorted({n for n in lines if n})
        self.unmaps, self.pruned, self.helpers = sorted(unmaps), pruned, helpers

    def text(self):
        """Reason and lines in a sentence."""
        lines = ", ".join(str(n) for n in self.lines)
        return f"{self.reason} [lines {lines}]" if lines else self.reason


class Tree:
    """The sources that have been read."""

    def __init__(self):
        self.sources, self.summaries, self.fields, self.headers = {}, {}, {}, {}
        self.active, self.places, self.folders, self.texts = [], {}, {}, {}

    def source(self, path):
        """The parsed file."""
        path = os.path.normpath(path)
        if path not in self.sources:
            if len(self.sources) > 60:
                self.sources.clear()
                self.summaries.clear()
            self.sources[path] = Source(path)
        return self.sources[path]

    def root(self, path):
        """The top of the kernel tree that has a file, or nothing."""
        at = os.path.dirname(os.path.abspath(path))
        while at != "/":
            if os.path.exists(os.path.join(at, "include/linux/highmem.h")):
                return at
            at = os.path.dirname(at)
        return None

    def header_text(self, path):
        """The text of a file, of the headers beside it, and of those that it includes."""
        if path in self.headers:
            return self.headers[path]
        if len(self.headers) > 8:
            self.headers.clear()
            self.fields.clear()
        folder, root = os.path.dirname(path) or ".", self.root(path)
        source = self.source(path).text
        names = {path}
        names.update(os.path.join(folder, n) for n in os.listdir(folder) if n.endswith(".h"))
        for name in re.findall(r'^\s*#\s*include\s*[<"]([^">]+)[">]', source, re.M):
            for base in (folder, root and f"{root}/include", root and f"{root}/include/uapi"):
                if base:
                    names.add(os.path.normpath(os.path.join(base, name)))
        text = []
        for name in sorted(names):
            if os.path.isfile(name):
                with open(name, encoding="utf-8", errors="replace") as file:
                    text.append(file.read())
        self.headers[path] = "\n".join(text)
        return self.headers[path]

    def field(self, path, name):
        """Is a field of this name a number wherever it is declared?"""
        key = (path, name)
        if key not in self.fields:
            text = self.header_text(path)
            found = re.findall(
                rf"^[ \t]+((?:[A-Za-z_][\w \t]*?[ \t*]+)?(?:\w+[ \t]*,[ \t]*)*)\b{name}\b"
                rf"[ \t]*(\[|;|,|:|__)",
                text,
                re.M,
            )
            scalar = bool(found)
            for words, after in found:
                names = WORD.findall(words)
                if after == "[" or "*" in words or "return" in names or "goto" in names:
                    if "return" in names or "goto" in names:
                        continue
                    scalar = False
                elif not any(
                    w
                    in (
                        "enum",
                        "u8",
                        "u16",
                        "u32",
                        "u64",
                        "int",
                        "short",
                        "char",
                        "long",
                        "unsigned",
                        "bool",
                        "uint8_t",
                        "uint16_t",
                        "uint32_t",
                        "uint64_t",
                    )
                    or re.fullmatch(r"_*(u|s|le|be|fs)(8|16|32|64)", w)
                    or w.endswith("_t")
                    for w in names
                ):
                    scalar = False
            self.fields[key] = scalar
        return self.fields[key]

    def function(self, caller, name):
        """The function that a call means, if it is in the file or beside it; or nothing."""
        source = caller.source
        if name in source.functions:
            return source.functions[name]
        folder = os.path.dirname(source.path) or "."
        key = ("function", folder, name)
        if key not in self.places:
            found = []
            pattern = re.compile(rf"^[A-Za-z_][^;#]*?\b{name}\s*\([^;]*?\)\s*(__\w+\s*)*\{{", re.M)
            for path in self.beside(folder):
                text = self.text(path)
                if name in text and pattern.search(text):
                    other = self.source(path).functions.get(name)
                    if other and (path.endswith(".h") or not other.static):
                        found.append(path)
            self.places[key] = found
        if len(self.places[key]) != 1:
            return None
        return self.source(self.places[key][0]).functions.get(name)

    def beside(self, folder):
        """The C files and headers of a directory."""
        if folder not in self.folders:
            self.folders[folder] = [
                os.path.join(folder, n)
                for n in sorted(os.listdir(folder))
                if n.endswith((".c", ".h")) and not n.endswith(".mod.c")
            ]
        return self.folders[folder]

    def text(self, path):
        """The text of a file."""
        if path not in self.texts:
            if sum(map(len, self.texts.values())) > 40000000:
                self.texts.clear()
            with open(path, encoding="utf-8", errors="replace") as file:
                self.texts[path] = file.read()
        return self.texts[path]

    def callers(self, function):
        """Every call of a function in the files beside it.

        :return: the calls, or nothing if there may be others
        """
        source = function.source
        folder = os.path.dirname(source.path) or "."
        pattern = re.compile(rf"\b{function.name}\b")
        if function.static and source.path.endswith(".c"):
            files = [source.path]
        else:
            if re.search(rf"\bEXPORT_\w+\({function.name}\b", source.text):
                return None
            files = self.beside(folder)
        found = []
        for path in files:
            if not pattern.search(self.text(path)):
                continue
            other = self.source(path)
            rest = len(pattern.findall(re.sub(r'"(?:\\.|[^"\\\n])*"', '""', other.code)))
            for caller in other.by_line:
                names = [t for t in caller.body if t.text == function.name]
                if caller is function:
                    rest -= 1
                if not names:
                    continue
                if caller is function:
                    return None
                caller.parse()
                calls = [
                    (caller, node, call)
                    for node, call in caller.calls()
                    if call[1] == ("id", function.name)
                ]
                if len(calls) != len(names):
                    return None
                found += calls
                rest -= len(calls)
            # What is left is a declaration, or somebody has its address.
            declared = len(
                re.findall(
                    rf"^[A-Za-z][^;{{}}=()]*\b{function.name}\s*\([^;{{}}]*\)[^;{{}}=]*;",
                    other.code,
                    re.M,
                )
            )
            if rest > declared:
                return None
        if not (function.static and source.path.endswith(".c")):
            if self.known_outside(source, folder, function.name):
                return None
        return found

    def known_outside(self, source, folder, name):
        """May a function be called from outside of its directory?

        It may if a header under include/ declares it, or if a file in or below the parent
        of its directory names it.
        """
        root, pattern = self.root(source.path), re.compile(rf"\b{name}\b")
        if root is None:
            return True
        here, top = os.path.realpath(folder), os.path.realpath(root)
        parent = os.path.dirname(here)
        if here.startswith(os.path.join(top, "include")) or not parent.startswith(top):
            return True
        if name in self.header_text(source.path):
            for header in re.findall(r"#\s*include\s*<(linux/[^>]+)>", source.text):
                path = os.path.join(root, "include", header)
                if os.path.isfile(path) and pattern.search(self.text(path)):
                    return True
        if parent == top:
            return True
        for base, _, files in os.walk(parent):
            if base == here:
                continue
            for file in files:
                if file.endswith((".c", ".h")):
                    path = os.path.join(base, file)
                    with open(path, encoding="utf-8", errors="replace") as other:
                        text = other.read()
                        if name in text and pattern.search(text):
                            return True
        return False


TREE = Tree()


class Seed:
    """Where a mapping begins: at a call that maps, at a helper's call, at a parameter."""

    def __init__(self, kind, where=None, returns=None, outs=None, name="", params=None):
        self.kind, self.where, self.name = kind, where, name
        self.returns, self.outs, self.params = returns, outs or {}, params or {}


class Analysis:
    """Follows the paths of one function for one mapping."""

    def __init__(self, function, seed):
        self.fn, self.seed, self.result = function, seed, Result()
        self.path = function.source.path
        self.by_page = seed.name in BY_PAGE
        self.unmap_names = MAPS.get(seed.name, UNMAPS)
        self.value_used = True
        self.tracked = set()
        self.node = 0  # the number of the one that is looked at
        self.repeated = False  # a condition that may or may not be the same again
        self.line = 0

    def run(self):
        """Follow all paths.

        :return: the result
        :raises NotUnderstood: if the function is too much for this
        """
        self.fn.parse()
        self.prepare()
        start = State()
        if self.seed.kind == "param":
            start.held = 1
            for name, what in self.seed.params.items():
                if what == "page":
                    start.page |= {name}
                else:
                    start.taint[name] = what
            start.was = frozenset(self.seed.params)
        seen, stack = set(), [(self.fn.nodes[0], start)]
        while stack:
            node, state = stack.pop()
            key = (node.number, state.key())
            if key in seen:
                continue
            seen.add(key)
            if len(seen) > MAX_STATES:
                raise NotUnderstood("too many paths")
            self.line, self.node = node.line, node.number
            try:
                stack.extend(self.step(node, state))
            except End:
                pass
        return self.result

    def prepare(self):
        """Which conditions are worth to be remembered; aliases of the page."""
        count, constant = {}, set()
        self.sole = {}
        for node in self.fn.nodes:
            if node.kind == "cond":
                text = self.atom(node.expr)[0]
                count[text] = count.get(text, 0) + 1
            if not node.expr:
                continue
            for expr in walk(node.expr):
                if expr[0] == "assign":
                    if expr[2][0] == "id":
                        self.sole.setdefault(expr[2][1], []).append(expr)
                        if self.constant(expr[3]) is not None:
                            constant.add(expr[2][1])
                elif expr[0] in ("un", "post") and expr[1] in ("++", "--", "&"):
                    if expr[2][0] == "id":
                        self.sole.setdefault(expr[2][1], []).append(None)
            if node.kind == "expr" and node.expr[0] == "call":
                if (node.expr[3], node.expr[4]) == self.seed.where:
                    self.value_used = False
        for text, number in count.items():
            words = WORD.findall(text)
            if not all(STABLE.fullmatch(n) for n in re.findall(r"(\w+)\(", text)):
                self.repeated = self.repeated or number > 1
                continue
            if number > 1 or any(w in constant for w in words):
                self.tracked.add(text)

    @staticmethod
    def constant(expr):
        """True or False for a constant that is one in a condition, else None."""
        while expr[0] == "cast":
            expr = expr[2]
        if expr[0] == "num":
            return expr[1] not in ("0", "0UL", "0U", "0L", "0x0")
        if expr[0] == "id":
            if expr[1] in ("NULL", "false"):
                return False
            if expr[1] == "true" or re.fullmatch(r"E[A-Z0-9]+", expr[1]):
                return True
        if expr[0] == "un" and expr[1] == "-":
            return Analysis.constant(expr[2])
        if expr[0] == "call" and show(expr[1]) in ("ERR_PTR", "ERR_CAST"):
            return True
        return None

    @staticmethod
    def atom(expr):
        """A condition as a text, and whether it holds when the text does."""
        sense = True
        while True:
            if expr[0] == "un" and expr[1] == "!":
                expr, sense = expr[2], not sense
            elif expr[0] == "call" and show(expr[1]) in ("likely", "unlikely") and expr[2]:
                expr = expr[2][0]
            elif expr[0] == "bin" and expr[1] in ("!=", "=="):
                if expr[3] in (("id", "NULL"), ("num", "0"), ("id", "false")):
                    sense = sense == (expr[1] == "!=")
                    expr = expr[2]
                elif expr[1] == "!=":
                    expr, sense = ("bin", "==", expr[2], expr[3]), not sense
                else:
                    break
            elif expr[0] == "bin" and expr[1] in (">=", "<="):
                other = {">=": "<", "<=": ">"}[expr[1]]
                expr, sense = ("bin", other, expr[2], expr[3]), not sense
            elif expr[0] == "assign" and expr[1] == "=":
                expr = expr[2]
            elif expr[0] == "cast":
                expr = expr[2]
            else:
                break
        return show(expr), sense

    # Steps.
    def step(self, node, state):
        """Go through a node; what follows, with its states."""
        if node.kind in ("expr", "loop") and node.expr[0] == "call":
            if show(node.expr[1]) in NEVER_RETURNS:
                raise End
        if node.expr and node.kind != "return":
            self.eval(node.expr, state)
        if node.kind == "return":
            self.leave(node, state)
            return []
        if node.kind == "exit":
            self.finish(node.line, state, None)
            return []
        if node.kind == "loop":
            self.loop_names(node.expr, state)
        if node.kind == "cond":
            return self.fork(node, state)
        out = []
        for _, after in node.succ:
            out.append((after, state if len(node.succ) == 1 else state.copy()))
        return out

    def loop_names(self, expr, state):
        """A macro's loop may assign every variable that it is given."""
        for arg in expr[2]:
            for part in walk(arg):
                if part[0] == "id" and part[1] in self.fn.vars:
                    names = WORD.findall(" ".join(show(a) for a in expr[2]))
                    if any(n in state.taint for n in names):
                        if state.held and self.fn.vars[part[1]].kind != "scalar":
                            state.taint.setdefault(part[1], MAYBE)
                if arg is expr[2][0] or part is arg:
                    if part[0] == "id":
                        self.forget(part[1], state, keep_taint=True)

    def fork(self, node, state):
        """The branches of a condition that can be taken."""
        text, sense = self.atom(node.expr)
        out = []
        for key, after in node.succ:
            holds = (key == "t") == sense
            known = self.known(text, holds, state)
            if known is False:
                continue
            new = state.copy()
            if self.not_mapped(node.expr, text, holds, new):
                continue
            if text in self.tracked:
                new.known[text] = holds
            out.append((after, new))
        return out

    def known(self, text, holds, state):
        """Can a condition have this value here? None: nobody knows."""
        if text in state.known:
            if state.known[text] != holds and state.held == 1:
                self.result.pruned.add(text)
            return state.known[text] == holds
        negative = re.fullmatch(r"\((\w+)<0\)", text)
        if negative and state.known.get(negative.group(1)) is False:
            return not holds
        return None

    def not_mapped(self, expr, text, holds, state):
        """Is this the branch where a helper has not mapped, or where the address is NULL?"""
        if state.held != 1:
            return False
        error = re.fullmatch(r"IS_ERR(?:_OR_NULL)?\((.*)\)", text)
        name = error.group(1) if error else text
        subject = state.taint.get(name) == SURE or (
            name in state.page and self.seed.kind == "call"
        )
        if subject and holds == bool(error):
            self.result.pruned.add(text)
            return True
        if self.seed.kind == "call" and self.seed.outs:
            if state.error:
                pointer = (
                    self.fn.vars[state.error].kind == "ptr"
                    if (state.error in self.fn.vars)
                    else False
                )
                if holds and error and name == state.error:
                    return True
                if text == state.error and holds != pointer:
                    return True
                if text == f"({state.error}<0)" and holds:
                    return True
            if expr[0] == "call" and (expr[3], expr[4]) == self.seed.where and holds:
                return True
        return False

    def forget(self, name, state, keep_taint=False):
        """A variable has a new value: what was known of it is history."""
        pattern = re.compile(rf"\b{name}\b")
        for text in [t for t in state.known if pattern.search(t)]:
            del state.known[text]
        if state.held:
            gone = frozenset(t for t in state.page if pattern.search(t))
            state.page -= gone
            if gone:
                state.was |= gone
        if name in state.taint and not keep_taint:
            state.was |= {name}
            del state.taint[name]
        if state.error == name:
            state.error = None

    # Ends of paths.
    def leave(self, node, state):
        """A return statement."""
        expr = node.expr
        if expr is None:
            self.finish(node.line, state, None)
            return
        level = self.eval(expr, state)
        self.finish(node.line, state, (expr, level))

    def finish(self, line, state, value):
        """The function returns."""
        if not state.held:
            return
        if value:
            expr, level = value
            text = self.plain(expr)
            if level == SURE:
                if state.held == 1:
                    self.result.returns.add((line, "the address"))
                    self.result.ends.add(("returned", line, state.marks))
                    return
                self.problem(line, "the address is returned after the unmap")
            elif level == MAYBE and not self.returns_scalar():
                self.problem(line, "what is returned may be an address in the page")
            if text in state.page and state.held == 1:
                self.result.returns_page = True
                self.result.ends.add(("returned page", line, state.marks))
                return
        if state.held == 2:
            self.result.ends.add(("unmapped", line, frozenset()))
        else:
            self.result.ends.add(("held", line, state.marks))

    def returns_scalar(self):
        """Does the function return a number? Taken from the text before its name."""
        code = self.fn.source.code.split("\n")
        head = " ".join(code[max(0, self.fn.line - 3) : self.fn.line])
        at = head.rfind(self.fn.name)
        head = re.split(r"[;}]", head[:at])[-1]
        return "*" not in head and re.search(
            r"\b(int|long|void|bool|u8|u16|u32|u64|s32|unsigned|size_t|ssize_t|ino_t|__wsum|"
            r"loff_t|sector_t|blk_status_t|vm_fault_t|__be32|__le32|__sum16)\b",
            head,
        )

    def problem(self, line, text):
        """Something that this does not prove harmless."""
        self.result.problems.add((line, text))

    @staticmethod
    def plain(expr):
        """The text of an expression without casts and assignments."""
        while expr[0] in ("cast", "assign"):
            expr = expr[2]
        return show(expr)

    # Expressions: eval() gives SURE for the address, MAYBE for what may be one, 0 for no.
    def eval(self, expr, state):
        """Evaluate: who gets the address?"""
        handler = getattr(self, "eval_" + expr[0], None)
        return handler(expr, state) if handler else 0

    def eval_id(self, expr, state):
        """A variable."""
        return state.taint.get(expr[1], 0)

    def eval_raw(self, expr, state):
        """Code that is not understood."""
        names = set(WORD.findall(expr[1]))
        if state.held:
            if names & set(state.taint):
                name = sorted(names & set(state.taint))[0]
                self.problem(
                    self.line,
                    f"{name} is in an argument, a block or an assembler "
                    "statement that is not understood",
                )
            if names & set(UNMAPS) or names & set(MAPS):
                self.problem(self.line, "it maps or unmaps in a statement expression")
        elif names & set(MAPS):
            self.problem(self.line, "it maps in a statement expression")
        return 0

    def eval_comma(self, expr, state):
        """a, b"""
        self.eval(expr[1], state)
        return self.eval(expr[2], state)

    def eval_init(self, expr, state):
        """{ a, b }"""
        return max([self.eval(e, state) for e in expr[1]] or [0])

    def eval_cast(self, expr, state):
        """(type)a"""
        return self.eval(expr[2], state)

    def eval_cond(self, expr, state):
        """c ? a : b, where it is no statement of its own."""
        self.eval(expr[1], state)
        for side in expr[2:]:
            for part in walk(side):
                if part[0] == "call" and show(part[1]) in UNMAPS and state.held:
                    self.problem(self.line, "it unmaps in a conditional expression")
                if part[0] == "call" and (part[3], part[4]) == self.seed.where:
                    self.problem(self.line, "it maps in a conditional expression")
        return max(self.eval(expr[2], state), self.eval(expr[3], state))

    def eval_bin(self, expr, state):
        """a + b"""
        left = self.eval(expr[2], state)
        if expr[1] in ("&&", "||"):
            for part in walk(expr[3]):
                if part[0] == "call" and (
                    show(part[1]) in UNMAPS and state.held or (part[3], part[4]) == self.seed.where
                ):
                    self.problem(self.line, "it maps or unmaps in a conditional expression")
        right = self.eval(expr[3], state)
        if expr[1] == "-":
            return 0 if left and right else left
        if expr[1] in ("+", "&", "|"):
            return max(left, right)
        if expr[1] in (">>", "<<", "^"):
            return MAYBE if SURE in (left, right) else 0
        return 0

    def eval_un(self, expr, state):
        """*a, &a, ++a"""
        op, inner = expr[1], expr[2]
        if op == "&":
            if inner[0] == "un" and inner[1] == "*":
                return self.eval(inner[2], state)
            return self.address(inner, state)
        level = self.eval(inner, state)
        if op == "*":
            return self.load(inner, level)
        if op in ("++", "--"):
            self.step_variable(inner, state)
            return level
        return 0 if op == "!" else level

    def eval_post(self, expr, state):
        """a++"""
        level = self.eval(expr[2], state)
        self.step_variable(expr[2], state)
        return level

    def step_variable(self, expr, state):
        """A variable is counted up or down."""
        if expr[0] == "id":
            self.forget(expr[1], state, keep_taint=True)
            self.move(expr[1], state)
        elif expr[0] == "member":
            self.forget_member(expr[2], state)

    def move(self, name, state):
        """An address is moved on: in a loop, it may get to the end of the page and beyond."""
        if state.taint.get(name) == SURE:
            if (name, self.node) in state.steps:
                state.moved |= {name}
            state.steps |= {(name, self.node)}

    @staticmethod
    def leaves_page(expr, state):
        """May an address that is computed from one in the page be outside of it?"""
        for part in walk(expr):
            if part[0] == "id" and part[1] in state.moved:
                return True
            if part[0] == "bin" and part[1] == "+" and ("id", "PAGE_SIZE") in part[2:4]:
                return True
        return False

    def maps_address(self, expr):
        """Does an expression map another page, to be unmapped by its address?"""
        while expr[0] in ("cast", "bin"):
            expr = expr[2]
        if expr[0] != "call" or (expr[3], expr[4]) == self.seed.where:
            return False
        return show(expr[1]) in MAPS and show(expr[1]) not in BY_PAGE

    def forget_member(self, name, state):
        """A member of some structure has a new value."""
        pattern = re.compile(rf"(->|\.){name}\b")
        for text in [t for t in state.known if pattern.search(t)]:
            del state.known[text]
        gone = frozenset(t for t in state.page if pattern.search(t))
        if gone and state.held:
            state.page -= gone
            state.was |= gone

    def load(self, pointer, level):
        """What is read through a pointer: a number, or perhaps an array's address."""
        if not level:
            return 0
        if pointer[0] == "cast":
            return MAYBE if pointer[1] != "ptr" else self.load_cast(pointer)
        names = [e[1] for e in walk(pointer) if e[0] == "id" and e[1] in self.fn.vars]
        if pointer[0] in ("id", "un", "post", "bin") and names:
            var = self.fn.vars[names[0]]
            if var.kind == "ptr" and var.base == "scalar":
                return 0
        return MAYBE

    @staticmethod
    def load_cast(pointer):
        """*(type *)a: nobody kept the type."""
        del pointer
        return MAYBE

    def aggregate(self, expr):
        """The local structure or array that an expression is a part of, or nothing."""
        while expr[0] == "member" and not expr[3] or expr[0] == "index":
            expr = expr[1]
        if expr[0] != "id":
            return None
        var = self.fn.vars.get(expr[1])
        if var and not var.static and var.kind in ("struct", "array", "unknown"):
            if expr[1] not in self.fn.params:
                return expr[1]
        return None

    def eval_member(self, expr, state):
        """a->b, a.b"""
        level = self.eval(expr[1], state)
        if not level:
            return 0
        if not expr[3] and self.aggregate(expr):
            return level
        return 0 if TREE.field(self.path, expr[2]) else MAYBE

    def eval_index(self, expr, state):
        """a[b]"""
        self.eval(expr[2], state)
        level = self.eval(expr[1], state)
        if level and self.aggregate(expr):
            return level
        return self.load(expr[1], level)

    def address(self, expr, state):
        """The address of something."""
        if expr[0] == "id":
            level = state.taint.get(expr[1], 0)
            if level and not self.aggregate(expr):
                if state.held:
                    self.problem(self.line, f"the address of {expr[1]} is taken")
            elif expr[1] in self.fn.vars:
                self.forget(expr[1], state, keep_taint=True)
            return level
        if expr[0] == "member":
            if expr[3]:
                return self.eval(expr[1], state)
            return self.address(expr[1], state)
        if expr[0] == "index":
            self.eval(expr[2], state)
            if self.aggregate(expr):
                return self.address(expr[1], state)
            return self.eval(expr[1], state)
        return self.eval(expr, state)

    def eval_assign(self, expr, state):
        """a = b"""
        op, left, right = expr[1], expr[2], expr[3]
        level = self.eval(right, state)
        if left[0] == "id":
            return self.assign_variable(op, left[1], right, level, state)
        # What the target is made of is evaluated, too.
        for part in left[1:]:
            if isinstance(part, tuple):
                self.eval(part, state)
        local = self.aggregate(left)
        if left[0] == "member":
            self.forget_member(left[2], state)
        if local:
            if level and state.held:
                state.taint[local] = max(level, state.taint.get(local, 0))
            return level
        self.check_page(left, right, state)
        if level and state.held and op in ("=", "+=", "|="):
            self.store(show(left), level, state)
        return level

    def check_page(self, left, right, state):
        """Is the page left in memory, by somebody who could unmap it later?"""
        text = self.plain(right)
        if state.held and self.by_page and text in state.page:
            target = show(left)
            if left[0] == "un" and left[1] == "*" and show(left[2]) in self.fn.params:
                self.result.outs.add((self.fn.params.index(show(left[2])), "page", self.line))
                state.marks |= {"out"}
            else:
                self.problem(self.line, f"the page is left in {target}")
                state.marks |= {"given"}

    def store(self, target, level, state):
        """The address is stored in memory."""
        if target.startswith("*") and target[1:] in self.fn.params and level == SURE:
            self.result.outs.add((self.fn.params.index(target[1:]), "addr", self.line))
            state.marks |= {"out"}
        elif level == SURE:
            self.result.stores.add((self.line, target))
            state.marks |= {"stored"}
        else:
            self.problem(self.line, f"what is stored in {target} may be an address in the page")

    def assign_variable(self, op, name, right, level, state):
        """A variable is assigned."""
        var = self.fn.vars.get(name)
        text = self.plain(right)
        is_page = text in state.page
        value = self.constant(right)
        if value is None and op == "=" and right[0] == "id":
            value = state.known.get(right[1])
        outside = bool(level) and self.leaves_page(right, state)
        if op == "=":
            self.forget(name, state)
            state.steps = frozenset(s for s in state.steps if s[0] != name)
            state.moved -= {name}
        else:
            self.forget(name, state, keep_taint=True)
            level = max(level, state.taint.get(name, 0))
            self.move(name, state)
        if outside or op == "+=" and right == ("id", "PAGE_SIZE"):
            state.moved |= {name}
        if op == "=" and state.held == 1 and self.maps_address(right):
            state.inner |= {(name, self.line)}
        if op == "=" and value is not None:
            state.known[name] = value
            if right[0] == "num" or right[0] == "un":
                state.known[f"({name}<0)"] = right[0] == "un"
            if right[0] == "call":
                state.known[f"IS_ERR({name})"] = True
        if is_page and op == "=":
            state.page |= {name}
        if right[0] == "call" and (right[3], right[4]) == self.seed.where:
            if self.seed.kind == "call" and self.seed.returns is None:
                state.error = name
            if self.seed.returns == "page" or self.seed.returns == "both":
                state.page |= {name}
        if not level or not state.held:
            return level
        if var is None or var.static:
            self.store(name, level, state)
            return level
        if level == MAYBE and var.kind == "scalar":
            return 0
        state.taint[name] = level
        if var.kind not in ("struct", "array"):
            state.known.pop(name, None)
        return level

    # Calls.
    def eval_call(self, expr, state):
        """A call: it maps, unmaps, or gets the address."""
        name = expr[1][1] if expr[1][0] == "id" else ""
        line = self.line = expr[3] or self.line
        if (expr[3], expr[4]) == self.seed.where:
            return self.begin(expr, state)
        if not name or name in self.fn.vars:
            name = ""  # by a pointer
            level = self.eval(expr[1], state)
        if name in UNMAPS and len(expr[2]) == 1:
            self.unmap(name, expr[2][0], state, line)
            return 0
        levels = [self.eval(a, state) for a in expr[2]]
        self.line = line
        if not state.held or name in MAPS:
            return 0
        if name == "page_address" and expr[2]:
            if show(expr[2][0]) in state.page:
                return SURE
            return MAYBE if self.by_page and state.held == 1 else 0
        if not name:
            if max(levels + [level], default=0):
                self.problem(line, f"the address goes to {show(expr[1])}()")
            return MAYBE if max(levels, default=0) else 0
        if known("elsewhere", name) and state.held == 1:
            self.problem(line, f"{name}() while the page is mapped: somebody else may use it")
            state.marks |= {"given"}
            return 0
        return self.call(name, expr, levels, state)

    def call(self, name, expr, levels, state):
        """A call by name, while or after the page is mapped."""
        pages = [i for i, a in enumerate(expr[2]) if self.plain(a) in state.page]
        highest = max(levels, default=0)
        if state.inner and not (known("value", name) or known("address", name)):
            given = {self.plain(a) for a in expr[2]}
            state.inner = frozenset(i for i in state.inner if i[0] not in given)
        if not highest and not pages:
            return 0
        if known("value", name):
            return 0
        if known("address", name):
            return highest
        if known("store", name):
            if levels and levels[-1]:
                target = expr[2][0]
                text = show(target[2]) if target[:2] == ("un", "&") else show(target)
                self.store(text, levels[-1], state)
            return MAYBE if highest else 0
        if known("some", name):
            return MAYBE if highest else 0
        callee = TREE.function(self.fn, name) if highest or not known("page", name) else None
        if callee and (highest or self.by_page or self.seed.kind != "site"):
            return self.descend(callee, expr, levels, pages, state)
        if highest:
            when = "after the unmap, " if state.held == 2 else ""
            what = (
                "the address goes"
                if highest == SURE
                else "what may be an address in the page goes"
            )
            self.problem(self.line, f"{when}{what} to {name}(), which may keep it")
            state.marks |= {"given"}
            return MAYBE
        if not known("page", name) and state.held == 1 and pages:
            state.marks |= {"given"}
            if self.by_page and not self.value_used:
                self.problem(self.line, f"{name}() gets the mapped page, and may use its address")
        return 0

    def descend(self, callee, expr, levels, pages, state):
        """A call of a function of the same file."""
        params = {}
        unsure = MAYBE in levels and SURE not in levels
        if len(expr[2]) > len(callee.params):
            try:
                callee.parse()
            except NotUnderstood:
                pass
        for number, level in enumerate(levels):
            if number >= len(callee.params):
                if level:
                    self.problem(self.line, f"the address goes to {callee.name}()")
                continue
            name = callee.params[number]
            if level == MAYBE and callee.vars[name].kind != "ptr":
                continue  # a value that was loaded
            if level and callee.vars[name].kind in ("struct", "unknown"):
                self.problem(self.line, f"the address goes to {callee.name}() by value")
            if level:
                params[name] = level
            elif number in pages and state.held == 1:
                params[name] = "page"
        if not params:
            return 0
        if set(params.values()) == {"page"} and not (self.by_page or self.mentions(callee)):
            return 0
        summary = summarize(callee, params, self.seed.name)
        if isinstance(summary, str):
            self.problem(self.line, f"{callee.name}() has what is mapped: {summary}")
            state.marks |= {"given"}
            return MAYBE
        problems, unmaps, returns = summary
        if state.held == 2 and unmaps:
            self.problem(self.line, f"{callee.name}() unmaps what is unmapped")
        for text in problems:
            if unsure and "unmap" not in text:
                text = f"perhaps {text}"
            self.problem(self.line, f"{callee.name}(): {text}")
        if problems:
            state.marks |= {"given"}
        if unmaps and state.held == 1:
            state.held = 2
            self.result.unmaps.add(self.line)
            self.result.helpers.add(callee.name)
        return returns

    @staticmethod
    def mentions(function):
        """Does a function unmap at all, or call one of its file that may?"""
        names = {t.text for t in function.body}
        if names & set(UNMAPS):
            return True
        return any(
            names_of & set(UNMAPS)
            for name in names & set(function.source.functions)
            for names_of in ({t.text for t in function.source.functions[name].body},)
        )

    def begin(self, expr, state):
        """The call that maps."""
        if self.seed.kind == "site":
            for arg in expr[2]:
                self.eval(arg, state)
        if state.held == 1:
            self.result.ends.add(("mapped again", self.line, state.marks))
            raise End
        fresh = State()
        fresh.known = dict(state.known)
        for slot in State.__slots__:
            setattr(state, slot, getattr(fresh, slot))
        state.held = 1
        self.result.map_line = self.line
        if self.seed.kind == "site":
            arg = expr[2][0] if expr[2] else ("num", "0")
            names = {self.plain(arg)}
            if arg[0] == "assign":
                names.add(show(arg[3]))
            while len(names) < 4:
                more = set()
                for text in names:
                    defs = self.sole.get(text, [])
                    if len(defs) == 1 and defs[0] and text not in self.fn.params:
                        value = defs[0][3]
                        if value[0] in ("id", "member", "index") and defs[0][1] == "=":
                            more.add(show(value))
                if more <= names:
                    break
                names |= more
            state.page = frozenset(names)
            state.was = state.page
            return SURE
        for number, what in self.seed.outs.items():
            if number >= len(expr[2]):
                continue
            arg = expr[2][number]
            while arg[0] == "cast":
                arg = arg[2]
            if (
                arg[0] == "un"
                and arg[1] == "&"
                and self.aggregate(arg[2]) is None
                and arg[2][0] == "id"
                and arg[2][1] in self.fn.vars
            ):
                name = arg[2][1]
                if what == "page":
                    state.page |= {name}
                else:
                    state.taint[name] = SURE
                state.known.pop(name, None)
            elif arg[0] == "id" and arg[1] in self.fn.params:
                self.result.outs.add((self.fn.params.index(arg[1]), what, self.line))
                state.marks |= {"out"}
                target = "*" + arg[1]
                if what == "page":
                    state.page |= {target}
            else:
                self.result.stores.add((self.line, show(arg)))
                state.marks |= {"stored"}
        if self.seed.returns in ("addr", "both"):
            return SURE
        return 0

    def unmap(self, name, arg, state, line):
        """A call that unmaps: is it ours?"""
        level = self.eval(arg, state)
        text = self.plain(arg)
        if not state.held:
            return
        if state.held == 2:
            if level == SURE or text in state.page:
                self.problem(line, f"{name}({text}) once more after the unmap")
            return
        if self.seed.kind == "param" and not self.seed.name:
            expected = UNMAPS
        else:
            expected = self.unmap_names
        address = name in ("kunmap_local", "kunmap_atomic")
        if level == SURE:
            if address and self.leaves_page(arg, state):
                self.problem(line, f"{name}({text}): the address may have left the page")
            if address and name in expected:
                self.result.order |= {(line, *inner) for inner in state.inner}
                self.release(state, line)
            else:
                self.result.wrong.add(
                    (line, f"{name}({text}) for the address of {self.seed.name}()")
                )
                self.release(state, line)
        elif text in state.page:
            if not address and name in expected:
                self.release(state, line)
            else:
                self.result.wrong.add(
                    (line, f"{name}({text}) for the page of " f"{self.seed.name}({text})")
                )
                self.release(state, line)
        elif level == MAYBE:
            self.problem(line, f"{name}({text}): what was loaded from the page")
            self.release(state, line)
        elif text in state.was or set(WORD.findall(text)) & state.was:
            self.result.doubts.add((line, f"{name}({text}) after {text} was changed"))
            state.marks |= {"changed"}
        else:
            state.marks |= {"other"}
            self.result.doubts.add((line, f"{name}({text})"))
            if address:
                self.unmap_inner(arg, state)

    @staticmethod
    def unmap_inner(arg, state):
        """Another page is unmapped; if it is not known which, then all are."""
        names = {part[1] for part in walk(arg) if part[0] == "id"}
        left = frozenset(i for i in state.inner if i[0] not in names)
        state.inner = left if left != state.inner else frozenset()

    def release(self, state, line):
        """The page is unmapped."""
        state.held = 2
        self.result.unmaps.add(line)


def summarize(function, params, name):
    """What a function does with a mapping that it is given.

    :param params: which parameters are the page, or the address
    :param name: the function that mapped
    :return: problems, whether it unmaps, whether it returns the address; or why nobody knows
    """
    key = (function.source.path, function.name, tuple(sorted(params.items(), key=str)), name)
    if key in TREE.summaries:
        return TREE.summaries[key]
    if key in TREE.active or len(TREE.active) >= MAX_DEPTH:
        return "it calls itself, or too deep"
    TREE.active.append(key)
    try:
        result = Analysis(function, Seed("param", name=name, params=params)).run()
        problems = {text for _, text in result.problems}
        for line, target in result.stores:
            problems.add(f"the address is stored in {target}")
        for number, _, _ in result.outs:
            problems.add(f"the address is stored in *{function.params[number]}")
        for line, text in result.wrong:
            problems.add(text)
        kinds = {kind for kind, _, _ in result.ends}
        unmaps = kinds == {"unmapped"}
        if "unmapped" in kinds and not unmaps:
            problems.add("it unmaps on some paths, not on all")
        if "changed" in {m for _, _, marks in result.ends for m in marks}:
            problems.add("it unmaps something else")
        returns = SURE if "returned" in kinds else 0
        TREE.summaries[key] = (sorted(problems), unmaps, returns)
    except NotUnderstood as error:
        TREE.summaries[key] = f"not understood: {error}"
    finally:
        TREE.active.remove(key)
    return TREE.summaries[key]


def first(found):
    """The first of (line, text)."""
    return sorted(found)[0]


def classify_result(analysis, depth=0):
    """The verdict on what the paths do."""
    result, name = analysis.result, analysis.seed.name
    at = result.map_line
    ends = result.ends
    kinds = {kind for kind, _, _ in ends}
    unmaps = sorted(result.unmaps)
    if not at and analysis.seed.kind != "param":
        return Verdict("unknown", "no path of the function gets there")
    if result.wrong:
        line, text = first(result.wrong)
        if not result.problems or analysis.seed.kind == "site":
            return Verdict("mismatch", f"{text} in line {line}", [at, line], unmaps)
    held = sorted(line for kind, line, _ in ends if kind in ("held", "mapped again"))
    stored_ends = sorted(n for kind, n, marks in ends if kind != "unmapped" and "stored" in marks)
    if result.stores:
        line, target = first(result.stores)
        names = set(WORD.findall(target))
        for where, text in sorted(result.doubts):
            if names & set(WORD.findall(text)[1:]):
                return Verdict(
                    "unknown",
                    f"the address is stored in {target}; that {text} is its unmap is not proven",
                    [at, line, where],
                    unmaps,
                )
        if stored_ends:
            return Verdict(
                "global",
                f"the address is stored in {target} and stays mapped when the function returns",
                [at, line] + stored_ends[:1],
                unmaps,
            )
        return Verdict(
            "unknown", f"the address is stored in {target} while mapped", [at, line], unmaps
        )
    if {"returned", "returned page"} & kinds or result.outs:
        return handed_out(analysis, depth)
    if result.problems:
        line, text = first(result.problems)
        return Verdict("unknown", text, [at, line], unmaps)
    if not held:
        if not unmaps:
            return Verdict("unknown", "no path leaves the function", [at])
        if result.order:
            line, name, inner = first(result.order)
            return Verdict(
                "unknown",
                f"unmapped in line {line}, before {name}, which was mapped later",
                [at, inner, line],
                unmaps,
            )
        how = ""
        if result.helpers:
            how = f" ({', '.join(sorted(result.helpers))}() unmaps)"
        if result.pruned:
            how += f" (paths by {', '.join(sorted(result.pruned)[:2])})"
        return Verdict(
            "thread",
            f"unmapped in {analysis.fn.name}() on every path, the address stays there{how}",
            [at] + unmaps,
            unmaps,
            bool(result.pruned),
            result.helpers,
        )
    return still_held(analysis, held, unmaps)


def still_held(analysis, held, unmaps):
    """The verdict where a path leaves the function with the page mapped."""
    result, fn = analysis.result, analysis.fn
    at = result.map_line
    marks = {m for kind, _, m2 in result.ends if kind in ("held", "mapped again") for m in m2}
    line = held[0]
    again = {n for kind, n, _ in result.ends if kind == "mapped again"}
    maps = [c for _, c in fn.calls() if show(c[1]) in MAPS]
    if "given" in marks:
        return Verdict(
            "unknown", "a path leaves it mapped after another function had it", [at, line], unmaps
        )
    if "changed" in marks:
        doubt, text = first([d for d in result.doubts if "changed" in d[1]])
        sure = len(maps) == 1 and analysis.seed.kind == "site" and surely_changed(analysis, text)
        return Verdict(
            "mismatch" if sure else "unknown", f"{text} in line {doubt}", [at, doubt, line], unmaps
        )
    if "other" in marks:
        doubt, text = first(result.doubts)
        sure = (
            len(maps) == 1
            and not unmaps
            and analysis.seed.kind == "site"
            and other_is_other(analysis)
        )
        return Verdict(
            "mismatch" if sure else "unknown",
            f"{text} in line {doubt} may not be what line {at} maps"
            if not sure
            else f"{text} in line {doubt} is not what line {at} maps",
            [at, doubt, line],
            unmaps,
        )
    if line in again and not unmaps:
        return Verdict(
            "unknown", "mapped again and again, and unmapped nowhere here", [at, line], unmaps
        )
    if unmaps:
        if result.pruned or analysis.repeated:
            return Verdict(
                "unknown", "a path that leaves it mapped depends on conditions", [at, line], unmaps
            )
        what = (
            f"still mapped when it is mapped again in line {line}"
            if line in again
            else f"still mapped on a path that returns in line {line}"
        )
        return Verdict("leak", what, [at] + unmaps + [line], unmaps)
    if analysis.by_page:
        elsewhere = re.search(rf'\b({"|".join(analysis.unmap_names)})\(', fn.source.code)
        if elsewhere or not analysis.value_used:
            return Verdict(
                "unknown",
                "not unmapped in this function; whoever has the page can",
                [at, line],
                unmaps,
            )
    return Verdict(
        "leak", f"never unmapped: the address is gone when {fn.name}() returns", [at, line], unmaps
    )


def surely_changed(analysis, text):
    """Is what is unmapped a variable that has got the value of something else meanwhile?"""
    match = re.match(r"k\w+\((\w+)\)", text)
    if not match or match.group(1) not in analysis.fn.vars:
        return False
    for change in analysis.sole.get(match.group(1), []):
        if change is None or change[1] != "=":
            continue
        value = change[3]
        if value[0] == "id" and value[1] not in analysis.fn.params + ["NULL"]:
            return False
        if value[0] not in ("id", "call", "num", "bin"):
            return False
    return True


def other_is_other(analysis):
    """Is what is unmapped surely something else than what was mapped?"""
    for _, text in analysis.result.doubts:
        match = re.fullmatch(r"k\w+\((\w+)\)", text)
        if not match:
            return False
        name = match.group(1)
        if name not in analysis.fn.vars or analysis.sole.get(name):
            return False
    return bool(analysis.result.doubts)


def handed_out(analysis, depth):
    """The verdict where the mapping outlives the function: what do its callers do?"""
    result, fn = analysis.result, analysis.fn
    at = result.map_line
    outs = {}
    for number, what, _ in result.outs:
        outs[number] = what
    kinds = {kind for kind, _, _ in result.ends}
    returns = None
    if "returned" in kinds:
        returns = "addr"
    elif "returned page" in kinds or result.returns_page:
        returns = "page"
    line = min(
        [n for kind, n, _ in result.ends if kind.startswith("returned")]
        + [n for _, _, n in result.outs]
    )
    how = (
        "returned"
        if returns == "addr"
        else "returned with its page"
        if returns
        else "given to the caller"
    )
    if result.problems:
        where, text = first(result.problems)
        return Verdict("unknown", f"{how}, and {text}", [at, line, where])
    if any(kind == "held" and "out" not in marks for kind, _, marks in result.ends):
        return Verdict("unknown", f"{how} on some paths, and left mapped on others", [at, line])
    if fn.name in MAPS or fn.source.path.endswith(("highmem.h", "highmem-internal.h")):
        return Verdict("unknown", f"{fn.name}() is one of the functions that map", [at, line])
    if depth >= MAX_DEPTH:
        return Verdict("unknown", f"{how}, by more helpers than are followed", [at, line])
    try:
        callers = TREE.callers(fn)
    except NotUnderstood as error:
        return Verdict("unknown", f"{how}; a caller is not understood: {error}", [at, line])
    if callers is None:
        kind = "global" if returns == "addr" else "unknown"
        return Verdict(kind, f"{how}, and not all callers are known", [at, line])
    if not callers:
        return Verdict("unknown", f"{how}, and nobody calls it", [at, line])
    names = []
    for caller, _, call in callers:
        seed = Seed("call", (call[3], call[4]), returns, outs, analysis.seed.name)
        try:
            inner = Analysis(caller, seed)
            inner.run()
            verdict = classify_result(inner, depth + 1)
        except NotUnderstood as error:
            verdict = Verdict("unknown", str(error))
        place = f"{caller.name}()"
        if caller.source is not fn.source:
            place += f" in {os.path.basename(caller.source.path)}"
        if verdict.kind != "thread":
            kind = "global" if verdict.kind == "global" else "unknown"
            lines = verdict.lines if caller.source is fn.source else []
            return Verdict(
                kind, f"{how}; its caller {place}: {verdict.reason}", [at, line] + lines
            )
        names.append(place)
    shown = ", ".join(sorted(set(names))[:4])
    if len(set(names)) > 4:
        shown += f" and {len(set(names)) - 4} more"
    lines = [call[3] for caller, _, call in callers if caller.source is fn.source]
    return Verdict(
        "thread", f"{how}; every caller unmaps on every path: {shown}", [at, line] + lines
    )


def classify(path, line, column):
    """The verdict on the call at a place of a file.

    :param path: the file
    :param line: the line of the function's name, from 1
    :param column: its column, from 0
    :return: the verdict
    """
    try:
        source = TREE.source(path)
        function = source.at_line(line)
        if function is None:
            return Verdict("unknown", "in no function", [line])
        function.parse()
        site = None
        for _, call in function.calls():
            if call[3] == line and call[4] == column and call[1][0] == "id":
                site = call
        if site is None:
            return Verdict("unknown", "not a call in code that this understands", [line])
        for start, end in source.conditional:
            if function.line <= start and end <= function.end:
                return Verdict("unknown", "maps or unmaps under #if", [line, start, end])
        if function.name in MAPS or function.name.startswith(("__kmap", "kmap_")):
            return Verdict(
                "unknown", f"{function.name}() is one of the functions that map", [line]
            )
        analysis = Analysis(function, Seed("site", (line, column), name=site[1][1]))
        analysis.run()
        return classify_result(analysis)
    except NotUnderstood as error:
        return Verdict("unknown", f"the function is not understood: {error}", [line])
    except RecursionError:
        return Verdict("unknown", "the code is nested too deep", [line])


# What kmap_sites.cocci asks. A place is a position of Coccinelle.
VERDICTS = {}
WITHOUT_UNMAP = set()


def path_without_unmap(place):
    """Coccinelle found a path from this site that unmaps nothing."""
    WITHOUT_UNMAP.add((place.file, int(place.line), int(place.column)))


def verdict(place):
    """The verdict on a site, with Coccinelle's opinion."""
    key = (place.file, int(place.line), int(place.column))
    if key not in VERDICTS:
        found = classify(*key)
        direct = found.kind == "thread" and found.unmaps and not found.helpers
        if direct and not found.pruned and key in WITHOUT_UNMAP:
            found = Verdict(
                "unknown", "Coccinelle sees a path without an unmap", found.lines, found.unmaps
            )
        VERDICTS[key] = found
    return VERDICTS[key]


def kind(place):
    """The class of a site."""
    return verdict(place).kind


def message(place):
    """The line for a report."""
    found = verdict(place)
    source = TREE.source(place.file)
    line, column = int(place.line), int(place.column)
    name = WORD.match(source.text.split("\n")[line - 1][column:])
    function = source.at_line(line)
    where = f" in {function.name}()" if function else ""
    return f'{found.kind}: {name.group() if name else "a map"}(){where}: {found.text()}'


def unmaps_of(source, function, name):
    """The verdicts on all calls of a function that map, and the lines that unmap."""
    found, lines = [], set()
    for _, call in function.calls():
        if call[1] == ("id", name):
            found.append(classify(source.path, call[3], call[4]))
        elif call[1] == ("id", MAPS[name][0]):
            lines.add(call[3])
    return found, lines


def convertible(place):
    """May kmap() become kmap_thread() in the function of a place, and kunmap() likewise?"""
    return convertible_function(place.file, int(place.line))


def convertible_function(path, line):
    """Are all calls of kmap() in a function thread, and their unmaps all that there are?"""
    source = TREE.source(path)
    function = source.at_line(line)
    if function is None:
        return False
    try:
        function.parse()
    except NotUnderstood:
        return False
    found, lines = unmaps_of(source, function, "kmap")
    ours = {line for v in found for line in v.unmaps if not v.helpers}
    return (
        bool(found)
        and all(v.kind == "thread" and v.unmaps and not v.helpers for v in found)
        and ours == lines
    )
