"""The unpacked model is known by the size of the packed one, which lies beside the code."""

from PyInstaller.utils.hooks import collect_data_files

datas = collect_data_files("py3langid", includes=["data/*"])
