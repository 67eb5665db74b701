"""Answers of the trained test model from made documents: right fact, right place, refused when absent.

    python -m tests.benchmarks grounded [--documents 50] [--questions 200] [--show]

A third of the questions ask for an attribute that no document tells, of a name that is in them. All goes
through the product: both workers, the search, the budget, the check of citations.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from assistant.chat.records import LoadOptions, Message, Request, Role
from assistant.chat.service import ChatService
from assistant.documents.grounded import Grounded
from assistant.documents.records import GroundedAnswer
from tests.models.grounded import library
from tests.models.grounded.facts import PRODUCT
from tests.process import papers
from tests.process.desk import Desk


def places(answer: GroundedAnswer) -> set[tuple[str, int | None]]:
    """Document and page of all that is cited."""
    cited = (quote for quote in answer.answer.quotes if quote.n in answer.checked.citations)
    return {(Path(quote.path).name, quote.page) for quote in cited}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--documents", type=int, default=50)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--seed", type=int, default=8)
    parser.add_argument("--model", type=Path, default=PRODUCT)
    parser.add_argument("--show", action="store_true", help="print what went wrong")
    options = parser.parse_args()
    made = library.make(options.seed, options.documents, options.questions)
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder))
        chat = ChatService(Path(folder) / "chat")
        try:
            chat.load(options.model, LoadOptions()).result()
            written = [
                desk.write(f"made/{name}", papers.pdf(pages) if name.endswith(".pdf") else "\n\n".join(pages))
                for name, pages in made.files.items()
            ]
            desk.add(*written)
            _measure(Grounded(desk.service, chat), made, options.show)
        finally:
            chat.close()
            desk.service.close()


def _measure(grounded: Grounded, made: library.Library, show: bool) -> None:
    fact = place = refused = unsupported = found = answerable = 0
    began = time.perf_counter()
    for question in made.questions:
        request = Request("", (Message(Role.USER, question.text),), first_word_seconds=None)
        answer = grounded.ask(request).result()
        cited = places(answer)
        if question.file:
            answerable += 1
            found += any(question.fact.value in quote.quote for quote in answer.answer.quotes)
            right = question.fact.claim in answer.checked.text
            fact += right
            place += right and cited == {(question.file, question.page)}
            well = right and cited == {(question.file, question.page)}
        else:
            well = answer.checked.absent and not cited
            refused += well
        quotes = {quote.n: " ".join(quote.quote.split()) for quote in answer.answer.quotes}
        for claim in answer.checked.claims:
            said = answer.checked.text[claim.start : claim.end].partition(" [")[0].rstrip(".")
            unsupported += sum(said not in quotes[number] for number in claim.citations)
        if show and not well:
            wrote = answer.completion.text if answer.completion else "-"
            print(f"{question.text} {question.file or 'nowhere'} {question.page}: {wrote!r} {cited}")
            for quote in answer.answer.quotes:
                print(f"    [{quote.n}] {Path(quote.path).name} {quote.page}: {quote.quote!r}")
    absent = len(made.questions) - answerable
    seconds = (time.perf_counter() - began) / len(made.questions)
    print(f"{len(made.questions)} questions, {len(made.files)} documents, {seconds:.2f} s a question")
    print(f"among the quotes            {found / answerable:.3f} of {answerable}")
    print(f"right fact                  {fact / answerable:.3f}")
    print(f"right document and page     {place / answerable:.3f}")
    print(f"refused when absent         {refused / absent:.3f} of {absent}")
    print(f"citations whose quote does not hold the very words  {unsupported}")


if __name__ == "__main__":
    main()
