"""What a projector's header says of the memory that looking at a picture takes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.models.files import gguf, projectors
from assistant.models.files.records import Projector
from tests.made_models.gguf_writer import GgufWriter


def facts(folder: Path, kind: str, side: int) -> Projector:
    """Of one that was trained with pictures of this side."""
    writer = GgufWriter("clip", "eyes")
    writer.add("clip.has_vision_encoder", True)
    writer.add("clip.projector_type", kind)
    writer.add("clip.vision.embedding_length", 1024)
    writer.add("clip.vision.feed_forward_length", 4096)
    writer.add("clip.vision.patch_size", 14)
    writer.add("clip.vision.image_size", side)
    writer.tensor("mm.0.weight", np.zeros((4, 8)), "f16")
    file = folder / f"mmproj-{side}.gguf"
    writer.write(file)
    return projectors.facts(gguf.read(file))


@pytest.mark.parametrize("kind", sorted(projectors.ANY_SIZE))
def test_what_takes_any_size_is_counted_with_the_largest_that_it_is_shown(tmp_path: Path, kind: str) -> None:
    small, large = facts(tmp_path, kind, 224), facts(tmp_path, kind, 896)
    assert small.working == large.working > 4 * 4 * projectors.MOST_CELLS * (3 * 1024 + 4096)


def test_what_makes_all_pictures_one_size_is_counted_with_that(tmp_path: Path) -> None:
    assert facts(tmp_path, "mlp", 224).working < facts(tmp_path, "mlp", 896).working
