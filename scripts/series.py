# SPDX-License-Identifier: GPL-2.0
"""The commits of scripts/make-series: series.py TOP WORK TOPICS writes WORK/out/.

patches/topics says what each commit holds; its head describes the format. From it follows
what every file of ours contains after each commit:

  overlay file    whole, from the topic that names it on
  patched file    the base's, with those patches that the topics so far hold
  Makefile        as above, without the objects whose source is not there yet
  Kconfig.pks     the top Kconfig, without the options that no topic so far names

What build/linux has beyond all that comes from semantic patches: a commit a directory.
"""
import collections
import difflib
import fnmatch
import os
import pathlib
import re
import subprocess
import sys

KCONFIG = "Kconfig.pks"
# what editors, interpreters and checkpatch leave in a tree
LITTER = ("*~", "*.orig", "*.rej", "*.pyc", "*.o", ".*", "*/.*")


class Problem(Exception):
    """Something that whoever changed the sources has to put right."""


class Topic:
    def __init__(self, kind, line, subject):
        self.kind, self.line, self.subject = kind, line, subject
        self.patches, self.files, self.options, self.body = [], [], [], []
        self.parts, self.paths = [], []


class Sources:
    """What there is to distribute: overlay, patches, options, and both trees."""

    def __init__(self, top):
        self.top = pathlib.Path(top)
        self.base, self.tree = self.top / "build/base", self.top / "build/linux"
        self.overlay = self.shell("overlay_files")
        self.patches = self.shell("patch_series")
        self.texts, self.parts = {}, {}
        for name in self.patches:
            self.texts[name], parts = split_patch((self.top / "patches" / name).read_text())
            for path, diff in parts:
                self.parts[name, path] = diff
        kconfig = self.top / "Kconfig"
        self.kconfig = kconfig.read_text() if kconfig.exists() else ""
        self.options = re.findall(r"^(?:menu)?config (\w+)", self.kconfig, re.M)

    def shell(self, function):
        lib = self.top / "scripts/lib.sh"
        command = ["bash", "-euc", '. "$1"; ' + function, "series", str(lib)]
        return subprocess.run(command, check=True, stdout=subprocess.PIPE,
                              text=True).stdout.split()

    def base_text(self, path):
        return read(self.base / path)

    def changed(self):
        """The files of build/linux that are not the base's."""
        for directory, _, names in os.walk(self.tree):
            for name in names:
                ours = os.path.join(directory, name)
                path = os.path.relpath(ours, self.tree)
                theirs = self.base / path
                if os.path.islink(ours) or (theirs.exists() and os.path.samefile(ours, theirs)):
                    continue
                if read(pathlib.Path(ours)) != self.base_text(path):
                    yield path


def read(path):
    return path.read_bytes().decode("utf-8", "surrogateescape") if path.is_file() else None


def split_patch(text):
    """(subject, body) and [(path, diff of that path)] of a patch file."""
    head, _, rest = text.partition("\n--- ")
    lines = head.split("\n---", 1)[0].split("\n")
    subject = lines[0].removeprefix("Subject:").strip()
    pieces = re.split(r"^(?=--- (?:a/|/dev/null))", "--- " + rest, flags=re.M)
    parts = []
    for piece in filter(None, pieces):
        paths = re.findall(r"^(?:---|\+\+\+) [ab]/(\S+)", piece, re.M)
        parts.append((paths[-1], piece))
    return (subject, "\n".join(lines[1:]).strip()), parts


# === The mapping =============================================================


def parse_topics(path):
    topics, in_head = [], False
    for number, line in enumerate(pathlib.Path(path).read_text().split("\n"), 1):
        if line.startswith("#"):
            continue
        key, colon, value = line.partition(":")
        value = value.strip()
        if colon and key in ("cover", "topic", "conversions"):
            topics.append(Topic(key, number, value))
            in_head = True
        elif not topics:
            if line.strip():
                raise Problem(f"{path}:{number}: text before the first topic")
        elif in_head and colon and key in ("patch", "files", "options"):
            words = value.split()
            if not words:
                raise Problem(f"{path}:{number}: nothing after {key}:")
            if key == "patch":
                topics[-1].patches.append((words[0], words[1:]))
            else:
                getattr(topics[-1], key).extend(words)
        elif in_head and line.strip():
            raise Problem(f"{path}:{number}: neither patch:, files: nor options:, "
                          f"and no empty line before the text: {line}")
        else:
            in_head = False
            topics[-1].body.append(line)
    covers = [t for t in topics if t.kind == "cover"]
    if len(covers) != 1:
        raise Problem(f"{path}: {len(covers)} cover letters, one is needed")
    return covers[0], [t for t in topics if t.kind != "cover"]


class Assignment:
    """Gives each thing to one topic, and says what went wrong by name."""

    def __init__(self, where):
        self.where, self.problems, self.owner = where, [], {}

    def give(self, topic, kind, thing, name):
        other = self.owner.setdefault((kind, thing), topic)
        if other is not topic:
            self.problems.append(f"{kind} {name} is in two topics: {self.where}:{other.line} "
                                 f"and {self.where}:{topic.line}")
            return False
        return True

    def nothing(self, topic, kind, name):
        self.problems.append(f"{self.where}:{topic.line}: there is no {kind} {name}")

    def orphans(self, kind, things, name):
        for thing in things:
            if (kind, thing) not in self.owner:
                self.problems.append(f"{kind} {name(thing)} is in no topic of {self.where}")


def part_name(part):
    return f"patches/{part[0]} ({part[1]})"


def assign(topics, sources, where):
    a = Assignment(where)
    rest = []
    for topic in topics:
        for option in topic.options:
            if option not in sources.options:
                a.nothing(topic, "option", option)
            a.give(topic, "option", option, option)
        for glob in topic.files:
            paths = fnmatch.filter(sources.overlay, glob)
            if not paths:
                a.nothing(topic, "file", glob)
            topic.paths += [p for p in paths if a.give(topic, "file", p, p)]
        for name, globs in topic.patches:
            if name not in sources.patches:
                a.nothing(topic, "patch", name)
            elif not globs:
                rest.append((topic, name))
            for glob in globs:
                parts = [p for p in sources.parts
                         if p[0] == name and fnmatch.fnmatch(p[1], glob)]
                if not parts and name in sources.patches:
                    a.nothing(topic, "file in patch", f"{name}: {glob}")
                topic.parts += [p for p in parts if a.give(topic, "patch", p, part_name(p))]
    # A patch named without paths: what is left of it.
    for topic, name in rest:
        parts = [p for p in sources.parts
                 if p[0] == name and ("patch", p) not in a.owner]
        if not parts:
            a.problems.append(f"{where}:{topic.line}: nothing is left of patch {name}")
        topic.parts += [p for p in parts if a.give(topic, "patch", p, part_name(p))]
    a.orphans("file", sources.overlay, str)
    a.orphans("patch", sources.parts, part_name)
    a.orphans("option", sources.options, str)
    for topic in topics:
        borrow_text(topic, sources, a)
        topic.parts.sort(key=lambda p: sources.patches.index(p[0]))
    if a.problems:
        raise Problem("\n".join(a.problems))


def borrow_text(topic, sources, a):
    """A topic without a text of its own has that of its patch."""
    topic.body = "\n".join(topic.body).strip()
    if topic.subject and topic.body:
        return
    names = [name for name, _ in topic.patches if name in sources.texts]
    if not names:
        a.problems.append(f"{a.where}:{topic.line}: no subject or no text, and no patch to "
                          "take it from")
        return
    subject, body = sources.texts[names[0]]
    topic.subject = topic.subject or subject
    topic.body = topic.body or body


# === What a file contains after a commit =====================================


def grown_kconfig(text, options):
    """Kconfig without the options that are not there yet."""
    blocks = re.split(r"^(?=(?:menu)?config |menu |endmenu|if |endif|choice|endchoice|comment |"
                      r"source )", text, flags=re.M)
    kept = []
    for block in blocks:
        option = re.match(r"(?:menu)?config (\w+)", block)
        if not option or option[1] in options:
            kept.append(block)
    return "".join(kept)


class Makefiles:
    """Which words of a Makefile name sources of ours that are not there yet."""

    def __init__(self, overlay):
        self.sources = set(overlay)
        self.directories = {os.path.dirname(path) + "/" for path in overlay}

    def missing(self, directory, word, there):
        if word.endswith("/"):
            path = os.path.normpath(os.path.join(directory, word)) + "/"
            return path in self.directories and not any(p.startswith(path) for p in there)
        if not word.endswith(".o"):
            return False
        stem = os.path.normpath(os.path.join(directory, word[:-2]))
        return any(stem + end in self.sources and stem + end not in there
                   for end in (".c", ".S"))

    def shrink_line(self, directory, line, there):
        """The line without what is missing; None if nothing is left of it."""
        match = re.match(r"(\S+)(\s*[:+?]?=\s*)(.*)", line.replace("\\\n", " "), re.S)
        if not match or line.startswith("#"):
            return line
        variable, equals, value = match.groups()
        # CFLAGS_REMOVE_a_b.o: the name may begin after any of the underscores
        if any(self.missing(directory, variable[match.end():], there)
               for match in re.finditer("_", variable)):
            return None
        words = value.split()
        kept = [w for w in words if not self.missing(directory, w, there)]
        if len(kept) == len(words):
            return line
        return variable + equals + " ".join(kept) + "\n" if kept else None

    def shrink_block(self, directory, lines, there):
        """Comments alone say nothing: a block goes with the last of its lines."""
        kept = [self.shrink_line(directory, line, there) for line in lines]
        kept = [line for line in kept if line is not None]
        if len(kept) < len(lines) and all(re.match(r"#|\s*$", line) for line in kept):
            return []
        return kept

    def shrink(self, path, base, text, there):
        """@text, in which only lines that @base lacks are ours."""
        directory = os.path.dirname(path)
        old, new = logical_lines(base or ""), logical_lines(text)
        result = []
        matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
        for tag, _, _, start, end in matcher.get_opcodes():
            if tag == "equal":
                result += new[start:end]
                continue
            for block in blocks_of(new[start:end]):
                result += self.shrink_block(directory, block, there)
        # What follows the last block separates it from nothing any more.
        while len(result) > 1 and result[-1] == "\n" and new[-1] != "\n":
            result.pop()
        return "".join(result)


def logical_lines(text):
    return re.findall(r"(?:[^\n]*\\\n)*[^\n]*\n", text)


def blocks_of(lines):
    """Lines up to and with the empty line that ends a block."""
    block = []
    for line in lines:
        block.append(line)
        if not line.strip():
            yield block
            block = []
    if block:
        yield block


class Tree:
    """Our files as the commits make them, from the base's on."""

    def __init__(self, sources, work):
        self.sources, self.work = sources, work
        self.makefiles = Makefiles(sources.overlay)
        self.there, self.options = set(), set()
        self.texts = {path: sources.base_text(path) for _, path in sources.parts}
        self.last_patch = {}

    def apply(self, topic):
        self.there.update(topic.paths)
        self.options.update(topic.options)
        for path in topic.paths:
            self.texts[path] = read(self.sources.top / path)
        for name, path in topic.parts:
            order = self.sources.patches.index(name)
            if order < self.last_patch.get(path, -1):
                raise Problem(f"patch {part_name((name, path))} comes after a later patch of "
                              "that file")
            self.last_patch[path] = order
            self.texts[path] = self.patched(name, path)

    def patched(self, name, path):
        scratch = self.work / "scratch"
        for old in (scratch, scratch.with_suffix(".out")):
            old.unlink(missing_ok=True)
        write(scratch, self.texts[path] or "")
        command = ["patch", "-s", "-f", "-F1", "-r", "-", "-o", str(scratch) + ".out",
                   str(scratch)]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              input=self.sources.parts[name, path].encode(
                                  "utf-8", "surrogateescape"), check=False)
        if done.returncode:
            raise Problem(f"patch {part_name((name, path))} does not apply: "
                          + done.stdout.decode(errors="replace").strip())
        return read(scratch.with_suffix(".out"))

    def content(self):
        """{path: content} now; None for a file that is not there."""
        result = {}
        for path, text in self.texts.items():
            if text is not None and os.path.basename(path) in ("Makefile", "Kbuild"):
                text = self.makefiles.shrink(path, self.sources.base_text(path), text, self.there)
            result[path] = text
        if self.options:
            result[KCONFIG] = grown_kconfig(self.sources.kconfig, self.options)
        return result


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8", "surrogateescape"))


# === Call sites ==============================================================


def new_calls(sources):
    """{name of a semantic patch: the functions that it brings in}"""
    rules = {}
    for path in sorted((sources.top / "patches").glob("cocci/*.cocci")):
        added = re.findall(r"^\+(.*)", path.read_text(), re.M)
        calls = re.findall(r"\b([a-z_]\w+)\s*\(", "\n".join(added))
        rules[path.name] = list(dict.fromkeys(calls))
    return rules


def count_calls(text):
    return collections.Counter(re.findall(r"\b([a-z_]\w+)\s*\(", text))


def call_site_topics(marker, converted, before, rules):
    """A commit for each directory, two components deep."""
    groups = collections.defaultdict(list)
    for path in sorted(converted):
        groups["/".join(path.split("/")[:-1][:2]) or path].append(path)
    for directory, paths in sorted(groups.items()):
        more = collections.Counter()
        for path in paths:
            more += count_calls(converted[path]) - count_calls(before[path] or "")
        used = {name: [c for c in calls if more[c]] for name, calls in rules.items()}
        used = {name: calls for name, calls in used.items() if calls}
        first = next(iter(used.values()))[0] + "()" if used else ""
        topic = Topic("topic", marker.line, f"{directory}: use {first}" if first else
                      f"{directory}: {marker.subject}")
        topic.body = marker.body
        if used:
            topic.body += f"\n\nMade by Coccinelle, with {' and '.join(used)}."
        topic.converted = {path: converted[path] for path in paths}
        yield topic


# === Commits =================================================================


class Repository:
    """A git repository of nothing but the files that the series touches."""

    def __init__(self, sources, work):
        self.sources, self.root = sources, work / "tree"
        self.root.mkdir()
        who = subprocess.run(["git", "-C", str(sources.top), "log", "-1",
                              "--format=%an%n%ae%n%aI"], check=True, stdout=subprocess.PIPE,
                             text=True).stdout.split("\n")
        self.env = {key: value for key, value in os.environ.items()
                    if not key.startswith("GIT_")}
        self.env.update({"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1",
                         "LC_ALL": "C.UTF-8"})
        for role in ("AUTHOR", "COMMITTER"):
            for what, value in zip(("NAME", "EMAIL", "DATE"), who):
                self.env[f"GIT_{role}_{what}"] = value
        self.git("init", "-q", "-b", "series")
        self.git("config", "core.abbrev", "12")

    def git(self, *arguments, stdin=None):
        subprocess.run(["git", "-C", str(self.root), *arguments], check=True, env=self.env,
                       input=stdin, text=True)

    def put(self, path, text):
        """Returns whether that changes anything."""
        file = self.root / path
        if read(file) == text:
            return False
        if text is None:
            file.unlink()
            return True
        write(file, text)
        final = self.sources.tree / path
        if final.exists() and os.access(final, os.X_OK):
            file.chmod(0o755)
        return True

    def commit(self, content, message):
        changed = [path for path, text in content.items() if self.put(path, text)]
        if not changed:
            raise Problem(f"nothing is left to do in the topic \"{message.splitlines()[0]}\"")
        self.git("add", "-A", "-f", ".")
        self.git("commit", "-q", "--cleanup=whitespace", "-F", "-", stdin=message)

    def format_patches(self, out, cover):
        self.git("format-patch", "-q", "--cover-letter", "--no-signature", "--zero-commit",
                 "--no-renames", "--no-base", "base..series",
                 "-o", str(out))
        letter = next(out.glob("0000-*.patch"))
        text = read(letter).replace("*** SUBJECT HERE ***", cover.subject)
        # No .patch: `git am *.patch` stops at a letter without a diff.
        write(letter.with_suffix(".txt"), text.replace("*** BLURB HERE ***", cover.body))
        letter.unlink()


def base_version(sources):
    makefile = sources.base_text("Makefile")
    return ".".join(re.search(rf"^{key} = (\d+)", makefile, re.M)[1]
                    for key in ("VERSION", "PATCHLEVEL", "SUBLEVEL"))


def find_converted(sources, end):
    converted = {}
    for path in sources.changed():
        text = read(sources.tree / path)
        if end.get(path) == text:
            continue
        if path in sources.overlay or path == KCONFIG:
            raise Problem(f"build/linux is not up to date: {path}")
        if sources.base_text(path) is None:
            if path in end or not any(fnmatch.fnmatch(path, glob) for glob in LITTER):
                raise Problem(f"{path} is in build/linux, but neither of the overlay nor of "
                              "a patch")
            continue
        converted[path] = text
    return converted


def plan(topics, sources, work):
    """[(topic, {path: content after it})]"""
    end = Tree(sources, work)
    for topic in topics:
        end.apply(topic)
    end = end.content()
    converted = find_converted(sources, end)
    if converted and not any(t.kind == "conversions" for t in topics):
        raise Problem("no topic has the call sites: " + " ".join(sorted(converted)))

    tree, steps, done = Tree(sources, work), [], {}
    for topic in topics:
        if topic.kind == "conversions":
            before = {**{p: sources.base_text(p) for p in converted}, **tree.content()}
            for site in call_site_topics(topic, converted, before, new_calls(sources)):
                done.update(site.converted)
                steps.append((site, {**tree.content(), **done}))
            continue
        late = [path for _, path in topic.parts if path in done]
        if late:
            raise Problem(f"{late[0]} is patched after its call sites are converted")
        tree.apply(topic)
        steps.append((topic, {**tree.content(), **done}))
    return steps


def check_end(sources, content):
    for path in {*content, *sources.changed()}:
        if any(fnmatch.fnmatch(path, glob) for glob in LITTER) and path not in content:
            continue
        if content.get(path) != read(sources.tree / path):
            raise Problem(f"{path} does not end as it is in build/linux")


def main(top, work, where):
    work, sources = pathlib.Path(work), Sources(top)
    shown = os.path.relpath(where, top) if where.startswith(top + "/") else where
    cover, topics = parse_topics(where)
    assign(topics, sources, shown)
    steps = plan(topics, sources, work)
    check_end(sources, steps[-1][1])

    repository = Repository(sources, work)
    touched = steps[-1][1]
    repository.commit({path: sources.base_text(path) for path in touched
                       if sources.base_text(path) is not None}, "base")
    repository.git("tag", "base")
    for topic, content in steps:
        repository.commit(content, f"{topic.subject}\n\n{topic.body}\n")
    cover.body = "\n".join(cover.body).strip()
    cover.body += f"\n\nThe series applies to Linux {base_version(sources)}."
    repository.format_patches(work / "out", cover)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except Problem as problem:
        for text in str(problem).split("\n"):
            print(f"make-series: {text}", file=sys.stderr)
        sys.exit(1)
