"""Models and settings lie beside the code; the engine that runs them is chosen by a word in the settings."""

from PyInstaller.utils.hooks import collect_data_files

datas = collect_data_files("rapidocr", includes=["*.yaml", "models/*"])
hiddenimports = [
    "rapidocr.ch_ppocr_cls",
    "rapidocr.ch_ppocr_det",
    "rapidocr.ch_ppocr_rec",
    "rapidocr.inference_engine.onnxruntime",
    "rapidocr.inference_engine.onnxruntime.main",
]
excludedimports = [
    "rapidocr.inference_engine.mnn",
    "rapidocr.inference_engine.openvino",
    "rapidocr.inference_engine.paddle",
    "rapidocr.inference_engine.pytorch",
    "rapidocr.inference_engine.tensorrt",
]
