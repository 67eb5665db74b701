"""Adding, taking away, bringing back, passwords, collections: what a person does with documents."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import thread_time
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QWidget
from pytestqt.qtbot import QtBot

from assistant.documents.event_records import DocumentsChanged, IndexingState, IndexingStatus
from assistant.documents.records import AddedDocuments, DocumentState, Outcome, PartCounts, PartReport
from assistant.errors import DiskFull, Problem, UserInputError
from assistant.jobs import Progress
from assistant.models.catalog.records import Task
from assistant.models.download.records import DownloadsState
from tests.gui.doubles import Pending, Services, document
from tests.gui.model_doubles import installed
from tests.told import told
from ui.common import formatting, quantities
from ui.common.buttons_and_labels import IconButton
from ui.common.dialogs import PasswordDialog, QuestionDialog
from ui.documents.document_row_delegate import RowAction, main_action
from ui.documents.list_skeleton import ListSkeleton
from ui.models.dialogs import DownloadDialog, ManualDownloadDialog
from ui.models.first_model import FirstModel
from ui.shell.shortcuts import ShortcutSheet
from ui.window import Window

Connect = Callable[..., Services]
LOCKED = Problem.as_told("password-required", "It is protected by a password.", "Give the password.")


def titles(window: Window) -> list[str]:
    model = window.documents.document_panel.model
    return [model.document(model.index(row)).title for row in range(model.rowCount())]


def click_action(window: Window, number: int, action: RowAction) -> None:
    """With the mouse, where the row paints it."""
    view = window.documents.document_panel.list
    rect = view.visualRect(view.documents.index_of(number))
    row = view._delegate
    place = row._menu_rect(rect) if action is RowAction.MENU else row._action_rect(rect, action)
    document = view.documents.get(number)
    assert document is not None
    in_hand = view.documents.is_in_hand(document)
    assert row.action_at(rect, document, place.center(), in_hand=in_hand) is action
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place.center())


def action(menu: QMenu, text: str) -> QAction:
    for found in menu.actions():
        if found.text() == text:
            return found
        submenu = found.menu()
        if isinstance(submenu, QMenu):
            for inner in submenu.actions():
                if inner.text() == text:
                    return inner
    raise AssertionError(f"no {text!r} in {[found.text() for found in menu.actions()]}")


def test_the_handbook_is_tried_with_one_click(window: Window, connected: Connect, qtbot: QtBot) -> None:
    services = connected(document(1, "start.md", collection="Handbook"))
    first = window.documents.first_start
    assert first is not None
    qtbot.mouseClick(first.handbook, Qt.MouseButton.LeftButton)
    ((question, scope),) = services.documents.called("ask")
    assert question.endswith("?")
    assert scope.collection == "Handbook"


def test_dropped_files_go_where_the_overlay_says(
    window: Window, connected: Connect, drag: Any, qtbot: QtBot, failures: list[Any]
) -> None:
    services = connected(document(1, "a.pdf", collection="Contracts"))
    dragging = drag("/d/new.pdf", "/d/older.docx")
    overlay = window.drops.overlay
    assert dragging.enter.isAccepted()
    assert overlay.isVisible()
    assert overlay.text() == "Drop to add 2 items to “My documents”"
    name, tile = overlay._tiles()[0]
    assert name == "Contracts"
    dragging.move(tile.center())
    assert overlay.text() == "Drop to add 2 items to “Contracts”"
    dragging.move(QPoint(10, 10))
    assert overlay.target == "My documents"
    dragging.move(tile.center())
    dragging.drop()
    assert not overlay.isVisible()
    qtbot.waitUntil(lambda: bool(services.documents.called("add")))
    assert services.documents.called("add") == [(("/d/new.pdf", "/d/older.docx"), "Contracts", True)]
    qtbot.waitUntil(lambda: len(titles(window)) == 3)
    assert not failures


def test_a_drop_on_another_page_leads_to_the_documents(
    window: Window, connected: Connect, drag: Any, qtbot: QtBot
) -> None:
    services = connected()
    window.go_to("settings")
    drag("/d/new.pdf").drop()
    qtbot.waitUntil(lambda: bool(services.documents.called("add")))
    assert window._stack.currentWidget() is window.documents


def test_dragged_text_is_not_taken(window: Window, drag: Any) -> None:
    assert not drag().enter.isAccepted()
    assert not window.drops.overlay.isVisible()


def test_a_name_that_is_not_utf8_keeps_its_bytes(window: Window) -> None:
    from PySide6.QtCore import QUrl

    from ui.shell.drag_and_drop import local_paths

    urls = [QUrl.fromEncoded(b"file:///d/caf%E9.txt"), QUrl.fromEncoded(b"file:///d/50%25%20caf%C3%A9.txt")]
    assert local_paths(urls) == ["/d/caf\udce9.txt", "/d/50% café.txt"]
    assert local_paths([QUrl("http://example.com/a.pdf")]) == []


def test_removing_with_the_keyboard_and_undoing(window: Window, connected: Connect, qtbot: QtBot) -> None:
    services = connected(*(document(number, f"{number}.pdf") for number in range(1, 5)))
    view = window.documents.document_panel.list
    view.setCurrentIndex(view.documents.index_of(3))
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(view, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: titles(window) == ["4.pdf", "1.pdf"])
    (notice,) = window.notices.all()
    assert notice.message == "2 documents were removed. The files themselves were not deleted."
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(titles(window)) == 4)
    assert services.documents.called("restore") == [((3, 2),)]
    assert [notice.message for notice in window.notices.all()] == ["2 documents were restored."]


def test_undo_in_the_bar_brings_back_that_document(window: Window, connected: Connect, qtbot: QtBot) -> None:
    """And leaves the other one's button, though both read alike."""
    services = connected(document(1, "here/a.pdf"), document(2, "there/a.pdf"))
    actions, model = window.document_actions, window.documents.document_panel.model
    actions.remove([model.get(1)])  # type: ignore[list-item]
    qtbot.waitUntil(lambda: len(window.notices.all()) == 1)
    actions.remove([model.get(2)])  # type: ignore[list-item]
    qtbot.waitUntil(lambda: len(window.notices.all()) == 2)
    first, second = window.notices.all()
    assert first.message == second.message
    assert first.action is not None
    assert second.action is not None
    first.action.do()
    qtbot.waitUntil(
        lambda: [notice.message for notice in window.notices.all()][1:] == ["“a.pdf” was restored."]
    )
    assert window.notices.all()[0] == second
    second.action.do()
    qtbot.waitUntil(lambda: titles(window) == ["a.pdf", "a.pdf"])
    assert services.documents.called("restore") == [((1,),), ((2,),)]
    assert [notice.message for notice in window.notices.all()] == ["“a.pdf” was restored."]


def test_files_that_go_away_are_told_of_in_one_notice(
    window: Window, connected: Connect, qtbot: QtBot
) -> None:
    services = connected(*(document(number, f"{number}.pdf") for number in range(1, 4)))

    def told() -> list[str]:
        return [notice.message for notice in window.notices.all()]

    def now(number: int, state: DocumentState) -> None:
        services.documents.put(document(number, f"{number}.pdf", state=state))

    now(2, DocumentState.MISSING)
    qtbot.waitUntil(lambda: told() == ["“2.pdf” is missing."])
    now(3, DocumentState.MISSING)
    qtbot.waitUntil(lambda: told() == ["The files of 2 documents are missing."])
    now(3, DocumentState.READY)
    qtbot.waitUntil(lambda: told() == [])
    now(2, DocumentState.MISSING)  # something else of it changed
    now(1, DocumentState.MISSING)
    qtbot.waitUntil(lambda: told() == ["The files of 2 documents are missing."])
    window.notices.close(window.notices.all()[0])
    now(2, DocumentState.MISSING)
    qtbot.wait(50)
    assert told() == []


def test_the_row_that_is_marked_after_a_removal_can_be_removed_next(
    window: Window, connected: Connect, qtbot: QtBot
) -> None:
    connected(*(document(number, f"{number}.pdf") for number in range(1, 5)))
    view = window.documents.document_panel.list
    view.setCurrentIndex(view.documents.index_of(3))
    QTest.keyClick(view, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: titles(window) == ["4.pdf", "2.pdf", "1.pdf"])
    marked = view.documents.document(view.currentIndex()).title
    QTest.keyClick(view, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: len(titles(window)) == 2)
    assert marked not in titles(window)


def test_the_handbook_cannot_be_removed(window: Window, connected: Connect) -> None:
    services = connected(document(1, "start.md", collection="Handbook"), document(2, "a.pdf"))
    page = window.documents
    page.collections.choose("Handbook")
    page.document_panel.list.setCurrentIndex(page.document_panel.list.documents.index_of(1))
    QTest.keyClick(page.document_panel.list, Qt.Key.Key_Delete)
    menu = page.document_panel.menu_for(page.document_panel.list.selected())
    assert "Remove" not in [found.text() for found in menu.actions()]
    assert not services.documents.called("remove")


def test_every_state_offers_its_remedy(window: Window, connected: Connect, qtbot: QtBot) -> None:
    services = connected(
        document(1, "queued.pdf", state=DocumentState.QUEUED),
        document(2, "running.pdf", state=DocumentState.INDEXING),
        document(3, "partial.pdf", state=DocumentState.PARTIAL, report=PartCounts(text=3, empty=9)),
        document(
            4, "broken.pdf", state=DocumentState.FAILED, error=Problem.as_told("unreadable", "It is damaged.")
        ),
        document(5, "gone.pdf", state=DocumentState.MISSING),
    )
    assert main_action(document(1, "queued.pdf", state=DocumentState.QUEUED)) is None, "one Stop is enough"
    click_action(window, 2, RowAction.STOP)
    assert services.documents.called("stop_document") == [(2,)]
    click_action(window, 4, RowAction.RETRY)
    click_action(window, 5, RowAction.RETRY)
    assert services.documents.called("retry") == [(4, None), (5, None)]
    click_action(window, 3, RowAction.WHY)
    assert window.panel.title() == "partial.pdf"
    assert services.documents.called("report") == [(3,)]


def test_an_encrypted_file_is_asked_for_and_opened(
    window: Window, connected: Connect, qtbot: QtBot, failures: list[Any]
) -> None:
    services = connected()
    services.documents.queue["add"].append(
        AddedDocuments((document(7, "/d/secret.pdf", state=DocumentState.QUEUED),))
    )
    window.document_actions.add(["/d/secret.pdf"], None)
    qtbot.waitUntil(lambda: 7 in window.document_actions._may_need_password)
    failed = document(7, "/d/secret.pdf", state=DocumentState.FAILED, error=LOCKED)
    services.documents.put(failed)
    qtbot.waitUntil(lambda: bool(window.notices.all()))
    (notice,) = window.notices.all()
    assert notice.message == "“secret.pdf” is protected by a password."
    assert notice.action is not None
    notice.action.do()
    (dialog,) = window.findChildren(PasswordDialog)
    assert not dialog.yes.isEnabled()
    QTest.keyClicks(dialog.field, " pass word")
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)
    assert services.documents.called("retry") == [(7, " pass word")]
    assert dialog.isVisible()
    assert not dialog.yes.isEnabled()
    services.documents.put(failed)
    qtbot.waitUntil(lambda: dialog.refused.text() == "The password is wrong.")
    assert dialog.field.isEnabled()
    QTest.keyClicks(dialog.field, "right")
    assert dialog.refused.isHidden()
    dialog.yes.click()
    assert services.documents.called("retry")[-1] == (7, "right")
    services.documents.put(document(7, "/d/secret.pdf"))
    qtbot.waitUntil(lambda: not window.document_actions._password_dialogs)
    assert window.notices.all() == (notice,)
    assert not failures


def test_the_list_says_that_it_is_filtered(window: Window, connected: Connect, qtbot: QtBot) -> None:
    connected(*(document(number, f"{number}.pdf") for number in range(1, 14)))
    panel = window.documents.document_panel
    qtbot.waitUntil(lambda: panel.count.text() == "13 documents")
    panel.filter.setText("1")
    assert panel.count.text() == "5 of 13 documents"
    assert panel.filter.isVisible()


def test_a_filter_that_hides_rows_shows_that_it_is_on(
    window: Window, connected: Connect, qtbot: QtBot
) -> None:
    bad = document(1, "bad.pdf", state=DocumentState.FAILED)
    connected(bad, *(document(number, f"{number}.pdf") for number in range(2, 14)))
    panel = window.documents.document_panel
    qtbot.waitUntil(panel.attention.isVisible)
    off, name = panel.attention.grab().toImage(), panel.attention.accessibleName()
    panel.attention.click()
    assert titles(window) == ["bad.pdf"]
    assert panel.attention.grab().toImage() != off
    assert (name, panel.attention.accessibleName()) == (
        "1 needs attention: Show only these",
        "1 needs attention: Show all documents",
    )
    panel.filter.setText("7")
    assert panel.count.text() == "0 of 13 documents"
    assert panel.none_fits.text() == f"No document that needs attention matches “{formatting.isolate('7')}”."
    panel.show_all.setFocus()
    panel.show_all.click()
    assert len(titles(window)) == 13
    assert not panel.attention.isChecked()
    assert window.focusWidget() is panel.list


def test_what_is_added_is_seen_at_once(window: Window, connected: Connect, qtbot: QtBot) -> None:
    services = connected(document(1, "old.pdf"), document(2, "guide.md", collection="Handbook"))
    page = window.documents
    page.collections.choose("Handbook")
    window.document_actions.add(["/d/new.pdf"], page.collections.target)
    qtbot.waitUntil(lambda: "new.pdf" in titles(window))
    assert page.collections.current == "My documents"
    page.document_panel.filter.setText("old")
    window.document_actions.add(["/d/other.pdf"], "Work")
    qtbot.waitUntil(lambda: titles(window) == ["other.pdf"])
    assert page.collections.current == "Work"
    assert services.documents.called("add")


@pytest.mark.parametrize("told_first", [False, True])
def test_the_next_thing_after_adding_is_a_question(
    window: Window, connected: Connect, qtbot: QtBot, told_first: bool
) -> None:
    """Also where the button that was pressed goes with the page that it stood on."""
    services = connected()
    page = window.documents
    window.activateWindow()
    assert page.first_start is not None
    page.first_start.add.setFocus()
    if told_first:
        services.documents.queue["add"].append(Pending())
        services.documents.put(document(1, "/d/report.pdf"))
    window.document_actions.add(["/d/report.pdf"], page.collections.target)
    qtbot.waitUntil(lambda: page._below.currentWidget() is page.document_panel)
    focused = page.window().focusWidget()
    assert focused is page.questions.field.field
    QTest.keyClicks(focused, "Why?")
    assert page.questions.field.text() == "Why?"
    assert not window.findChildren(ShortcutSheet)


def test_the_documents_are_never_blank(window: Window, connected: Connect) -> None:
    page = window.documents
    assert isinstance(page._below.currentWidget(), ListSkeleton)
    assert page._below.currentWidget().words.text() == "Opening your documents…"
    connected(document(1, "a.pdf"))
    assert page._below.currentWidget() is page.document_panel


def test_waiting_counts_the_person_s_own_documents(window: Window) -> None:
    line = window.status
    handbook = IndexingStatus(
        IndexingState.RUNNING, 1, "First steps", 1, 4, documents_left=12, builtin=True, builtin_left=12
    )
    line.show_indexing(handbook)
    assert line.doing.text() == "Reading the handbook"
    line.show_indexing(replace(handbook, documents_left=14))
    assert line.doing.text() == "2 documents waiting"
    own = replace(handbook, document=14, title="a.pdf", builtin=False, documents_left=13, builtin_left=11)
    line.show_indexing(own)
    assert line.doing.text().endswith("a.pdf\u2069 · 1 of 4 · 1 more")


def test_locked_files_of_long_ago_are_not_told_of(window: Window, connected: Connect, qtbot: QtBot) -> None:
    services = connected()
    services.documents.put(document(7, "/d/secret.pdf", state=DocumentState.FAILED, error=LOCKED))
    qtbot.waitUntil(lambda: len(titles(window)) == 1)
    assert not window.notices.all()


def test_refused_files_are_named(window: Window, connected: Connect, qtbot: QtBot) -> None:
    services = connected()
    problem = Problem.as_told("unsupported-format", "This kind of file is not known.", "Save it as PDF.")
    services.documents.queue["add"] += [
        AddedDocuments((), (), (("/d/a.xyz", problem),)),
        AddedDocuments((), (), tuple((f"/d/{number}.xyz", problem) for number in range(5))),
    ]
    window.document_actions.add(["/d/a.xyz"], None)
    window.document_actions.add(["/d"], None)
    qtbot.waitUntil(lambda: len(window.notices.all()) == 2)
    one, many = window.notices.all()
    assert (one.message, one.hint) == (
        "“a.xyz” was not added: This kind of file is not known.",
        "Save it as PDF.",
    )
    assert many.message == "5 files could not be added. This kind of file is not known."
    assert many.hint == "0.xyz, 1.xyz, 2.xyz and 2 more"


def test_a_failure_of_adding_is_a_notice(window: Window, connected: Connect, qtbot: QtBot) -> None:
    services = connected()
    services.documents.queue["add"].append(told(DiskFull, "The disk is full.", "Free some space."))
    window.document_actions.add(["/d/a.pdf"], None)
    qtbot.waitUntil(lambda: bool(window.notices.all()))
    assert window.notices.all()[0].hint == "Free some space."


def test_collections_are_chosen_made_and_filled(window: Window, connected: Connect, qtbot: QtBot) -> None:
    services = connected(document(1, "a.pdf"), document(2, "b.pdf", collection="Contracts"))
    page = window.documents
    qtbot.waitUntil(lambda: bool(page.collections._known))
    action(page.collections.menu(), "Contracts   1").trigger()
    assert titles(window) == ["b.pdf"]
    assert page.collections.target == "Contracts"
    action(page.collections.menu(), "New collection…").trigger()
    (dialog,) = window.findChildren(QuestionDialog)
    QTest.keyClicks(dialog.field, "  Tax   2024 ")
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)
    assert page.collections.current == "Tax 2024"
    assert page.collections.target == "Tax 2024"
    assert "Nothing in “Tax 2024” yet" in page._below.currentWidget().title.text()  # type: ignore[attr-defined]
    page.collections.choose(None)
    page.document_panel.list.setCurrentIndex(page.document_panel.list.documents.index_of(1))
    action(page.document_panel.menu_for(page.document_panel.list.selected()), "Tax 2024").trigger()
    assert services.documents.called("move") == [((1,), "Tax 2024")]
    page.collections.choose("Tax 2024")
    qtbot.waitUntil(lambda: titles(window) == ["a.pdf"])


def test_a_collection_is_renamed_and_all_that_names_it_follows(
    window: Window, connected: Connect, qtbot: QtBot, failures: list[Any]
) -> None:
    services = connected(
        document(1, "a.pdf"), document(2, "b.pdf", collection="Contracts"), document(3, "c.pdf")
    )
    lawyer = services.assistants.create("Lawyer", "", collection="Contracts")
    window.chat.conversation.use_assistant(lawyer)
    page = window.documents
    qtbot.waitUntil(lambda: bool(page.collections._known))
    for collection in (None, "My documents", "Handbook"):
        page.collections.choose(collection)
        texts = [found.text() for found in page.collections.menu().actions()]
        assert not any(text.startswith("Rename") for text in texts), "the program itself uses these names"
    page.collections.choose("Contracts")
    action(page.collections.menu(), "Rename “Contracts”…").trigger()
    (dialog,) = window.findChildren(QuestionDialog)
    assert dialog.field.text() == "Contracts"
    for name, refused in (
        ("  ", "A collection needs a name."),
        (" my  DOCUMENTS ", "There is already a collection “My documents”."),
        ("handbook", "There is already a collection “Handbook”."),
    ):
        dialog.field.setText(name)
        assert dialog.refused.isVisible()
        assert (dialog.refused.text(), dialog.yes.isEnabled()) == (refused, False)
        assert dialog.field.accessibleDescription() == refused
        QTest.keyClick(dialog.field, Qt.Key.Key_Return)
    assert not services.documents.called("rename_collection")
    dialog.field.selectAll()
    QTest.keyClicks(dialog.field, " Agreements  2024")
    assert dialog.refused.isHidden()
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)
    assert services.documents.called("rename_collection") == [("Contracts", "Agreements 2024")]
    qtbot.waitUntil(lambda: page.collections.current == "Agreements 2024")
    assert titles(window) == ["b.pdf"]
    assert page.collections.button.accessibleName() == "Collection: Agreements 2024"
    assert page.questions.field.field.placeholderText() == "Ask “Agreements 2024”…"
    assert page.collections.target == "Agreements 2024"
    qtbot.waitUntil(lambda: services.assistants.get(lawyer.id).collection == "Agreements 2024")
    qtbot.waitUntil(lambda: window.chat.conversation.assistant == services.assistants.get(lawyer.id))
    page.collections.choose(None)
    assert titles(window) == ["c.pdf", "b.pdf", "a.pdf"]
    assert not failures


def test_a_collection_is_renamed_from_the_side_panel(
    window: Window, connected: Connect, qtbot: QtBot
) -> None:
    services = connected(document(1, "a.pdf"), document(2, "b.pdf", collection="Contracts"))
    page = window.documents
    qtbot.waitUntil(lambda: bool(page.collections._known))
    page.collections._make([], "Taxes")
    page.collections.manage()
    view = page.collections._view
    assert view is not None

    def buttons() -> dict[str, IconButton]:
        return {found.accessibleName(): found for found in view.findChildren(IconButton) if found.isVisible()}

    assert [name for name in buttons() if name.startswith("Rename")] == ["Rename Contracts", "Rename Taxes"]
    for old, new in (("Taxes", "Tax"), ("Contracts", "contracts"), ("contracts", "contracts")):
        button = buttons()[f"Rename {old}"]
        assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
        QTest.keyClick(button, Qt.Key.Key_Space)
        dialog = window.findChildren(QuestionDialog)[-1]
        dialog.field.setText(new)
        QTest.keyClick(dialog.field, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda new=new: f"Rename {new}" in buttons())
    assert services.documents.called("rename_collection") == [("Contracts", "contracts")], "Taxes is empty"
    assert page.collections.current == "Tax"
    buttons()["Delete Tax; its documents stay"].click()
    assert page.collections.current is None
    assert "Rename Tax" not in buttons()
    assert not services.documents.called("delete_collection"), "Tax is empty"


def test_a_deleted_collection_keeps_its_documents_and_comes_back(
    window: Window, connected: Connect, qtbot: QtBot
) -> None:
    services = connected(document(1, "a.pdf"), document(2, "b.pdf", collection="Contracts"))
    services.documents.folders["Contracts"].append("/d/contracts")
    page = window.documents
    page.collections.load()
    qtbot.waitUntil(lambda: any(known.folders for known in page.collections._known))
    page.collections.choose("Contracts")
    action(page.collections.menu(), "Delete “Contracts”").trigger()
    qtbot.waitUntil(lambda: services.documents.rows[2].collection == "My documents")
    qtbot.waitUntil(lambda: titles(window) == ["b.pdf", "a.pdf"])
    qtbot.waitUntil(lambda: len(window.notices.all()) == 1)
    (notice,) = window.notices.all()
    assert notice.message == "“Contracts” was deleted. Its documents are now in “My documents”."
    assert notice.action is not None
    notice.action.do()
    qtbot.waitUntil(lambda: services.documents.rows[2].collection == "Contracts")
    assert services.documents.called("watch") == [("/d/contracts", "Contracts")]


def test_a_name_that_is_refused_after_all_is_told(window: Window, connected: Connect, qtbot: QtBot) -> None:
    services = connected(document(2, "b.pdf", collection="Contracts"))
    window.documents.collections.choose("Contracts")
    services.documents.queue["rename_collection"].append(
        UserInputError("collection-keeps-name", name="Contracts")
    )
    window.document_actions.rename_collection("Contracts", "Agreements")
    qtbot.waitUntil(lambda: bool(window.notices.all()))
    assert window.notices.all()[0].message == "The collection “Contracts” cannot be renamed."
    assert window.documents.collections.current == "Contracts"


def test_folders_are_followed_and_no_longer(window: Window, connected: Connect, qtbot: QtBot) -> None:
    services = connected(document(1, "a.pdf"))
    page = window.documents
    window.document_actions.watch("/d/inbox", "My documents")
    page.collections.manage()
    qtbot.waitUntil(lambda: any("/d/inbox" in c.folders for c in page.collections._known))
    assert window.panel.title() == "Collections"
    assert page.collections._view is not None
    names = [button.accessibleName() for button in page.collections._view.findChildren(IconButton)]
    assert "Stop watching /d/inbox" in names
    page.collections._view.unwatch_wanted.emit("/d/inbox")
    assert services.documents.called("unwatch") == [("/d/inbox",)]


def test_the_report_shows_each_page_and_grows(window: Window, connected: Connect, qtbot: QtBot) -> None:
    row = document(4, "scan.pdf", state=DocumentState.INDEXING, pages=9, pages_done=3)
    services = connected(row)
    parts = (
        PartReport(1, "page 1", Outcome.TEXT, None, 1400),
        PartReport(2, "page 2", Outcome.EMPTY, Problem("no-text", "page-is-picture"), 0),
        PartReport(3, "page 3", Outcome.FAILED, None, 0),
        PartReport(4, "page 4", Outcome.EMPTY, Problem("no-text", "page-blank"), 0),
    )
    services.documents.queue["report"] += [parts, (*parts, PartReport(5, "page 5", Outcome.TEXT, None, 9))]
    page = window.documents
    page.document_panel.details_wanted.emit(row)
    report = page.side_panel._report
    assert report is not None
    qtbot.waitUntil(lambda: report.model.rowCount() == 2)  # a blank page needs nobody
    assert report.only_gaps.isChecked()
    report.only_gaps.click()
    said = [report.model.index(row).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(4)]
    assert said == [
        "page 1: 1,400 characters",
        "page 2: This page is a picture, and its text was not recognised.",
        "page 3: could not be read",
        "page 4: This page is blank.",
    ]
    services.documents.put(replace(row, pages_done=5))
    qtbot.waitUntil(lambda: report.model.rowCount() == 5, timeout=3000)
    report.read.click()
    assert window.panel.shown is page.side_panel.viewer
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert window.panel.isHidden()


def test_the_status_line_pauses_resumes_and_stops(window: Window, connected: Connect, qtbot: QtBot) -> None:
    services = connected(document(4, "report.pdf", state=DocumentState.INDEXING, pages=80, pages_done=34))
    line = window.status
    running = IndexingStatus(
        IndexingState.RUNNING, 4, "report.pdf", 34, 80, 12, documents_left=3, seconds_left=170.0
    )
    services.documents.on_event(running)
    qtbot.waitUntil(lambda: line.bar.isVisible())
    assert (line.bar.value(), line.bar.maximum()) == (34, 80)
    assert line.left.text() == "3 min left"
    assert "report.pdf" in line.doing.text()
    assert line.doing.text().endswith("34 of 80 · 2 more")
    line.pause.click()
    services.documents.on_event(replace(running, state=IndexingState.PAUSED))
    qtbot.waitUntil(lambda: line.pause.text() == "Resume")
    assert line.left.isHidden()
    line.pause.click()
    line.stop.click()
    assert [name for name, _ in services.documents.calls[-3:]] == ["pause", "resume", "stop_document"]
    services.documents.on_event(IndexingStatus(IndexingState.IDLE))
    qtbot.waitUntil(lambda: line._job.isHidden())


def test_why_it_stands_still_is_said(window: Window, connected: Connect, qtbot: QtBot) -> None:
    services = connected(document(4, "report.pdf", state=DocumentState.INDEXING))
    notice = Problem("storage", "document-store-full")
    held = IndexingStatus(IndexingState.PAUSED, 4, "report.pdf", 3, 9, seconds_left=20, notice=notice)
    services.documents.on_event(held)
    line = window.status
    qtbot.waitUntil(lambda: line.doing.text().startswith("The disk is full: "))
    window.resize(760, 480)
    for widget in (line.bar, line.left):
        assert widget.isHidden()
    metrics = line.doing.fontMetrics()
    shown = metrics.elidedText(line.doing.text(), line.doing._mode, line.doing.width())
    assert shown.startswith("The disk is full"), "what happened is never what is left out"
    services.documents.on_event(replace(held, state=IndexingState.RUNNING, notice=None))
    qtbot.waitUntil(line.bar.isVisible)
    assert line.doing._mode is Qt.TextElideMode.ElideMiddle


def test_a_menu_is_opened_by_mouse_and_keyboard(window: Window, connected: Connect, qtbot: QtBot) -> None:
    connected(document(1, "a.pdf"), document(2, "b.pdf"))
    view = window.documents.document_panel.list
    places: list[QPoint] = []
    view.menu_wanted.disconnect()
    view.menu_wanted.connect(places.append)
    click_action(window, 1, RowAction.MENU)
    assert [row.id for row in view.selected()] == [1]
    view.setFocus()
    by_key = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(0, 0), QPoint(0, 0))
    QApplication.sendEvent(view.viewport(), by_key)
    assert len(places) == 2


def test_what_arrives_before_the_list_is_not_lost(window: Window, services: Services, qtbot: QtBot) -> None:
    """Rows that events brought are newer than the list that was asked for before."""
    late = Pending()
    services.documents.queue["documents"] += [(), late]
    window.connect_services(services)  # type: ignore[arg-type]
    services.documents.put(document(1, "a.pdf", pages_done=5))
    services.documents.put(document(2, "b.pdf"))
    qtbot.waitUntil(lambda: len(list(window.documents.document_panel.model.all())) == 2)
    from assistant.documents.event_records import DocumentsChanged

    services.documents.on_event(DocumentsChanged((), (2,)))
    qtbot.waitUntil(lambda: len(list(window.documents.document_panel.model.all())) == 1)
    late.finish((document(1, "a.pdf", pages_done=1), document(2, "b.pdf"), document(3, "c.pdf")))
    qtbot.waitUntil(lambda: window.documents._loaded)
    rows = {row.id: row.pages_done for row in window.documents.document_panel.model.all()}
    assert rows == {1: 5, 3: 12}


def test_ten_thousand_documents_do_not_hold_up_the_window(
    window: Window, connected: Connect, qtbot: QtBot
) -> None:
    rows = [document(number, f"/d/paper-{number:05}.pdf") for number in range(1, 10_001)]
    connected(*rows)
    qtbot.wait(100)
    window.documents.document_panel.list.setCurrentIndex(
        window.documents.document_panel.list.documents.index_of(5000)
    )
    spent = []
    for round_ in range(5):
        changed = [replace(row, pages_done=round_) for row in rows[round_ * 100 : round_ * 100 + 20]]
        start = thread_time()
        window.bridge.documents_changed.emit(DocumentsChanged(tuple(changed)))
        QApplication.processEvents()
        spent.append(thread_time() - start)
        qtbot.wait(80)
    assert min(spent) < 0.05
    assert [row.id for row in window.documents.document_panel.list.selected()] == [5000]


@pytest.mark.parametrize("needle", ["b.p", "B.P"])
def test_finding_by_name(window: Window, connected: Connect, qtbot: QtBot, needle: str) -> None:
    connected(*(document(number, f"{letter}.pdf") for number, letter in enumerate("abcdefghij", 1)))
    document_panel = window.documents.document_panel
    qtbot.waitUntil(document_panel.filter.isVisible)
    document_panel.filter.setText(needle)
    assert titles(window) == ["b.pdf"]
    document_panel.filter.setText("nothing")
    assert document_panel.none_fits.isVisible()
    assert document_panel.none_fits.text() == f"No document matches “{formatting.isolate('nothing')}”."
    document_panel.show_all.click()
    assert document_panel.filter.text() == ""
    assert len(titles(window)) == 10


def test_a_file_is_opened_by_its_bytes_and_a_failure_is_told(
    window: Window, connected: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[bytes] = []

    class Desktop:
        @staticmethod
        def openUrl(url: Any) -> bool:
            opened.append(bytes(url.toEncoded().data()))
            return len(opened) == 1

    monkeypatch.setattr("ui.common.page_context.QDesktopServices", Desktop)
    connected()
    window.context.open_file("/d/caf\udce9 #1.pdf")
    assert opened == [b"file:///d/caf%E9%20%231.pdf"]
    assert not window.notices.all()
    window.context.open_file("/d/gone.pdf")
    assert window.notices.all()[0].message == "“gone.pdf” could not be opened."


def test_the_first_start_offers_three_ways_until_one_was_taken(
    window: Window, connected: Connect, services: Services, qtbot: QtBot
) -> None:
    connected(document(1, "guide.md", collection="Handbook"))
    page = window.documents
    first = page.first_start
    assert first is not None
    assert page._below.currentWidget() is first
    assert not page.add_files.isVisible()
    offer = window.findChild(FirstModel)
    assert offer is not None
    qtbot.waitUntil(lambda: offer.download.accessibleName().startswith("Download "))
    best = offer.offer.pick
    assert best is not None
    assert Task.CHAT in best.recommended_for
    assert {task for (task,) in services.models.called("recommended")} == {Task.CHAT}  # as the Models page
    assert quantities.size(best.entry.size) in offer.download.accessibleName()
    services.models.queue["get"].append(run := Pending())
    offer.download.click()
    qtbot.waitUntil(lambda: bool(window.findChildren(DownloadDialog)))
    window.findChildren(DownloadDialog)[-1].yes.click()
    services.models.report(Progress("", 1, 4, 60))
    qtbot.waitUntil(lambda: offer.progress.value() == 250)
    assert not offer.download.isVisible()
    assert offer.stop.isVisible()
    model = installed("got", best.entry.name, entry=best.entry.id)
    services.models.put(model)
    run.finish(model)
    qtbot.waitUntil(lambda: window.model_loader.chosen == Path(model.path))
    assert not first.model_way.isVisible()
    services.documents.put(document(2, "mine.pdf"))
    qtbot.waitUntil(lambda: page._below.currentWidget() is page.document_panel)
    assert page.add_files.isVisible()


@pytest.mark.parametrize(("size", "rows"), [((640, 400), 3), ((1280, 720), 1)])
def test_the_three_ways_are_in_sight_where_little_room_is(
    window: Window, connected: Connect, qtbot: QtBot, size: tuple[int, int], rows: int
) -> None:
    window.resize(*size)
    connected()
    first = window.documents.first_start
    assert first is not None
    qtbot.waitUntil(lambda: not first.add.visibleRegion().isEmpty())
    ways = (first.add, first.handbook, first.model_way)
    assert len({way.mapTo(first, QPoint(0, 0)).y() // 40 for way in ways[:2]}) == min(2, rows)
    assert first.model_way.mapTo(first, QPoint(0, 0)).y() < first.height() - 20
    if rows == 1:
        offer = window.findChild(FirstModel)
        assert offer is not None
        tops = {
            button.mapTo(first, QPoint(0, 0)).y() for button in (first.add, first.handbook, offer.download)
        }
        assert len(tops) == 1


def test_a_first_model_is_brought_on_a_stick_where_nothing_may_be_fetched(
    window: Window, connected: Connect, services: Services, qtbot: QtBot
) -> None:
    services.models.state = DownloadsState(False, "settings", Problem.as_told("x", "Downloads are off."))
    connected()
    offer = window.findChild(FirstModel)
    assert offer is not None
    qtbot.waitUntil(lambda: offer.download.text().strip() == "Bring it on a stick")
    offer.download.click()
    (dialog,) = window.findChildren(ManualDownloadDialog)
    assert "stick" in " ".join(label.text() for label in dialog.findChildren(QLabel))
    assert not services.models.called("offer")
    dialog.close()


def test_nothing_of_the_headings_is_cut_beside_a_panel_in_a_small_window(
    window: Window, connected: Connect, qtbot: QtBot
) -> None:
    failed = [document(n, f"/d/{n}.pdf", state=DocumentState.FAILED) for n in range(2, 6)]
    connected(*failed, *(document(n, f"/d/{n}.pdf", chunks=3) for n in range(6, 14)))
    window.resize(960, 540)
    page = window.documents
    panel = page.document_panel
    qtbot.waitUntil(panel.filter.isVisible)
    window.panel.open(QWidget(), "Lease", wide=True)
    qtbot.waitUntil(lambda: page.width() < 480)
    shown = (page.title, page.collections.button, page.add_files, panel.count, panel.attention)

    def nothing_is_cut() -> None:
        for widget in shown:
            assert widget.width() >= widget.sizeHint().width(), widget.accessibleName()
        assert not panel.filter.isVisible()

    qtbot.waitUntil(nothing_is_cut)
