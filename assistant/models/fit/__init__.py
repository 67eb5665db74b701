"""What a model takes and does on a computer.

In: a model's shape, this computer's memory, devices and measured pace.
Out: estimates of memory and speed, the best setting, picks in order; corrections from what was measured.
"""
