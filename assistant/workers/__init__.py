"""Engines in processes of their own: started, called, stopped, and survived. Knows no AI library.

In: "module:Class" of an engine, calls of its methods (`supervisor.Worker`; in the child, `child`).
Out: a `run.Run` for each call, with reports, a result or an error that says how a process ended.
"""
