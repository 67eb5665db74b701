"""What a file or a folder is: which model, for which engine, of which shape.

In: paths to what strangers made, read with limits.
Out: detected models, headers and shapes; or why it is no model that can be used.
"""
