"""The list keeps its order, its filter and its selection while rows come, change and go."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from assistant.documents.records import DocumentState
from tests.gui.doubles import document
from ui.common.theme import Theme
from ui.documents.document_list_model import DocumentListModel, SortOrder
from ui.documents.document_list_view import DocumentListView


def shown(model: DocumentListModel) -> list[int]:
    return [model.document(model.index(row)).id for row in range(model.rowCount())]


ROWS = [
    document(1, "b.pdf"),
    document(2, "A.pdf", collection="Work", state=DocumentState.FAILED),
    document(3, "c.pdf", state=DocumentState.INDEXING),
    document(4, "guide.md", collection="Handbook"),
]


def test_orders_and_filters(qapp: object) -> None:
    model = DocumentListModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.replace(ROWS)
    model.hide_from_all({"Handbook"})
    assert shown(model) == [3, 2, 1]
    model.set_order(SortOrder.NAME)
    assert shown(model) == [2, 1, 3]
    model.set_order(SortOrder.ATTENTION)
    assert shown(model) == [2, 3, 1]
    model.show_matching("  A.P", False)
    assert shown(model) == [2]
    model.show_matching("", True)
    assert shown(model) == [2]
    model.show_matching("", False)
    model.show_collection("Handbook")
    assert shown(model) == [4]
    assert len(model.of_collection()) == 1


def test_what_is_read_stands_on_top_and_then_what_comes_next(qapp: object) -> None:
    model = DocumentListModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    waiting = [document(number, f"{number}.pdf", state=DocumentState.QUEUED) for number in (3, 4, 5)]
    model.replace([document(1, "old.pdf"), document(2, "new.pdf"), *waiting])
    model.apply([replace(waiting[0], state=DocumentState.INDEXING)])
    assert shown(model) == [3, 4, 5, 2, 1]
    model.apply([replace(waiting[0], state=DocumentState.READY)])
    model.apply([replace(waiting[2], state=DocumentState.INDEXING)])
    assert shown(model) == [5, 4, 3, 2, 1]


def test_a_change_moves_a_row_only_where_it_belongs(qapp: object) -> None:
    model = DocumentListModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.replace(ROWS[:3])
    resets: list[int] = []
    model.modelReset.connect(lambda: resets.append(1))
    model.set_order(SortOrder.ATTENTION)
    resets.clear()
    model.apply([replace(ROWS[1], state=DocumentState.READY)])
    assert shown(model) == [3, 2, 1]
    model.show_collection("Work")
    model.apply([replace(ROWS[1], collection="Home")])
    assert shown(model) == []
    assert len(resets) == 1, "only the change of the collection lays the list out anew"


@given(
    st.lists(st.tuples(st.integers(1, 60), st.sampled_from(list(DocumentState)), st.booleans()), max_size=200)
)
def test_any_stream_of_events_ends_in_the_same_list(events: list[tuple[int, DocumentState, bool]]) -> None:
    model = DocumentListModel()
    model.set_order(SortOrder.ATTENTION)
    truth = {}
    for start in range(0, len(events), 7):
        batch = {}
        gone = set()
        for number, state, is_gone in events[start : start + 7]:
            row = document(number, f"{number}.pdf", state=state)
            batch.pop(number, None)
            gone.discard(number)
            if is_gone:
                gone.add(number)
                truth.pop(number, None)
            else:
                batch[number] = row
                truth[number] = row
        model.apply(batch.values(), gone)
    fresh = DocumentListModel()
    fresh.set_order(SortOrder.ATTENTION)
    fresh.replace(truth.values())
    assert shown(model) == shown(fresh)


def test_selection_survives_a_new_layout(qtbot: QtBot, theme: Theme) -> None:
    model = DocumentListModel()
    view = DocumentListView(model)
    qtbot.addWidget(view)
    model.replace([document(number, f"{number}.pdf") for number in range(1, 200)])
    view.setCurrentIndex(view.documents.index_of(77))
    model.apply([document(number, f"{number}.pdf") for number in range(200, 400)])
    assert [row.id for row in view.selected()] == [77]
    assert model.document(view.currentIndex()).id == 77
    model.apply([], [77])
    assert view.selected() == []


def test_ten_thousand_rows_are_quick(qtbot: QtBot, theme: Theme) -> None:
    model = DocumentListModel()
    view = DocumentListView(model)
    qtbot.addWidget(view)
    view.resize(800, 600)
    view.show()
    rows = [document(number, f"paper-{number:05}.pdf") for number in range(1, 10_001)]
    model.replace(rows)
    start = perf_counter()
    for number in range(100):
        model.apply([replace(rows[number * 90], pages_done=number)])
    view.viewport().repaint()
    assert perf_counter() - start < 0.5, "a hundred updates of single rows"
    assert view.indexAt(view.viewport().rect().center()).isValid()
