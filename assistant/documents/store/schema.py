"""The tables of the document store, as numbered migrations that are only ever appended to."""

from __future__ import annotations

TOKENIZER = "ascii tokenchars ''_''"
"""Terms are made by `terms.index_terms`; FTS5 only cuts them apart at the spaces."""

_M001_INITIAL = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    """CREATE TABLE collections (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        builtin INTEGER NOT NULL DEFAULT 0)""",
    """CREATE TABLE folders (
        id INTEGER PRIMARY KEY,
        path BLOB NOT NULL UNIQUE,
        collection INTEGER NOT NULL REFERENCES collections (id),
        present INTEGER NOT NULL DEFAULT 1)""",
    # AUTOINCREMENT: an id that was once given out is never given to another row, so an id that the
    # vector index or the window still holds cannot come to mean something else.
    """CREATE TABLE documents (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        path BLOB NOT NULL,
        title TEXT NOT NULL,
        collection INTEGER NOT NULL REFERENCES collections (id),
        folder INTEGER REFERENCES folders (id) ON DELETE SET NULL,
        kind TEXT NOT NULL DEFAULT '',
        unit TEXT NOT NULL DEFAULT 'part',
        size INTEGER NOT NULL,
        mtime_ns INTEGER NOT NULL,
        content BLOB,
        state TEXT NOT NULL DEFAULT 'queued',
        attempts INTEGER NOT NULL DEFAULT 0,
        stale INTEGER NOT NULL DEFAULT 0,
        parts INTEGER,
        parts_done INTEGER NOT NULL DEFAULT 0,
        chunks INTEGER NOT NULL DEFAULT 0,
        parts_text INTEGER NOT NULL DEFAULT 0,
        parts_ocr INTEGER NOT NULL DEFAULT 0,
        parts_empty INTEGER NOT NULL DEFAULT 0,
        parts_failed INTEGER NOT NULL DEFAULT 0,
        error_code TEXT,
        error_message TEXT,
        error_hint TEXT,
        missing INTEGER NOT NULL DEFAULT 0,
        added_at REAL NOT NULL,
        removed_at REAL)""",
    "CREATE UNIQUE INDEX documents_path ON documents (path) WHERE removed_at IS NULL",
    "CREATE INDEX documents_any_path ON documents (path)",
    "CREATE INDEX documents_removed ON documents (removed_at) WHERE removed_at IS NOT NULL",
    "CREATE INDEX documents_collection ON documents (collection)",
    "CREATE INDEX documents_folder ON documents (folder) WHERE folder IS NOT NULL",
    "CREATE INDEX documents_content ON documents (content) WHERE content IS NOT NULL",
    "CREATE INDEX documents_waiting ON documents (id) WHERE state IN ('queued', 'indexing')",
    """CREATE TABLE parts (
        document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        label TEXT NOT NULL,
        outcome TEXT NOT NULL,
        reason TEXT NOT NULL,
        characters INTEGER NOT NULL,
        PRIMARY KEY (document, number)) WITHOUT ROWID""",
    """CREATE TABLE sections (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
        part INTEGER NOT NULL,
        page INTEGER,
        location TEXT NOT NULL,
        heading TEXT NOT NULL,
        is_table INTEGER NOT NULL,
        text TEXT NOT NULL)""",
    "CREATE INDEX sections_document ON sections (document, part)",
    # Apart from the text, because a page's boxes are several times larger and rarely read.
    """CREATE TABLE section_boxes (
        section INTEGER PRIMARY KEY REFERENCES sections (id) ON DELETE CASCADE,
        boxes BLOB NOT NULL)""",
    """CREATE TABLE embeddings (
        id INTEGER PRIMARY KEY,
        hash BLOB NOT NULL,
        model TEXT NOT NULL,
        vector BLOB NOT NULL,
        UNIQUE (hash, model))""",
    """CREATE TABLE chunks (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
        section INTEGER NOT NULL REFERENCES sections (id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        start INTEGER NOT NULL,
        "end" INTEGER NOT NULL,
        language TEXT NOT NULL,
        embedding INTEGER NOT NULL REFERENCES embeddings (id))""",
    "CREATE INDEX chunks_document ON chunks (document, position)",
    "CREATE INDEX chunks_section ON chunks (section)",
    "CREATE INDEX chunks_embedding ON chunks (embedding)",
    f"CREATE VIRTUAL TABLE fts USING fts5 (body, context, tokenize = '{TOKENIZER}')",
    "CREATE VIRTUAL TABLE fts_terms USING fts5vocab (fts, row)",
)

_M002_REASONS = (
    # What an error was said with is kept beside its words: they are for reasons that are not known any more.
    "ALTER TABLE documents ADD COLUMN error_reason TEXT NOT NULL DEFAULT 'as-told'",
    "ALTER TABLE documents ADD COLUMN error_details TEXT NOT NULL DEFAULT '{}'",
    "ALTER TABLE folders DROP COLUMN present",
)

_M003_REASONS_OF_PARTS = (
    "ALTER TABLE parts ADD COLUMN problem_code TEXT NOT NULL DEFAULT 'no-text'",
    "ALTER TABLE parts ADD COLUMN problem_reason TEXT NOT NULL DEFAULT 'as-told'",
    "ALTER TABLE parts ADD COLUMN problem_details TEXT NOT NULL DEFAULT '{}'",
    """UPDATE parts SET problem_reason = CASE reason
         WHEN 'This page is a picture; text recognition is not installed yet.' THEN 'page-is-picture'
         WHEN 'This slide holds no text. Text in pictures cannot be recognised yet.' THEN 'slide-without-text'
         WHEN 'This chapter holds no text, perhaps only a picture.' THEN 'chapter-without-text'
         ELSE 'as-told' END""",
)

_M004_LANGUAGES = (
    # Each question looks at some chunks of each language.
    "CREATE INDEX chunks_language ON chunks (language)",
)

_READ_AGAIN = "('page-is-picture', 'slide-without-text', 'chapter-without-text')"

_M005_RECOGNITION = (
    # `pictures`: JSON of (number, label). `requested`: how a person wants it recognised again; '' for what
    # waits by itself.
    "ALTER TABLE parts ADD COLUMN pictures TEXT NOT NULL DEFAULT '[]'",
    "ALTER TABLE parts ADD COLUMN waiting INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE parts ADD COLUMN requested TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE parts ADD COLUMN recogniser TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE parts ADD COLUMN confidence REAL",
    "ALTER TABLE parts ADD COLUMN languages TEXT NOT NULL DEFAULT '[]'",
    # As they are taken up: what a person asked for first.
    "CREATE INDEX parts_waiting ON parts (requested DESC, document, number) WHERE waiting",
    "ALTER TABLE sections ADD COLUMN recognised REAL",
    "ALTER TABLE documents ADD COLUMN parts_waiting INTEGER NOT NULL DEFAULT 0",
    "CREATE INDEX documents_parts_waiting ON documents (id) WHERE parts_waiting > 0",
    """CREATE TABLE recognised_words (
        document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
        part INTEGER NOT NULL,
        words BLOB NOT NULL,
        PRIMARY KEY (document, part)) WITHOUT ROWID""",
    # What could not be read because it is a picture is looked at again, by a reader that tells its pictures.
    f"""UPDATE documents SET state = 'queued', attempts = 0, error_code = NULL
        WHERE state IN ('ready', 'partial', 'failed')
          AND id IN (SELECT document FROM parts WHERE problem_reason IN {_READ_AGAIN})""",
    f"""UPDATE documents SET (parts_done, parts_empty) =
          (SELECT count(*), total(outcome = 'empty') FROM parts
           WHERE document = documents.id AND problem_reason NOT IN {_READ_AGAIN})
        WHERE id IN (SELECT document FROM parts WHERE problem_reason IN {_READ_AGAIN})""",
    f"DELETE FROM parts WHERE problem_reason IN {_READ_AGAIN}",
)

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    _M001_INITIAL,
    _M002_REASONS,
    _M003_REASONS_OF_PARTS,
    _M004_LANGUAGES,
    _M005_RECOGNITION,
)
"""Each entry takes a store from version n to n + 1. Never change one that was released: append."""
