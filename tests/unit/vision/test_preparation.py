from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from assistant.file_reading.picture import Picture
from assistant.vision import preparation


def picture(pixels: np.ndarray, dpi: float = 0.0) -> Picture:
    return Picture(pixels.shape[1], pixels.shape[0], 1, pixels.astype(np.uint8).tobytes(), dpi)


def pixels(made: Picture) -> np.ndarray:
    return np.frombuffer(made.pixels, np.uint8).reshape(made.height, made.width)


def cleaned(given: Picture) -> Picture:
    return preparation.cleaned(preparation.lit(given))


def page() -> np.ndarray:
    """In two colours, as a fax has it: lines of words, and one word that stands alone at the bottom."""
    sheet = np.full((600, 800), 255, np.uint8)
    for top in range(60, 480, 30):
        for left in range(60, 700, 60):
            sheet[top : top + 14, left : left + 44] = 20
    sheet[540:554, 300:360] = 20
    return sheet


@pytest.mark.parametrize("degrees", [-3.0, 1.0, 2.0])
def test_sloping_lines_are_made_level(degrees: float) -> None:
    sloped = np.array(Image.fromarray(page()).rotate(-degrees, fillcolor=255))
    found = preparation.upright(picture(sloped), 0)
    assert found.skew == pytest.approx(degrees, abs=0.15)
    assert preparation.skew_of(pixels(found.picture)) == pytest.approx(0, abs=0.2)


def test_level_lines_stay_as_they_are() -> None:
    assert preparation.upright(picture(page()), 0).picture.pixels == page().tobytes()


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("skew", [0.0, 2.0])
def test_a_box_is_given_back_where_its_ink_is(turn: int, skew: float) -> None:
    sloped = np.array(Image.fromarray(page()).rotate(-skew, fillcolor=255, resample=Image.Resampling.BICUBIC))
    given = np.ascontiguousarray(np.rot90(sloped, turn // 90))
    found = preparation.upright(picture(given), turn)
    level = pixels(found.picture)
    rows, columns = np.nonzero(level[490:] < 128)
    box = (columns.min(), rows.min() + 490, columns.max() + 1, rows.max() + 491)
    x0, y0, x1, y1 = (round(value) for value in found.as_given(tuple(map(float, box))))
    around = given[max(y0 - 3, 0) : y1 + 3, max(x0 - 3, 0) : x1 + 3]
    assert (around < 128).sum() == pytest.approx(14 * 60, rel=0.05)
    assert (x1 - x0) * (y1 - y0) < 14 * 60 * 1.5


def test_a_page_under_a_lamp_is_evenly_lit() -> None:
    light = np.linspace(1, 0.4, 800)
    found = pixels(cleaned(picture(page() * light)))
    assert found[100, [5, 795]].min() > 240
    assert found[65, [70, 670]].max() < 60


def test_what_is_light_on_dark_is_made_dark_on_light() -> None:
    """As a dark screen is: what is bright there is no paper, by whose light the rest could be judged."""
    screen = 255 - page() * 0.9
    found = cleaned(picture(screen))
    assert found.pixels == (255 - screen.astype(np.uint8)).tobytes()


def test_a_sheet_on_a_dark_table_stays_dark_on_light() -> None:
    table = np.full((1500, 2000), 30, np.uint8)
    table[400:1000, 600:1400] = page()
    assert not preparation.is_light_on_dark(table)
    assert not preparation.is_light_on_dark(page())


def test_grain_goes_and_clean_print_stays() -> None:
    assert cleaned(picture(page())).pixels == page().tobytes()
    noisy = np.clip(page() + np.random.default_rng(1).normal(0, 40, page().shape), 0, 255)
    found = pixels(cleaned(picture(noisy)))
    assert np.abs(found.astype(int) - page()).mean() < 0.6 * np.abs(noisy - page()).mean()


@pytest.mark.parametrize("degrees", [-8.0, 4.0])
def test_a_sheet_on_a_dark_table_is_made_level(degrees: float) -> None:
    table = np.pad(page(), ((200, 200), (300, 300)), constant_values=90)
    sloped = np.array(
        Image.fromarray(table).rotate(-degrees, fillcolor=90, resample=Image.Resampling.BICUBIC)
    )
    found = preparation.upright(picture(sloped), 0)
    assert found.skew == pytest.approx(degrees, abs=0.3)
    level = pixels(found.cleaned)
    assert (level < 128).sum() == pytest.approx((page() < 128).sum(), rel=0.1)  # of the table nothing


def test_a_shadow_is_no_table() -> None:
    shaded = np.pad(page(), 200, constant_values=255) * np.linspace(1, 0.4, 1200)
    grey = shaded.astype(np.uint8)
    assert (grey < 160).mean() > 0.3
    assert (cleaned(picture(shaded)).pixels) == preparation.evenly_lit(grey).tobytes()


def test_light_letters_become_dark() -> None:
    dark = (255 - page()) // 2 + 20
    assert preparation.is_light_on_dark(dark.astype(np.uint8))
    found = pixels(cleaned(picture(dark)))
    assert found[65, 70] < 140 < found[5, 5]


def test_small_letters_are_enlarged_and_their_boxes_lie_where_they_were() -> None:
    window = np.full((200, 300), 250, np.uint8)
    for top in range(20, 180, 16):
        for left in range(20, 280, 8):
            window[top : top + 7, left : left + 5] = 30
    found = preparation.upright(picture(window), 90)
    assert (found.picture.width, found.picture.height) == (400, 600)
    assert found.as_given((0.0, 0.0, 20.0, 40.0)) == (0, 190, 20, 200)
    assert preparation.upright(picture(page()), 0).enlarged == 1


def test_ink_beside_what_was_read_is_found() -> None:
    lines = [(60.0, float(top), 704.0, top + 14.0) for top in range(60, 480, 30)]
    ((box, strip),) = preparation.strips_beside(picture(page()), lines, 14)
    assert box == pytest.approx((300, 540, 360, 554), abs=16)
    assert (pixels(strip) == 20).sum() == 60 * 14


def test_a_frame_is_no_strip_of_letters() -> None:
    sheet = np.full((400, 600), 255, np.uint8)
    sheet[50:350, 50:52] = sheet[50:350, 548:550] = sheet[50:52, 50:550] = sheet[348:350, 50:550] = 0
    assert preparation.strips_beside(picture(sheet), [(100.0, 100.0, 300.0, 120.0)], 20) == []


def test_a_sample_is_taken_where_most_is_written() -> None:
    sheet = np.full((2000, 600), 255, np.uint8)
    sheet[1500:1600:2] = 0
    sample = preparation.densest_part(picture(sheet, 150))
    assert sample.height == 150
    assert (pixels(sample) == 0).any(axis=1).sum() == 50


def test_how_a_page_lies_is_seen_in_a_smaller_picture() -> None:
    assert preparation.overview(preparation.lit(picture(np.full((3000, 2000), 255), 300))).width == 1000
    assert preparation.overview(preparation.lit(picture(np.full((600, 400), 255), 72))).width == 400


def test_the_back_of_a_sheet_is_blank_and_a_short_word_is_none() -> None:
    back = np.clip(245 + np.random.default_rng(1).normal(0, 6, (1200, 800)), 0, 255).astype(np.uint8)
    back[100:104, 200:205] = 40
    assert preparation.is_blank(picture(back))
    written = back.copy()
    written[300:320, 200:204] = written[300:320, 210:214] = 100
    assert not preparation.is_blank(picture(written))
    assert not preparation.is_blank(picture(page()))


def test_a_dark_screen_with_few_words_is_not_blank() -> None:
    drawn = Image.new("L", (1280, 720), 26)
    for top in range(60, 340, 52):
        words = "Last backup failed: the disk is full (error 28)"
        ImageDraw.Draw(drawn).text((60, top), words, 236, ImageFont.load_default(size=15))
    screen = np.array(drawn)
    assert not preparation.is_blank(picture(screen))
