"""Tries a program, frozen or from source, as a person would; looks at what it says, not only at how it ends.

    python packaging/smoke_test.py dist/offline-assistant/offline-assistant

It runs in a home of its own with the small trained models of the tests. bare_root.py runs the same steps in
a root file system that has nothing but what the program needs.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from long_work import Stop
from smoke import material
from smoke import window as smoke_window
from smoke.program import Failed, Place, Program, wait_until

HANDBOOK = ("ask", "What leaves my computer?", "--collection", "Handbook")
HANDBOOK_ANSWER = "Nothing leaves your computer"
INTERNET = re.compile(r"socket\((AF_INET6?|AF_PACKET)\b")
WINDOW_PROGRAM = "offline-assistant-window"


class SmokeTest:
    """The steps, in the order in which one needs what another made."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.program = Program(place)
        self.files = place.home / "given"
        if not self.files.exists():
            material.lay_down(self.files)
            place.give(place.home)
        self.listed: list[dict[str, Any]] = []
        """The models, once they are there."""
        self.note = ""
        """What a step adds to its line."""

    def steps(self, *, window: bool) -> list[tuple[str, Callable[[], None]]]:
        found = [
            ("first answer, about the handbook", self.first_answer),
            ("doctor: engines, languages, no network", self.doctor),
            ("documents are added", self.add),
            ("search and ask find the facts", self.find),
            ("models are added, listed, judged, checked", self.models),
            ("a chat model sees a picture", self.chat),
            ("a chat model answers from the documents", self.written_answer),
            ("another search model", self.embedder),
            ("speech is written down", self.transcribe),
            ("a text and a document are translated", self.translate),
            ("text in pictures, by both libraries", self.recognise),
            ("errors are one line", self.errors),
            ("a killed program leaves nothing behind", self.kill),
            ("no Internet socket is asked for", self.sockets),
        ]
        if window:
            found.append(("the window opens, is painted, closes", self.window))
        return found

    def expect(self, true: bool, what: str, found: object) -> None:
        if not true:
            raise Failed(f"{what}. It gave: {found}\n{self.program.log()}")

    def path(self, name: str) -> str:
        return self.place.inside(self.files / name)

    # --- the steps

    def first_answer(self) -> None:
        """As after the installation: no data folder, nothing loaded before."""
        began = time.monotonic()
        answer = self.program.ask(*HANDBOOK)
        first = time.monotonic() - began
        began = time.monotonic()
        self.program.ask(*HANDBOOK)
        self.note = f"the first {first:.1f} s, the second {time.monotonic() - began:.1f} s"
        told = " ".join(quote["quote"] for quote in answer["citations"][:1])
        self.expect(HANDBOOK_ANSWER in told, "The handbook's answer does not come first", answer)

    def doctor(self) -> None:
        report = self.program.ask("doctor")
        missing = [engine for engine in report["engines"] if None in engine["libraries"].values()]
        self.expect(not missing, "Libraries are missing", missing)
        self.expect(report["guard"] == "kernel", "The guard is not in the kernel", report["guard"])
        refused = bool(report["proofs"]) and all(proof["refused"] for proof in report["proofs"])
        self.expect(refused, "A network was reached", report["proofs"])
        self.expect(report["attempts"] == 0, "Something tried to reach a network", report["attempts"])
        languages = report["recognised_languages"]
        self.expect({"en", "de", "ru"} <= set(languages), "Language files are missing", languages)
        self.note = f"{report['version']}, {len(languages)} languages"

    def add(self) -> None:
        added = self.program.ask("add", self.path("documents"), "--collection", "Papers")
        states = {Path(each["path"]).name: each["state"] for each in added["documents"]}
        wanted = dict.fromkeys((*(fact.file for fact in material.FACTS), material.CYRILLIC_FILE), "ready")
        self.expect(states == wanted, f"Not {wanted}", states)
        listed = self.program.ask("documents")["documents"]
        recognised = {Path(each["path"]).name for each in listed if each["report"]["ocr"] == 1}
        self.expect(
            recognised == {"bell.png", material.CYRILLIC_FILE}, "Pictures were not recognised", listed
        )

    def find(self) -> None:
        questions = "".join(f"{fact.question}\n" for fact in material.FACTS)
        asked = self.program.ask("ask", "-", "--collection", "Papers", "--quotes", stdin=questions)
        searched = self.program.ask("search", "-", "--collection", "Papers", stdin=questions)
        for fact, answer, found in zip(material.FACTS, asked, searched, strict=True):
            self.expect(bool(answer["citations"]), f"No answer to “{fact.question}”", answer)
            first, best = answer["citations"][0], found["results"][0]
            self.expect(
                fact.answer in " ".join(first["quote"].split()), f"“{fact.answer}” was not found", first
            )
            for each in (first, best):
                self.expect(Path(each["path"]).name == fact.file, f"Not found in {fact.file}", each)
                self.expect(fact.page is None or each["page"] == fact.page, f"Not page {fact.page}", each)
            self.expect(not fact.has_boxes or bool(first["boxes"]), "It has no place on its page", first)
        absent = self.program.ask("ask", "Who won the chess cup of 1972?", "--collection", "Papers")
        self.expect(absent["citations"] == [], "An answer that stands nowhere", absent)

    def models(self) -> None:
        given = sorted(self.files.joinpath("models").iterdir())
        added = self.program.ask("models", "add", *(self.place.inside(each) for each in given))
        kinds = sorted(model["kind"] for model in added["models"])
        self.expect({"chat", "speech", "translation"} <= set(kinds), "Models are not known", added)
        self.expect(added["refused"] == [], "Models were refused", added["refused"])
        self.listed = self.program.ask("models", "list")["models"]
        self.expect(len(self.listed) == len(added["models"]), "Models are not listed", self.listed)
        verified = self.program.ask("models", "verify")["models"]
        self.expect(all(each["ok"] for each in verified), "Models are not intact", verified)
        fit = self.program.ask("models", "fit")
        self.expect(any(model["fits"] for model in fit["models"]), "No model fits", fit["computer"])
        one = self.program.ask("models", "fit", self._model("grounded.gguf"))["fit"]
        self.expect(0 < one["memory"] < 2**30, "The memory of a model is not computed", one)
        self.note = ", ".join(f"{kinds.count(kind)} {kind}" for kind in dict.fromkeys(kinds))

    def _model(self, name: str) -> str:
        """The path of a model, in the library, whose file or folder has this name."""
        found = [each["path"] for each in self.listed if name == Path(each["path"]).name]
        self.expect(bool(found), f"There is no model {name}", self.listed)
        return str(found[0])

    def chat(self) -> None:
        settings = self.program.data() / "settings.toml"
        self.place.give(_written(settings, "version = 1\n[chat]\ntemperature = 0.0\n"))
        said = self.program.ask(
            "chat", "--picture", self.path("colours.png"), "--model", self._model("colours.gguf"),
            stdin="What is on the left?\nWhat is on the right?\n",
        )  # fmt: skip
        wanted = [f"It is {material.LEFT}.", f"It is {material.RIGHT}."]
        self.expect([each["answer"] for each in said] == wanted, f"Not {wanted}", said)

    def written_answer(self) -> None:
        """By the model that is used, with a source that bears it out."""
        self.program.ask("models", "use", "grounded")
        answer = self.program.ask("ask", material.WRITTEN_QUESTION, "--collection", "Papers")
        self.expect(answer["mode"] == "model", "No model wrote the answer", answer)
        self.expect(material.WRITTEN_ANSWER in answer["answer"], "The answer is wrong", answer)
        (citation,) = answer["citations"] or [{"path": ""}]
        self.expect(Path(citation["path"]).name == "well.txt", "The source is wrong", answer)

    def embedder(self) -> None:
        self.program.ask("models", "add", self.path("other-embedder"))
        used = self.program.ask("models", "use", "other-embedder")
        self.expect(used["embedder"]["id"] == "other-embedder", "It does not search", used)
        fact = material.FACTS[0]
        found = self.program.ask("search", fact.question, "--collection", "Papers")["results"]
        self.expect(Path(found[0]["path"]).name == fact.file, f"Not found in {fact.file}", found[:1])
        back = self.program.ask("models", "use", "all-minilm-l6-v2")
        self.expect(back["embedder"]["id"] == "all-minilm-l6-v2", "It is not back", back)

    def transcribe(self) -> None:
        clip, sentence = material.SPOKEN
        heard = self.program.ask("transcribe", self.path(clip), "--language", "en")
        self.expect(heard["text"].strip() == sentence, f"Not “{sentence}”", heard)
        words = [word for segment in heard["segments"] for word in segment["words"]]
        self.expect(len(words) == len(sentence.split()), "Words have no times", heard)
        subtitles = self.program.run("transcribe", self.path(clip), "--language", "en", "--to", "srt")
        self.expect(" --> " in subtitles and sentence in subtitles, "No subtitles", subtitles)

    def translate(self) -> None:
        text = self.program.run("translate", " ".join(material.ENGLISH), "--to", "de", "--from", "en")
        self.expect(text.strip() == " ".join(material.GERMAN), f"Not {material.GERMAN}", text)
        written = self.program.ask(
            "translate", "--file", self.path("letter.docx"), "--to", "de", "--from", "en"
        )
        copy = self.files / Path(written["written"]).name
        document = zipfile.ZipFile(copy).read("word/document.xml").decode()
        paragraphs = document.split("</w:p>")[:2]
        words = tuple(re.sub(r"<[^>]+>", "", each).strip() for each in paragraphs)
        self.expect(words == material.GERMAN, f"Not {material.GERMAN}", document)
        self.expect("<w:b/>" in paragraphs[1], "It is not bold any more", document)

    def recognise(self) -> None:
        bell = self.path("documents/bell.png")
        for library in ("rapidocr", "tesseract"):
            told = self.program.ask("recognise", bell, "--with", library, "--language", "en")
            page = told["pages"][0]
            self.expect((page["outcome"], page["recogniser"]) == ("ocr", library), f"Not by {library}", told)
            found = self.program.ask("search", "bell of the tower", "--collection", "Papers")["results"][0]
            self.expect("1742" in found["text"], f"{library} read something else", found)
        picture, copy = self.path(f"documents/{material.CYRILLIC_FILE}"), self.files / "copy.pdf"
        self.program.run("recognise", picture, "--language", "ru", "--output", self.place.inside(copy))
        found = self.program.ask("search", material.CYRILLIC, "--collection", "Papers")["results"][0]
        self.expect(material.CYRILLIC in found["text"], f"Not “{material.CYRILLIC}”", found)
        self.expect(copy.read_bytes().startswith(b"%PDF"), "The searchable copy is no PDF", copy)

    def errors(self) -> None:
        _written(self.files / "page.gguf", "<!DOCTYPE html><p>404</p>")
        for arguments in (
            ("models", "add", self.path("page.gguf")),
            ("transcribe", self.path("letter.docx")),
        ):
            told = self.program.ask(*arguments, status=1)
            self.expect("Traceback" not in str(told) + self.program.log(), "It fell over", told)
        self.program.run("no-such-command", status=2)

    def kill(self) -> None:
        """In the middle of an answer, when its engines run."""
        command = self.program.command(*HANDBOOK)
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(lambda: len(self.program.processes()) > 1, 20)
        family = len(self.program.processes())
        began = time.monotonic()
        self.program.kill(self.program.first_process())
        self.note = f"{family} processes, gone after {time.monotonic() - began:.1f} s"
        process.wait()
        self.expect(family > 1, "There was no engine to outlive it", family)

    def sockets(self) -> None:
        if shutil.which("strace") is None:
            self.note = "not tried: strace is not installed"
            return
        with tempfile.NamedTemporaryFile() as trace:
            strace = ("strace", "-f", "--seccomp-bpf", "-qq", "-e", "trace=socket,execve", "-o", trace.name)
            printed = self.program.run(*HANDBOOK, before=strace)
            calls = Path(trace.name).read_text()
        self.expect(self.place.program.name in calls, "The program's start was not seen", printed)
        self.expect(not INTERNET.search(calls), "A socket was asked for", INTERNET.findall(calls))

    def window(self) -> None:
        beside = self.place.program.with_name(WINDOW_PROGRAM)
        seen_from_here = self.place.root / beside.relative_to("/")
        seen = smoke_window.try_window(self.program, called=beside if seen_from_here.exists() else None)
        self.note = (
            f"painted after {seen.painted_seconds:.1f} s in {seen.colours} colours, closed in "
            f"{seen.closed_seconds:.1f} s; idle: window {seen.window_memory / 1e6:.0f} MB, with its engines "
            f"{seen.memory / 1e6:.0f} MB"
        )


def _written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def perform(test: SmokeTest, *, window: bool) -> int:
    """All steps; what failed is told and the next one tried. The number of those that failed."""
    failed = 0
    steps = test.steps(window=window)
    for title, step in steps:
        test.note = ""
        began = time.monotonic()
        problem = _problem(step)
        seconds = time.monotonic() - began
        note = f"  ({test.note})" if test.note else ""
        print(f"{'FAILED' if problem else 'passed'}  {seconds:5.1f} s  {title}{note}", flush=True)
        if problem:
            failed += 1
            print("        " + problem.rstrip().replace("\n", "\n        "), flush=True)
    print(f"{len(steps) - failed} steps passed" + (f", {failed} failed" if failed else ""), flush=True)
    return failed


def _problem(step: Callable[[], None]) -> str:
    try:
        step()
    except Failed as failed:
        return str(failed)
    except (OSError, ValueError, LookupError, subprocess.SubprocessError) as error:
        return f"{type(error).__name__}: {error}"
    return ""


def fingerprint(folder: Path) -> dict[str, Any]:
    """Size and time of every file, to see whether the program changed its own folder."""
    found = {}
    for path in folder.rglob("*"):
        state = path.lstat()
        found[str(path)] = (state.st_size, state.st_mtime_ns)
    return found


def check(program: Path, *, window: bool = True) -> int:
    """Try a program of this system; the number of steps that failed."""
    program = program.absolute()
    if not program.is_file():
        raise Stop(f"There is no program {program}. Name the one of the command line, not its folder.")
    if window and (missing := smoke_window.missing()):
        print(f"The window is not tried: {' and '.join(missing)} not installed", flush=True)
        window = False
    before = fingerprint(program.parent)
    with tempfile.TemporaryDirectory(prefix="smoke-") as scratch:
        failed = perform(SmokeTest(Place(program, Path(scratch))), window=window)
    if (program.parent / "_internal").is_dir() and fingerprint(program.parent) != before:
        print("FAILED  the program changed its own folder", flush=True)
        failed += 1
    return failed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("program", type=Path, help="the program of the command line")
    parser.add_argument("--no-window", action="store_true", help="leave the window out")
    options = parser.parse_args()
    return 1 if check(options.program, window=not options.no_window) else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Stop as stop:
        print(stop, file=sys.stderr)
        sys.exit(1)
