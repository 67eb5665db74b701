"""Chroma names its parts in its settings, as words; those that an index on this computer needs.

Its other halves, the server and clients of a server, are left out.
"""

hiddenimports = ["chromadb.api.rust", "chromadb.telemetry.product.posthog", "chromadb_rust_bindings"]
excludedimports = [
    "fastapi",
    "grpc",
    "kubernetes",
    "onnxruntime",
    "opentelemetry",
    "posthog",
    "sentence_transformers",
    "tokenizers",
    "uvicorn",
]
