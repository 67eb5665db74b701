PRAGMA user_version = 1;
INSERT INTO conversations ("id", "uid", "title", "named", "assistant", "folder", "pinned", "created", "changed", "deleted", "first", "meta") VALUES (1, '9ab9e224185f4323b7db1f252b899483', 'About the well', 1, 'plain', '', 0, 1.796079e+09, 1.796079e+09, NULL, 1, '{}');
INSERT INTO messages ("id", "conversation", "parent", "next", "role", "content", "thinking", "state", "model", "created", "meta") VALUES (1, 1, NULL, 2, 'user', 'How deep is the well?', '', 'complete', '', 1.796079e+09, '{}');
INSERT INTO messages ("id", "conversation", "parent", "next", "role", "content", "thinking", "state", "model", "created", "meta") VALUES (2, 1, 1, NULL, 'assistant', 'It is 43 metres deep.', '', 'complete', 'Small', 1.796079e+09, '{}');
INSERT INTO message_words (rowid, "words") VALUES (1, 'how deep is the well?');
INSERT INTO message_words (rowid, "words") VALUES (2, 'it is 43 metres deep.');
INSERT INTO title_words (rowid, "words") VALUES (1, 'about the well');
