"""The Translate page: text beside its translation, documents, glossary and history."""
