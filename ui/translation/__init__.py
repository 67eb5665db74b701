"""The Translate page: texts beside their translations, documents that come back translated, glossary."""
