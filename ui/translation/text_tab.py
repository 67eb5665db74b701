"""A text and its translation side by side, or one above the other in a narrow window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QBoxLayout, QWidget

from assistant import languages
from assistant.errors import NoModel
from assistant.translation.memory.records import PastText
from ui.common import error_words, formatting
from ui.common.buttons_and_labels import IconButton
from ui.common.layouts import NO_MARGINS, vbox
from ui.common.page_context import PageContext
from ui.common.screen_reader import announce
from ui.common.text_to_speech import TextToSpeech, engines
from ui.common.translation import arg, translate
from ui.dictation.controller import DictationController
from ui.dictation.field_dictation import FieldDictation
from ui.translation import concern_words
from ui.translation.alternatives_menu import AlternativesMenu
from ui.translation.choices import Choices
from ui.translation.language_menus import UNKNOWN
from ui.translation.panes import SourcePane, TargetPane
from ui.translation.sentences import Sentence, Sentences
from ui.translation.text_translator import TextTranslator
from ui.translation.translation_field import NOWHERE

SIDE_BY_SIDE = 640
"""Pixels of the width from which on the two stand side by side."""


class TextTab(QWidget):
    models_wanted = Signal()
    term_wanted = Signal(str, str)
    """A sentence and its translation, of which a term goes into the glossary."""

    def __init__(
        self, context: PageContext, choices: Choices, dictation: Callable[[], DictationController]
    ) -> None:
        """`dictation`: the window's; made only when somebody wants to speak."""
        super().__init__()
        self._context = context
        self._choices = choices
        self._make_dictation = dictation
        self.dictation: FieldDictation | None = None
        self.translator = TextTranslator(context)
        self.voice = TextToSpeech(self)
        self._looked_for_voice = False
        self._sentences: Sentences | None = None
        self.source = SourcePane(lambda: choices.source_menu(self.source.language))
        self.target = TargetPane(lambda: choices.target_menu(self.target.language))
        self.swap = IconButton(
            "arrows-left-right", translate("translation", "Swap the languages (Ctrl+Shift+S)"), self._swap
        )
        self._panes = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._panes.setSpacing(4)
        self._panes.addWidget(self.source, 1)
        self._panes.addWidget(self.swap, 0, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._panes.addWidget(self.target, 1)
        column = vbox(parent=self, spacing=0, margins=NO_MARGINS)
        column.addLayout(self._panes, 1)
        self._connect()
        self._show()

    # --- for the page

    def came_into_view(self) -> None:
        self.source.take_focus()
        if not self._looked_for_voice:
            self._looked_for_voice = True
            self._context.bridge.in_background(engines, self.voice.use)

    def take_text(self, text: str) -> None:
        """In the place of what stands there."""
        self._fill(text)
        if self._choices.engines is None:  # what is asked first opens the translations, which takes a moment
            once = Qt.ConnectionType.SingleShotConnection
            self._choices.loaded.connect(self.translator.translate, once)
        else:
            self.translator.translate()

    def open(self, past: PastText) -> None:
        """A text of the history, into the language that it was translated into."""
        self._fill(past.source)
        self._choices.choose_source("")
        self._choices.choose_target(past.target_language)
        self.translator.translate()

    def glossary_changed(self) -> None:
        """The text that stands here heeds its terms, too."""
        if self.translator.result is not None:
            self.translator.translate()

    def dictate(self) -> None:
        if self.dictation is None:
            self.dictation = FieldDictation(self._make_dictation(), self.source, self._context)
        self.dictation.toggle()

    def stop(self) -> bool:
        """What is under way; false if nothing is."""
        if self.dictation is not None and self.dictation.stop():
            return True
        if self.voice.speaking:
            self.voice.stop()
            return True
        return self.translator.stop()

    def leave(self) -> None:
        self.voice.stop()
        self.translator.leave()

    # --- how it is put together

    def _connect(self) -> None:
        source, target, translator = self.source, self.target, self.translator
        source.field.textChanged.connect(self._text_changed)
        source.clear_wanted.connect(self._clear)
        source.dictate_wanted.connect(self.dictate)
        source.translate_wanted.connect(self.translator.translate)
        source.field.pointed.connect(self._source_pointed)
        target.field.pointed.connect(self._target_pointed)
        target.field.asked.connect(self._ask)
        target.field.tip = self._tip
        target.check_wanted.connect(self._go_to_next)
        target.copy_wanted.connect(self._copy)
        target.read_wanted.connect(self._read)
        target.stop_wanted.connect(self.stop)
        target.formality_chosen.connect(self._choices.choose_formality)
        target.models_wanted.connect(self.models_wanted)
        translator.grew.connect(target.field.replace_text)
        translator.changed.connect(self._show)
        translator.done.connect(self._announce)
        self.voice.changed.connect(self._show)
        self._choices.changed.connect(self._options_changed)
        self._choices.models_changed.connect(self._models_changed)
        for keys, do in (
            ("Ctrl+Return", self.translator.translate),
            ("Ctrl+Shift+S", self._swap),
            ("Ctrl+Shift+C", self.target.copy.click),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(do)

    def resizeEvent(self, event: QResizeEvent) -> None:
        directions = QBoxLayout.Direction
        beside = event.size().width() >= SIDE_BY_SIDE
        self._panes.setDirection(directions.LeftToRight if beside else directions.TopToBottom)
        super().resizeEvent(event)

    # --- the text and how it is translated

    def _text(self) -> str:
        return self.source.field.toPlainText()

    def _fill(self, text: str) -> None:
        """Ctrl+Z in the text brings back what stood there."""
        cursor = self.source.field.textCursor()
        cursor.select(cursor.SelectionType.Document)
        cursor.insertText(text)
        self.source.take_focus()

    def _text_changed(self) -> None:
        self.translator.take(self._text(), self._choices.options())

    def _options_changed(self) -> None:
        self.translator.slow = self._choices.by_chat
        self.translator.take(self._text(), self._choices.options(), at_once=bool(self._choices.engines))
        self._show()

    def _models_changed(self) -> None:
        """What waited for a model may be translated now."""
        if isinstance(self.translator.problem, NoModel):
            self.translator.translate()

    def _clear(self) -> None:
        self.translator.remember()
        self._fill("")

    def _swap(self) -> None:
        result, swapped = self.translator.result, self._choices.swap(self.translator.detected)
        if swapped and result is not None:
            self.take_text(result.text)

    # --- what is shown

    def _show(self) -> None:
        translator, choices, target = self.translator, self._choices, self.target
        result = translator.result
        self._sentences = Sentences(result) if result is not None else None
        if not translator.source.strip():
            target.field.replace_text("")
        self.source.show_language(choices.source, translator.detected)
        target.show_language(choices.target)
        self.swap.setEnabled(choices.can_swap(translator.detected))
        chats = result is not None and result.route is not None and result.route.hops[-1].engine.chat
        target.show_formality(choices.formality, chats or choices.by_chat)
        target.show_running(translator.running)
        if not translator.coming:  # else what is known of the translation stays as long as it does
            marked = self._sentences.marked if self._sentences is not None else ()
            target.field.show_marked([sentence.target for sentence in marked])
            target.show_marked(len(marked))
            target.note.set_text(self._note())
        problem = translator.problem
        target.show_problem(
            error_words.both(problem) if problem is not None else "", models=isinstance(problem, NoModel)
        )
        target.copy.setVisible(bool(self._translation()))
        target.read.setVisible(target.copy.isVisibleTo(target) and self.voice.available)
        target.show_reading(self.voice.speaking)
        self.source.translate_now.setVisible(translator.waits and not translator.too_long)
        if self._sentences is None:
            self._show_pair(None)

    def _announce(self) -> None:
        """For who cannot see it: that it is there, and what is to be looked at."""
        marked = (
            self.target.check.accessibleName()
            if self._sentences is not None and self._sentences.marked
            else ""
        )
        if self._translation().strip():
            said = [translate("translation", "Translation ready."), marked]
            announce(self.target, " ".join(filter(None, said)))

    def _note(self) -> str:
        """How it was translated."""
        result = self.translator.result
        if result is None or not result.text.strip():
            return ""
        if result.route is None:
            same = result.language not in UNKNOWN and result.language == self._choices.target
            return translate("translation", "It is in this language already.") if same else ""
        hops, parts = result.route.hops, []
        if result.route.pivot:
            by_way = translate("translation", "by way of %1")
            parts.append(arg(by_way, languages.name(result.route.pivot)))
        names = dict.fromkeys(formatting.isolate(formatting.name(hop.engine.name)) for hop in hops)
        parts += names
        if any(hop.engine.non_commercial for hop in hops):
            parts.append(translate("translation", "not for commercial use"))
        return " · ".join(parts)

    # --- sentences

    def _source_pointed(self, position: int) -> None:
        sentences = self._sentences
        found = sentences.of_source(position) if sentences is not None and position != NOWHERE else None
        self._show_pair(found)

    def _target_pointed(self, position: int) -> None:
        self._show_pair(self._at(position))

    def _at(self, position: int) -> Sentence | None:
        """The sentence at a place of the translation."""
        sentences = self._sentences
        return sentences.of_target(position) if sentences is not None and position != NOWHERE else None

    def _show_pair(self, sentence: Sentence | None) -> None:
        several = sentence is not None and self._sentences is not None and len(self._sentences.all) > 1
        self.source.field.show_pair(sentence.source if sentence is not None and several else None)
        self.target.field.show_pair(sentence.target if sentence is not None and several else None)

    def _tip(self, position: int) -> str:
        sentence = self._at(position)
        if sentence is None:
            return ""
        return "\n".join(concern_words.of_sentence(sentence.concerns, sentence.source_text))

    def _go_to_next(self) -> None:
        """The next sentence that is marked, with what is known of it."""
        field, sentences = self.target.field, self._sentences
        sentence = sentences.next_marked(field.textCursor().position()) if sentences is not None else None
        if sentence is not None:
            field.setFocus(Qt.FocusReason.OtherFocusReason)
            field.go_to(sentence.target[0])
            self._show_pair(sentence)
            self._open_menu(sentence)

    def _ask(self, position: int) -> None:
        sentence = self._at(position)
        if sentence is not None:
            self._open_menu(sentence)

    def _open_menu(self, sentence: Sentence) -> None:
        result = self.translator.result
        if result is None:
            return
        language = result.paragraphs[sentence.paragraph].language
        menu = AlternativesMenu(self._context, self.target.field, sentence, self.translator.options, language)
        menu.chosen.connect(lambda text: self.translator.choose(sentence, text))
        menu.term_wanted.connect(lambda: self.term_wanted.emit(sentence.source_text, sentence.target_text))
        menu.popup(self.target.field.place_below(sentence.target[0]))

    # --- the translation is taken

    def _translation(self) -> str:
        """What stands there; while it is made anew, what stood there before."""
        result = self.translator.result
        return result.text if result is not None else self.target.field.toPlainText()

    def _copy(self) -> None:
        self._context.copy(self._translation())
        self.translator.remember()

    def _read(self) -> None:
        if self.voice.speaking:
            self.voice.stop()
        else:
            self.voice.say(self._translation(), self.translator.options.target)
