"""Only what runs models. `libonnxruntime.so` is the same again for programs in C; the tools make models."""

excludedimports = [
    "onnxruntime.backend",
    "onnxruntime.datasets",
    "onnxruntime.quantization",
    "onnxruntime.tools",
    "onnxruntime.transformers",
]
