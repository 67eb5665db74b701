"""How a model is loaded: what the person asked for is checked, and it fits into what is free now."""

from __future__ import annotations

from dataclasses import dataclass, replace

from assistant import hardware
from assistant.chat.records import LoadOptions
from assistant.errors import ModelTooLarge, UserInputError
from assistant.models.files.records import Shape
from assistant.models.fit import memory_estimate
from assistant.models.fit.records import AvailableMemory, Estimate, Setting, Wanted

KV_TYPES = {"f16": 1, "q8_0": 8, "q4_0": 2}
"""ggml's number of the type."""

_FLASH = {None: -1, False: 0, True: 1}
"""llama.cpp's number of the setting; -1: where it can be had."""


@dataclass(frozen=True, slots=True)
class LoadPlan:
    setting: Setting
    estimate: Estimate
    mapped: bool
    """The weights are used where they lie in the file; else they are read into memory, as those must be that
    the engine keeps in an order of its own."""

    @property
    def flash_attention_type(self) -> int:
        """-1: where it can be had."""
        return _FLASH[self.setting.flash_attention]

    @property
    def kv_type_number(self) -> int:
        return KV_TYPES[self.setting.kv_type]


def plan(
    name: str,
    shape: Shape,
    options: LoadOptions,
    available: AvailableMemory,
    correction: float = 1.0,
    least_context: int = 0,
) -> LoadPlan:
    """Choose.

    Args:
        name: of the model, for people.
        available: what is free now; 0 where it is not known.
        least_context: a smaller one is not chosen. Fewer tokens than the model was trained for are enough.

    Raises:
        ModelTooLarge: it does not fit, in numbers; `details["setting"]` is the nearest setting that would, or
            None.
        UserInputError: an option is impossible.
    """
    _check(options)
    wanted = Wanted(
        context=options.context,
        kv_type=options.kv_type,
        gpu_layers=options.gpu_layers,
        batch=options.batch,
        threads=options.threads or hardware.usable_cores(),
        flash_attention=options.flash_attention,
    )
    fit = memory_estimate.best(shape, available, wanted=wanted, correction=correction)
    least = 0 if options.context else min(least_context, shape.trained_context or least_context)
    if fit.fits and fit.setting.context < least:
        whole = memory_estimate.best(
            shape, available, wanted=replace(wanted, context=least), correction=correction
        )
        raise _too_large(name, available, whole.estimate, fit.setting, least_context)
    if not fit.fits:
        nearest = memory_estimate.best(
            shape, available, wanted=Wanted(threads=wanted.threads), correction=correction
        )
        setting = nearest.setting if nearest.fits else None
        raise _too_large(name, available, fit.estimate, setting, least_context)
    repacked = any(kind in memory_estimate.REPACKED for kind, _ in shape.types)
    return LoadPlan(fit.setting, fit.estimate, mapped=not repacked and fit.setting.gpu_layers == 0)


def _too_large(
    name: str, available: AvailableMemory, estimate: Estimate, nearest: Setting | None, least_context: int
) -> ModelTooLarge:
    parts = zip(available.devices, estimate.devices, strict=False)
    shared = sum(part for device, part in parts if device.shared)
    details = {
        "name": name,
        "needed": estimate.processor + shared + memory_estimate.spare(available),
        "free": available.memory_free,
        "setting": nearest,
        "least_context": least_context,
    }
    if nearest is None:
        return ModelTooLarge("model-too-large", **details)
    details |= {"context": nearest.context, "kv_type": nearest.kv_type}
    if nearest.kv_type == "f16":
        return ModelTooLarge("model-too-large-for-context", **details)
    return ModelTooLarge("model-too-large-for-kv-type", **details)


def _check(options: LoadOptions) -> None:
    if options.kv_type is not None and options.kv_type not in KV_TYPES:
        raise UserInputError("no-such-kv-type", name=options.kv_type, known=tuple(KV_TYPES))
    for name, least, most in (("context", 64, 2**24), ("threads", 1, 1024), ("batch", 1, 8192)):
        value = getattr(options, name)
        if value is not None and not least <= value <= most:
            raise UserInputError("option-out-of-range", name=name, value=value, least=least, most=most)
