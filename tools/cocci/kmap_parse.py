# SPDX-License-Identifier: GPL-2.0
"""C as far as kmap_flow.py needs it: the functions of a file as control flow graphs.

Comments and directives are blanked, macros are not expanded: a macro is a call, and one
named like a loop (``list_for_each_entry()``) is one. What does not parse makes its
function unknown; nothing is guessed.
"""

import re

MAPS = {
    "kmap": ("kunmap",),
    "kmap_thread": ("kunmap_thread",),
    "kmap_local_page": ("kunmap_local",),
    "kmap_local_page_prot": ("kunmap_local",),
    "kmap_local_pfn": ("kunmap_local",),
    "kmap_local_folio": ("kunmap_local",),
    "bvec_kmap_local": ("kunmap_local",),
    "kmap_atomic": ("kunmap_atomic",),
    "kmap_atomic_prot": ("kunmap_atomic",),
    "kmap_atomic_pfn": ("kunmap_atomic",),
}
BY_PAGE = ("kmap", "kmap_thread")
UNMAPS = ("kunmap", "kunmap_thread", "kunmap_local", "kunmap_atomic")

TOKEN = re.compile(
    r"""(?P<ws>\s+)|(?P<id>[A-Za-z_]\w*)|(?P<num>\.?\d(?:[eEpP][+-]|[\w.])*)"""
    r"""|(?P<str>"(?:\\.|[^"\\\n])*")|(?P<chr>'(?:\\.|[^'\\\n])*')"""
    r"""|(?P<op>\.\.\.|<<=|>>=|->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|.)""",
    re.S,
)
COMMENT = re.compile(
    r'/\*.*?\*/|//(?:\\\n|[^\n])*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S
)
SCALAR_WORDS = set(
    """int unsigned signed long short char bool _Bool size_t ssize_t u8 u16 u32 u64
    s8 s16 s32 s64 __u8 __u16 __u32 __u64 __s8 __s16 __s32 __s64 __le16 __le32 __le64 __be16
    __be32 __be64 __fs16 __fs32 __fs64 __sum16 __wsum uint uchar ulong ushort enum ino_t
    fs16 fs32 fs64 float double unchar""".split()
)
TYPE_WORDS = SCALAR_WORDS | set(
    """struct union const volatile void static register extern inline __inline
    __inline__ auto typeof __typeof__ __typeof __force __user __iomem __percpu __rcu
    __attribute__ __nocast __auto_type""".split()
)
QUALIFIERS = set(
    """const volatile static register extern inline __inline __inline__ auto __force
    __user __iomem __percpu __rcu __nocast __maybe_unused __always_unused __read_mostly
    __initdata __used __aligned __restrict restrict uninitialized_var __ro_after_init
    __cacheline_aligned __bitwise __packed""".split()
)
NOT_FUNCTIONS = set(
    """__acquires __releases __must_hold __attribute__ __printf __scanf __section
    __aligned __cond_acquires __alloc_size __malloc __ref __no_sanitize
    __acquire __release noinline_for_stack if while for switch return sizeof""".split()
)
BINARY = {}
for _level, _ops in enumerate(
    ("||", "&&", "|", "^", "&", "== !=", "< > <= >=", "<< >>", "+ -", "* / %"), 1
):
    for _op in _ops.split():
        BINARY[_op] = _level
ASSIGNMENTS = ("=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>=")


class NotUnderstood(Exception):
    """Code that this parser has no idea of."""


class Tok:
    """A token: its kind, text, line (from 1) and column (from 0)."""

    __slots__ = ("kind", "text", "line", "col")

    def __init__(self, kind, text, line, col):
        self.kind, self.text, self.line, self.col = kind, text, line, col


def blank(text):
    """The text with comments blanked, every other character at its place.

    :param text: the source
    :return: as many characters, the same lines
    """

    def space(match):
        if match.group()[0] != "/":
            return match.group()
        return re.sub(r"[^\n]", " ", match.group())

    return COMMENT.sub(space, text)


def directives(text):
    """Blank the directives, and in a function what follows an ``#else``.

    :param text: the source without comments
    :return: the text, and the ranges of lines of conditional code in functions that maps
        or unmaps
    """
    out, depth, groups, ranges, number = [], 0, [], [], 0
    mapping = re.compile(r"\bk(un)?map(_\w+)?\(")
    lines = text.split("\n")
    while number < len(lines):
        line = lines[number]
        if re.match(r"\s*#", line):
            word = re.match(r"\s*#\s*(\w*)\s*(.*)", line)
            what, rest = word.group(1), word.group(2)
            if what in ("if", "ifdef", "ifndef"):
                off = what == "if" and re.match(r"0\b", rest) is not None
                groups.append([depth > 0, off, number + 1, False, off])
            elif what in ("else", "elif") and groups:
                inside, _, _, _, zero = groups[-1]
                groups[-1][1] = inside and not zero
                if zero:
                    groups[-1][1] = False
            elif what == "endif" and groups:
                inside, _, start, maps, _ = groups.pop()
                if inside and maps:
                    ranges.append((start, number + 1))
            out.append("")
            while line.endswith("\\") and number + 1 < len(lines):
                number += 1
                line = lines[number]
                out.append("")
        else:
            if mapping.search(line):
                for group in groups:
                    group[3] = True
            if any(group[1] for group in groups):
                line = ""
            code = re.sub(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'', "", line)
            depth = max(0, depth + code.count("{") - code.count("}"))
            if line.startswith("}"):
                depth = 0
            out.append(line)
        number += 1
    return "\n".join(out), ranges


def tokens(text):
    """The tokens of a source without comments and directives."""
    found, line, start = [], 1, 0
    for match in TOKEN.finditer(text):
        kind = match.lastgroup
        if kind == "ws":
            count = match.group().count("\n")
            if count:
                line += count
                start = match.start() + match.group().rindex("\n") + 1
            continue
        word = match.group()
        if word == "\\":
            continue
        found.append(Tok(kind, word, line, match.start() - start))
    return found


class Node:
    """A step of the control flow: an expression, a condition, a return, the exit."""

    __slots__ = ("kind", "expr", "line", "succ", "number")

    def __init__(self, kind, expr, line, number):
        self.kind, self.expr, self.line, self.number = kind, expr, line, number
        self.succ = []


class Var:
    """A local variable or a parameter."""

    __slots__ = ("name", "kind", "static", "base")

    def __init__(self, name, kind, static=False, base=""):
        self.name, self.kind, self.static, self.base = name, kind, static, base


def show(expr):
    """An expression as text, without what does not change its value."""
    kind = expr[0]
    if kind in ("id", "num", "str", "raw", "type"):
        return expr[1]
    if kind == "call":
        return f"{show(expr[1])}({','.join(show(a) for a in expr[2])})"
    if kind == "member":
        return f"{show(expr[1])}{'->' if expr[3] else '.'}{expr[2]}"
    if kind == "index":
        return f"{show(expr[1])}[{show(expr[2])}]"
    if kind == "un":
        return f"{expr[1]}{show(expr[2])}"
    if kind == "post":
        return f"{show(expr[2])}{expr[1]}"
    if kind in ("bin", "assign"):
        return f"({show(expr[2])}{expr[1]}{show(expr[3])})"
    if kind == "cond":
        return f"({show(expr[1])}?{show(expr[2])}:{show(expr[3])})"
    if kind == "cast":
        return show(expr[2])
    if kind == "comma":
        return f"{show(expr[1])},{show(expr[2])}"
    if kind == "init":
        return "{" + ",".join(show(e) for e in expr[1]) + "}"
    return "?"


def walk(expr):
    """Every expression in an expression."""
    yield expr
    for part in expr[1:]:
        if isinstance(part, tuple) and part and isinstance(part[0], str):
            yield from walk(part)
        elif isinstance(part, list):
            for item in part:
                yield from walk(item)


class Function:
    """A function: its parameters, variables and control flow."""

    def __init__(self, source, name, params, body, line, static):
        self.source, self.name, self.line, self.static = source, name, line, static
        self.params, self.vars, self.nodes = [], {}, []
        self.body, self.end = body, body[-1].line if body else line
        self.param_tokens = params
        self.error = None
        self.done = False

    def parse(self):
        """Make the control flow graph, once.

        :raises NotUnderstood: if it cannot be made
        """
        if not self.done:
            self.done = True
            try:
                Body(self).run()
            except (NotUnderstood, IndexError, RecursionError) as error:
                self.error = str(error) or "the end of the function is missing"
        if self.error:
            raise NotUnderstood(self.error)

    def calls(self):
        """Every call in the function: (node, call)."""
        for node in self.nodes:
            if node.expr:
                for expr in walk(node.expr):
                    if expr[0] == "call":
                        yield node, expr


class Body:
    """Turns the tokens of a function into nodes."""

    def __init__(self, function):
        self.fn, self.toks, self.at = function, function.body, 0
        self.open, self.breaks, self.continues, self.switches = [], [], [], []
        self.labels, self.gotos, self.scopes = {}, [], []

    def run(self):
        """Parse parameters and body."""
        self.parameters()
        self.scopes = [set(self.fn.params)]
        entry = self.node("noop", None, self.fn.line)
        self.open = [(entry, "n")]
        while self.at < len(self.toks):
            self.statement()
        leave = Node("exit", None, self.fn.end, len(self.fn.nodes))
        self.fn.nodes.append(leave)
        self.link(leave)
        for node, name in self.gotos:
            if name not in self.labels:
                raise NotUnderstood(f"no label {name}")
            node.succ.append(("n", self.labels[name]))

    def parameters(self):
        """The names and kinds of the parameters."""
        depth, group, groups = 0, [], []
        for tok in self.fn.param_tokens:
            depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(tok.text, 0)
            if tok.text == "," and not depth:
                groups.append(group)
                group = []
            else:
                group.append(tok)
        groups.append(group)
        for group in groups:
            words = [t.text for t in group]
            text = " ".join(words)
            pointer = re.search(r"\(\s*\*\s*(\w+)", text)
            names = [t.text for t in group if t.kind == "id" and t.text not in QUALIFIERS]
            if "[" in words:
                names = [t.text for t in group[: words.index("[")] if t.kind == "id"]
            name = pointer.group(1) if pointer else names[-1] if names else ""
            if name in ("void", "") and len(groups) == 1:
                break
            kind = "ptr" if "*" in words or "[" in words else self.base_kind(names[:-1])
            self.fn.params.append(name)
            self.fn.vars[name] = Var(name, kind, base=self.pointee(words, names))

    @staticmethod
    def pointee(words, names):
        """'scalar' if a pointer to a number is declared, else ''."""
        if words.count("*") + words.count("[") == 1 and any(
            w in SCALAR_WORDS and w != "void" for w in words
        ):
            return "scalar"
        if words.count("*") + words.count("[") == 1 and "struct" in words:
            return "struct"
        return "" if names else ""

    @staticmethod
    def base_kind(words):
        """What a declaration without a star makes: a number, a structure, or who knows."""
        if "struct" in words or "union" in words:
            return "struct"
        if any(w in SCALAR_WORDS for w in words):
            return "scalar"
        if (
            words
            and re.fullmatch(r"\w+_t", words[-1])
            and words[-1]
            not in ("kuid_t", "kgid_t", "uuid_t", "guid_t", "swp_entry_t", "pgtable_t")
        ):
            return "scalar"
        return "unknown"

    # Tokens.
    def peek(self, ahead=0):
        """The text of a token to come, or nothing."""
        at = self.at + ahead
        return self.toks[at].text if at < len(self.toks) else ""

    def kind(self, ahead=0):
        """The kind of a token to come."""
        at = self.at + ahead
        return self.toks[at].kind if at < len(self.toks) else ""

    def next(self):
        """Take a token."""
        self.at += 1
        return self.toks[self.at - 1]

    def need(self, text):
        """Take a token that must be there."""
        tok = self.next()
        if tok.text != text:
            raise NotUnderstood(f"line {tok.line}: '{tok.text}' where '{text}' was expected")

    def line(self):
        """The line where we are."""
        return self.toks[min(self.at, len(self.toks) - 1)].line if self.toks else self.fn.line

    def closing(self, at):
        """The index of what closes the parenthesis at index ``at``."""
        depth = 0
        while at < len(self.toks):
            depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(self.toks[at].text, 0)
            if not depth:
                return at
            at += 1
        raise NotUnderstood("a parenthesis is not closed")

    # Nodes.
    def node(self, kind, expr, line):
        """A node that follows all that is open."""
        node = Node(kind, expr, line, len(self.fn.nodes))
        self.fn.nodes.append(node)
        self.link(node)
        self.open = [(node, "n")]
        return node

    def link(self, node):
        """Let all that is open lead to a node."""
        for before, key in self.open:
            before.succ.append((key, node))
        self.open = []

    def branch(self, expr, line):
        """Nodes for a condition.

        :return: what is open where it holds, and where it does not
        """
        while expr[0] == "call" and show(expr[1]) in ("likely", "unlikely") and expr[2]:
            expr = expr[2][0]
        if expr[0] == "un" and expr[1] == "!":
            true, false = self.branch(expr[2], line)
            return false, true
        if expr[0] == "bin" and expr[1] in ("&&", "||"):
            true, false = self.branch(expr[2], line)
            self.open = true if expr[1] == "&&" else false
            other_true, other_false = self.branch(expr[3], line)
            if expr[1] == "&&":
                return other_true, false + other_false
            return true + other_true, other_false
        if expr[0] == "num" and re.fullmatch(r"\d+", expr[1]) or expr == ("id", "true"):
            now, self.open = self.open, []
            return (now, []) if expr[1] != "0" else ([], now)
        node = self.node("cond", expr, line)
        self.open = []
        return [(node, "t")], [(node, "f")]

    def simple(self, kind, expr, line):
        """Nodes for a statement; ``x = a ? b : c`` becomes two branches."""
        inner, wrap = expr, []
        while inner is not None:
            if inner[0] == "assign" and inner[1] == "=":
                wrap.append(("assign", inner))
                inner = inner[3]
            elif inner[0] == "cast":
                wrap.append(("cast", inner))
                inner = inner[2]
            else:
                break
        if inner is None or inner[0] != "cond":
            return self.node(kind, expr, line)
        true, false = self.branch(inner[1], line)
        ends = []
        for side, value in ((true, inner[2]), (false, inner[3])):
            self.open = side
            for what, outer in reversed(wrap):
                if what == "assign":
                    value = ("assign", "=", outer[2], value, outer[4])
                else:
                    value = ("cast", outer[1], value)
            if self.open:
                node = self.simple(kind, value, line)
                if kind == "return":
                    self.open = []
                del node
            ends += self.open
        self.open = ends
        return None

    # Statements.
    def statement(self):
        """Parse one statement."""
        text, line = self.peek(), self.line()
        if text == "{":
            self.next()
            self.scopes.append(set())
            while self.peek() != "}":
                self.statement()
            self.scopes.pop()
            self.next()
        elif text == ";":
            self.next()
        elif text == "if":
            self.next()
            true, false = self.branch(self.parenthesis(), line)
            self.open = true
            self.statement()
            if self.peek() == "else":
                self.next()
                done, self.open = self.open, false
                self.statement()
                self.open = done + self.open
            else:
                self.open = self.open + false
        elif text in ("while", "for"):
            self.loop(text, line)
        elif text == "do":
            self.do_loop()
        elif text == "switch":
            self.switch(line)
        elif text == "case":
            self.next()
            while self.peek() != ":":
                if self.peek() == "?":
                    raise NotUnderstood(f"line {line}: a case label")
                self.next()
            self.next()
            self.case(line)
        elif text == "default" and self.peek(1) == ":":
            self.next()
            self.next()
            self.switches[-1][1] = True
            self.case(line)
        elif text == "return":
            self.next()
            expr = None if self.peek() == ";" else self.expression()
            self.need(";")
            self.simple("return", expr, line)
            self.open = []
        elif text == "goto":
            self.next()
            if self.kind() != "id":
                raise NotUnderstood(f"line {line}: a computed goto")
            node = self.node("noop", None, line)
            self.gotos.append((node, self.next().text))
            self.need(";")
            self.open = []
        elif text in ("break", "continue"):
            self.next()
            self.need(";")
            stack = self.breaks if text == "break" else self.continues
            if not stack:
                raise NotUnderstood(f"line {line}: {text} outside of a loop")
            stack[-1].extend(self.open)
            self.open = []
        elif text in ("asm", "__asm__", "asm_volatile_goto", "asm_inline", "__asm"):
            start = self.at
            while self.peek() != ";":
                self.next()
            words = " ".join(t.text for t in self.toks[start : self.at] if t.kind == "id")
            self.next()
            self.node("expr", ("raw", words), line)
        elif self.kind() == "id" and self.peek(1) == ":" and text not in ("case", "default"):
            self.next()
            self.next()
            self.labels[text] = self.node("noop", None, line)
        elif text == "__label__":
            while self.next().text != ";":
                pass
        elif self.is_declaration():
            self.declaration()
        else:
            self.expression_statement(line)

    def expression_statement(self, line):
        """An expression, or the head of a loop that a macro makes."""
        expr = self.expression()
        if self.peek() == ";":
            self.next()
            self.simple("expr", expr, line)
            return
        if expr[0] != "call":
            raise NotUnderstood(f"line {self.line()}: '{self.peek()}' after an expression")
        if not re.search(
            r"for_each|foreach|iterate|_loop|_walk|while_each|FOR_EACH|for_", show(expr[1])
        ):
            if self.peek() == "{":
                raise NotUnderstood(f"line {line}: a block after {show(expr[1])}()")
            self.node("expr", expr, line)
            return
        head = self.node("loop", expr, line)
        self.open = [(head, "t")]
        self.breaks.append([])
        self.continues.append([])
        self.statement()
        self.open += self.continues.pop()
        self.link(head)
        self.open = [(head, "f")] + self.breaks.pop()

    def loop(self, text, line):
        """while and for."""
        self.next()
        step = None
        if text == "while":
            start = self.node("noop", None, line)
            true, false = self.branch(self.parenthesis(), line)
        else:
            self.need("(")
            if self.peek() == ";":
                self.next()
            elif self.is_declaration():
                self.declaration()
            else:
                self.node("expr", self.expression(), line)
                self.need(";")
            start = self.node("noop", None, line)
            if self.peek() == ";":
                true, false = self.open, []
                self.open = []
            else:
                true, false = self.branch(self.expression(), line)
            self.need(";")
            if self.peek() != ")":
                step = self.expression()
            self.need(")")
        self.open = true
        self.breaks.append([])
        self.continues.append([])
        self.statement()
        self.open += self.continues.pop()
        if step and self.open:
            self.node("expr", step, line)
        self.link(start)
        self.open = false + self.breaks.pop()

    def do_loop(self):
        """do ... while."""
        self.next()
        start = self.node("noop", None, self.line())
        self.breaks.append([])
        self.continues.append([])
        self.statement()
        self.open += self.continues.pop()
        if self.peek() != "while":
            raise NotUnderstood(f"line {self.line()}: do without while")
        self.next()
        line = self.line()
        expr = self.parenthesis()
        if self.peek() == ";":
            self.next()
        true, false = self.branch(expr, line) if self.open else ([], [])
        self.open = true
        self.link(start)
        self.open = false + self.breaks.pop()

    def switch(self, line):
        """switch; its cases are found while its body is parsed."""
        self.next()
        head = self.node("switch", self.parenthesis(), line)
        self.switches.append([head, False])
        self.breaks.append([])
        self.open = []
        self.statement()
        head, default = self.switches.pop()
        self.open += self.breaks.pop()
        if not default:
            self.open.append((head, "n"))

    def case(self, line):
        """A case label: reached from the head, or from the case before."""
        if not self.switches:
            raise NotUnderstood(f"line {line}: a case outside of a switch")
        self.open.append((self.switches[-1][0], "n"))
        self.node("noop", None, line)

    def is_declaration(self):
        """Does a declaration begin here?"""
        text = self.peek()
        if self.kind() != "id":
            return False
        if text in TYPE_WORDS:
            return True
        if text in ("sizeof", "__builtin_expect") or self.peek(1) == "(":
            return False
        ahead = 1
        if self.kind(ahead) == "id":
            return True
        while self.peek(ahead) in ("*", "const", "__user", "__iomem"):
            ahead += 1
        return (
            ahead > 1
            and self.kind(ahead) == "id"
            and self.peek(ahead + 1) in ("=", ";", ",", "[")
            or ahead > 1
            and self.kind(ahead) == "id"
            and self.kind(ahead + 1) == "id"
        )

    def declaration(self):
        """A declaration: variables, and an assignment for each initializer."""
        words, static = [], False
        while True:
            text = self.peek()
            if text in QUALIFIERS:
                static = static or text in ("static", "extern")
                self.next()
            elif text in ("struct", "union", "enum"):
                words.append(self.next().text)
                if self.kind() == "id":
                    words.append(self.next().text)
                if self.peek() == "{":
                    self.at = self.closing(self.at) + 1
            elif text in ("typeof", "__typeof__", "__typeof", "__attribute__"):
                self.next()
                self.at = self.closing(self.at) + 1
                if text != "__attribute__":
                    words.append("typeof")
            elif text in TYPE_WORDS:
                words.append(self.next().text)
            elif not words and self.kind() == "id":
                words.append(self.next().text)
            else:
                break
        while self.peek() != ";":
            self.declarator(words, static)
            if self.peek() == ",":
                self.next()
            elif self.peek() != ";":
                raise NotUnderstood(f"line {self.line()}: '{self.peek()}' in a declaration")
        self.next()

    def declarator(self, words, static):
        """One name of a declaration."""
        stars, array = 0, False
        while self.peek() == "*" or self.peek() in QUALIFIERS:
            stars += self.next().text == "*"
        if self.peek() == "(":
            close = self.closing(self.at)
            names = [t.text for t in self.toks[self.at : close] if t.kind == "id"]
            if not names:
                raise NotUnderstood(f"line {self.line()}: a declarator")
            name, stars = names[0], stars + 1
            self.at = close + 1
            if self.peek() == "(":
                self.at = self.closing(self.at) + 1
        else:
            tok = self.next()
            if tok.kind != "id":
                raise NotUnderstood(f"line {tok.line}: '{tok.text}' in a declaration")
            name = tok.text
        if self.peek() == "(":
            self.at = self.closing(self.at) + 1
        while self.peek() == "[":
            array = True
            self.at = self.closing(self.at) + 1
        while self.kind() == "id":
            self.next()
            if self.peek() == "(":
                self.at = self.closing(self.at) + 1
        kind = "array" if array else "ptr" if stars else self.base_kind(words)
        base = ""
        if stars + array == 1:
            base = self.base_kind(words)
            base = "" if base == "unknown" or "void" in words else base
        if any(name in scope for scope in self.scopes[:-1]):
            raise NotUnderstood(f"line {self.line()}: {name} hides another variable")
        self.scopes[-1].add(name)
        self.fn.vars[name] = Var(name, kind, static, base)
        if self.peek() == "=":
            line = self.line()
            self.next()
            value = self.initializer()
            if not static:
                self.simple("expr", ("assign", "=", ("id", name), value, line), line)

    def initializer(self):
        """What follows the equals sign of a declaration."""
        if self.peek() != "{":
            return self.assignment()
        self.next()
        items = []
        while self.peek() != "}":
            while self.peek() in (".", "["):
                if self.peek() == "[":
                    self.at = self.closing(self.at) + 1
                else:
                    self.next()
                    self.next()
            if self.peek() == "=":
                self.next()
            elif self.kind() == "id" and self.peek(1) == ":":
                self.next()
                self.next()
            items.append(self.initializer())
            if self.peek() == ",":
                self.next()
        self.next()
        return ("init", items)

    # Expressions.
    def parenthesis(self):
        """An expression in parentheses."""
        self.need("(")
        expr = self.expression()
        self.need(")")
        return expr

    def expression(self):
        """An expression with commas."""
        expr = self.assignment()
        while self.peek() == ",":
            self.next()
            expr = ("comma", expr, self.assignment())
        return expr

    def assignment(self):
        """An expression without commas."""
        left = self.conditional()
        if self.peek() in ASSIGNMENTS:
            tok = self.next()
            return ("assign", tok.text, left, self.assignment(), tok.line)
        return left

    def conditional(self):
        """c ? a : b"""
        expr = self.binary(1)
        if self.peek() == "?":
            self.next()
            true = expr if self.peek() == ":" else self.expression()
            self.need(":")
            return ("cond", expr, true, self.conditional())
        return expr

    def binary(self, level):
        """Binary operators by their precedence."""
        left = self.unary()
        while BINARY.get(self.peek(), 0) >= level:
            op = self.next().text
            left = ("bin", op, left, self.binary(BINARY[op] + 1))
        return left

    def type_ahead(self):
        """Is what is in the parentheses here a type? Gives the index of their end, or 0."""
        close = self.closing(self.at)
        inner = self.toks[self.at + 1 : close]
        if not inner or any(t.kind not in ("id",) and t.text not in "*()[]" for t in inner):
            return 0
        first, after = inner[0], self.toks[close + 1] if close + 1 < len(self.toks) else None
        if first.text in TYPE_WORDS:
            return close
        if first.kind != "id" or after is None:
            return 0
        if inner[-1].text == "*" and all(t.text == "*" or t.text in TYPE_WORDS for t in inner[1:]):
            return close
        if len(inner) == 1 and (
            after.kind in ("id", "num", "str")
            and after.text not in ("if", "else")
            or after.text in ("(", "~", "!", "{")
            and re.search(r"_t$", first.text)
        ):
            return close
        return 0

    def unary(self):
        """Unary operators and casts."""
        text = self.peek()
        if text in ("&", "*", "-", "+", "~", "!", "++", "--"):
            self.next()
            return ("un", text, self.unary())
        if text == "&&":
            raise NotUnderstood(f"line {self.line()}: the address of a label")
        if text in ("sizeof", "__alignof__", "alignof", "_Alignof"):
            self.next()
            if self.peek() == "(":
                self.at = self.closing(self.at) + 1
                while self.peek() in ("->", ".", "["):
                    self.at = self.closing(self.at) + 1 if self.peek() == "[" else self.at + 2
            else:
                self.unary()
            return ("num", "sizeof")
        if text == "(":
            close = self.type_ahead()
            if close:
                words = [t.text for t in self.toks[self.at + 1 : close]]
                self.at = close + 1
                if self.peek() == "{":
                    return self.postfix(self.initializer())
                return ("cast", "ptr" if "*" in words else self.base_kind(words), self.unary())
        return self.postfix(self.primary())

    def primary(self):
        """A name, a number, strings, parentheses."""
        tok = self.next()
        if tok.kind == "id":
            if tok.text in ("if", "else", "while", "return", "goto", "do", "for"):
                raise NotUnderstood(f"line {tok.line}: '{tok.text}' in an expression")
            return ("id", tok.text)
        if tok.kind in ("num", "chr"):
            return ("num", tok.text)
        if tok.kind == "str":
            while self.kind() in ("str", "id"):
                self.next()
            return ("str", '""')
        if tok.text == "(":
            if self.peek() == "{":
                close = self.closing(self.at)
                words = " ".join(t.text for t in self.toks[self.at : close] if t.kind == "id")
                self.at = close + 1
                self.need(")")
                return ("raw", words)
            expr = self.expression()
            self.need(")")
            return expr
        raise NotUnderstood(f"line {tok.line}: '{tok.text}' where an expression was expected")

    def postfix(self, expr):
        """Calls, subscripts, members."""
        while True:
            text = self.peek()
            if text == "(":
                tok = self.toks[self.at - 1]
                expr = ("call", expr, self.arguments(), tok.line, tok.col)
            elif text == "[":
                self.next()
                expr = ("index", expr, self.expression())
                self.need("]")
            elif text in (".", "->"):
                self.next()
                expr = ("member", expr, self.next().text, text == "->")
            elif text in ("++", "--"):
                self.next()
                expr = ("post", text, expr)
            else:
                return expr

    def arguments(self):
        """The arguments of a call; a type, or what is none, as its words."""
        close = self.closing(self.at)
        self.next()
        found = []
        while self.at < close:
            start = self.at
            if self.peek() == ",":
                self.next()
                continue
            try:
                if self.peek() in TYPE_WORDS:
                    raise NotUnderstood("a type")
                found.append(self.assignment())
                if self.at > close or self.peek() not in (",", ")"):
                    raise NotUnderstood("no expression")
            except NotUnderstood:
                if len(found) and self.at != start and self.peek() not in (",", ")"):
                    pass
                self.at = start
                del found[self.count_arguments(close, start) :]
                while self.at < close and self.peek() != ",":
                    if self.peek() in "([{":
                        self.at = self.closing(self.at)
                    self.next()
                words = [t.text for t in self.toks[start : self.at] if t.kind == "id"]
                found.append(("raw", " ".join(words)))
        self.at = close + 1
        return found

    def count_arguments(self, close, start):
        """How many arguments there are before index ``start``."""
        at, count = start - 1, 0
        depth = 0
        while at >= 0:
            text = self.toks[at].text
            depth += {")": 1, "]": 1, "}": 1, "(": -1, "[": -1, "{": -1}.get(text, 0)
            if depth < 0:
                return count
            count += text == "," and not depth
            at -= 1
        raise NotUnderstood(f"arguments before {close}")


class Source:
    """A file: its functions by name."""

    def __init__(self, path):
        self.path = path
        with open(path, encoding="utf-8", errors="replace") as file:
            self.text = file.read()
        self.code, self.conditional = directives(blank(self.text))
        self.functions = {}
        self.by_line = []
        self.find_functions(tokens(self.code))

    def find_functions(self, toks):
        """Find the functions: a name, parentheses and braces outside of everything."""
        start = at = 0
        while at < len(toks):
            text = toks[at].text
            if text == ";":
                start = at + 1
            elif text == "=":
                while at < len(toks) and toks[at].text != ";":
                    at = self.skip(toks, at) + 1 if toks[at].text in "({[" else at + 1
                start = at + 1
            elif text in ("(", "["):
                at = self.skip(toks, at)
            elif text == "{":
                close = self.skip(toks, at)
                if any(t.text == "(" for t in toks[start:at]):
                    self.function(toks, start, at, close)
                    start = close + 1
                elif not any(t.text in ("struct", "union", "enum") for t in toks[start:at]):
                    start = close + 1
                at = close
            at += 1

    @staticmethod
    def skip(toks, at):
        """The index of what closes a parenthesis."""
        depth = 0
        while at < len(toks):
            depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(toks[at].text, 0)
            if not depth:
                return at
            at += 1
        return len(toks) - 1

    def function(self, toks, start, brace, close):
        """Add the function whose head begins at ``start`` and body at ``brace``."""
        at, found = start, None
        while at < brace:
            if toks[at].text == "(":
                end = self.skip(toks, at)
                if at > start and toks[at - 1].kind == "id":
                    if toks[at - 1].text not in NOT_FUNCTIONS:
                        found = (toks[at - 1], at, end)
                at = end
            at += 1
        if not found:
            return
        name, at, end = found
        text, params = name.text, toks[at + 1 : end]
        if re.search(r"SYSCALL_DEFINE\d$", text) and params:
            text, words = params[0].text, []
            groups = [[]]
            for tok in params[2:]:
                if tok.text == ",":
                    groups.append([])
                else:
                    groups[-1].append(tok)
            for number, group in enumerate(groups):
                if number % 2 and number > 1:
                    words.append(Tok("op", ",", name.line, 0))
                words += group
            params = words
        static = any(t.text == "static" for t in toks[start:at])
        function = Function(self, text, params, toks[brace + 1 : close], name.line, static)
        function.end = toks[close].line
        self.functions[text] = function
        self.by_line.append(function)

    def at_line(self, line):
        """The function that has a line, or nothing."""
        for function in self.by_line:
            if function.line <= line <= function.end:
                return function
        return None
