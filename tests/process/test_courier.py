"""The courier in its own process, against a server of this computer that does what servers should not."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from assistant.errors import (
    DiskFull,
    DownloadError,
    Offline,
    WrongFile,
)
from assistant.models.catalog.records import ModelFile
from assistant.models.download import bootstrap, partial_file
from tests.made_models.records import entry
from tests.process import courier_program
from tests.process.courier_setup import CONTENT, OTHER, CourierSetup, known, refusal, sha256, unknown
from tests.process.file_server import FileServer, answer, bare, chunked, etag, running, stall, whole

# --- as it should be -----------------------------------------------------------------------------------


def test_a_file_comes_is_checked_and_the_courier_waits_again(setup: CourierSetup, server: FileServer) -> None:
    first = known(server.serve("/small.gguf", whole(CONTENT)))
    second = known(server.serve("/onnx/second.bin", whole(OTHER)), OTHER, "onnx/second.bin")
    fetched = setup.get(first, second)
    assert [(file.path.read_bytes(), file.sha256) for file in fetched] == [
        (CONTENT, sha256(CONTENT)),
        (OTHER, sha256(OTHER)),
    ]
    assert fetched[1].path == setup.target / "onnx" / "second.bin"
    assert not (setup.target / partial_file.FOLDER).exists()
    assert "has fetched 2 files" in setup.courier.standing.message
    asked = len(server.asked)
    assert setup.get(first, second) == fetched
    assert len(server.asked) == asked  # what is here already is not fetched again
    assert set(server.asked[0][1]) == {"host", "user-agent", "accept-encoding", "connection"}


def test_a_hash_that_nobody_states_is_kept_and_holds_from_then_on(
    setup: CourierSetup, server: FileServer
) -> None:
    address = server.serve("/small.gguf", whole(CONTENT), whole(OTHER))
    (fetched,) = setup.get(unknown(address))
    assert fetched.sha256 == sha256(CONTENT)
    fetched.path.unlink()
    error = refusal(setup, unknown(address))
    assert isinstance(error, WrongFile)
    assert "no longer the file" in error.message
    (again,) = setup.get(unknown(address))  # the person was told, and wants the new one
    assert again.path.read_bytes() == OTHER


def test_the_hash_that_the_hub_states_on_the_way_is_checked(setup: CourierSetup, server: FileServer) -> None:
    server.serve("/store", whole(CONTENT[:-1] + b"x"))
    stated = answer(302, Location="/store", X_Linked_ETag=f'"{sha256(CONTENT)}"')
    error = refusal(setup, unknown(server.serve("/small.gguf", stated)))
    assert isinstance(error, WrongFile)
    assert not setup.part.exists()


def test_an_empty_file_comes_too(setup: CourierSetup, server: FileServer) -> None:
    (fetched,) = setup.get(unknown(server.serve("/small.gguf", whole(b""))))
    assert fetched.path.read_bytes() == b""


def test_a_limit_of_speed_is_kept(setup: CourierSetup, server: FileServer) -> None:
    address = server.serve("/small.gguf", whole(CONTENT))
    began = time.monotonic()
    setup.get(known(address), limit=0.4)
    assert time.monotonic() - began > 0.6  # 0.3 MB at 0.4 MB a second
    told = [report.done for report in setup.reports]
    assert told == sorted(told)
    assert any(0 < report.done < len(CONTENT) == report.total for report in setup.reports)


# --- cuts ----------------------------------------------------------------------------------------------


def test_after_a_cut_it_goes_on_from_there(setup: CourierSetup, server: FileServer) -> None:
    address = server.serve(
        "/small.gguf", whole(CONTENT, first=100_000), whole(CONTENT, first=50_000), whole(CONTENT)
    )
    (fetched,) = setup.get(known(address))
    assert fetched.path.read_bytes() == CONTENT
    assert server.ranges() == ["", "bytes=100000-", "bytes=150000-"]
    assert any("trying again" in report.doing for report in setup.reports)


def test_it_does_not_give_up_while_something_comes(setup: CourierSetup, server: FileServer) -> None:
    address = server.serve("/small.gguf", *[whole(CONTENT, first=40_000)] * 7, whole(CONTENT))
    assert setup.get(known(address))[0].path.read_bytes() == CONTENT
    assert len(server.asked) == 8


def test_bytes_from_another_place_than_asked_for_are_not_taken(
    setup: CourierSetup, server: FileServer
) -> None:
    everything = {"Content-Range": f"bytes 0-{len(CONTENT) - 1}/{len(CONTENT)}"}
    elsewhere = answer(206, CONTENT, **everything, ETag=etag(CONTENT))
    address = server.serve("/small.gguf", whole(CONTENT, first=100_000), elsewhere, whole(CONTENT))
    assert setup.get(unknown(address))[0].path.read_bytes() == CONTENT
    assert server.ranges() == ["", "bytes=100000-", ""]


def test_a_server_without_ranges_begins_again(setup: CourierSetup, server: FileServer) -> None:
    address = server.serve("/small.gguf", whole(CONTENT, first=100_000), whole(CONTENT, ranges=False))
    assert setup.get(known(address))[0].path.read_bytes() == CONTENT


def test_a_file_that_changes_between_two_goes_begins_again(setup: CourierSetup, server: FileServer) -> None:
    address = server.serve("/small.gguf", whole(CONTENT, first=100_000), whole(OTHER))
    assert setup.get(unknown(address))[0].path.read_bytes() == OTHER
    assert server.ranges() == ["", "bytes=100000-"]


def test_a_mixture_of_two_versions_begins_again_once(setup: CourierSetup, server: FileServer) -> None:
    """A server that says the bytes are of the same file, though they are not."""
    lie = whole(OTHER, ETag="")
    server.serve("/small.gguf", whole(CONTENT, first=100_000, ETag=""), lie, whole(CONTENT))
    address = server.serve("/hub", answer(302, Location="/small.gguf", X_Linked_ETag=f'"{sha256(CONTENT)}"'))
    assert setup.get(known(address))[0].path.read_bytes() == CONTENT
    assert server.ranges() == ["", "", "bytes=100000-", "bytes=100000-", "", ""]


def test_a_server_that_is_silent_for_too_long_counts_as_cut(setup: CourierSetup, server: FileServer) -> None:
    address = server.serve("/small.gguf", stall(CONTENT, 70_000), whole(CONTENT))
    assert setup.get(known(address))[0].path.read_bytes() == CONTENT
    assert server.ranges() == ["", "bytes=70000-"]


def test_it_gives_up_in_the_end_and_goes_on_the_next_time(setup: CourierSetup, server: FileServer) -> None:
    server.serve("/small.gguf", whole(CONTENT, first=100_000), whole(CONTENT, first=0))
    file = known(server.address("/small.gguf"))
    error = refusal(setup, file)
    assert isinstance(error, DownloadError)
    assert "was lost" in error.message
    assert len(server.asked) == 1 + 3  # one after each pause
    assert setup.part.stat().st_size == 100_000
    server.serve("/small.gguf", whole(CONTENT))
    assert setup.get(file)[0].path.read_bytes() == CONTENT
    assert server.ranges()[-1] == "bytes=100000-"


# --- lies ----------------------------------------------------------------------------------------------


def test_more_bytes_than_announced_elsewhere_are_not_taken(setup: CourierSetup, server: FileServer) -> None:
    error = refusal(setup, known(server.serve("/small.gguf", chunked([CONTENT, OTHER]))))
    assert isinstance(error, WrongFile)
    assert not setup.part.exists()


def test_fewer_bytes_than_the_length_says_are_a_cut(setup: CourierSetup, server: FileServer) -> None:
    short = answer(200, CONTENT[:1000], Content_Length=str(len(CONTENT)))
    assert "was lost" in refusal(setup, unknown(server.serve("/small.gguf", short))).message


def test_chunks_without_an_end_are_a_cut(setup: CourierSetup, server: FileServer) -> None:
    address = server.serve("/small.gguf", chunked([CONTENT], ended=False))
    assert "was lost" in refusal(setup, unknown(address)).message


def test_another_length_than_the_catalogue_knows_is_not_fetched(
    setup: CourierSetup, server: FileServer
) -> None:
    error = refusal(setup, known(server.serve("/small.gguf", whole(CONTENT + b"x"))))
    assert isinstance(error, WrongFile)
    assert "300001 bytes instead of 300000" in error.message or "0.3 MB instead" in error.message


def test_wrong_bytes_are_deleted(setup: CourierSetup, server: FileServer) -> None:
    error = refusal(setup, known(server.serve("/small.gguf", whole(CONTENT[:-1] + b"x"))))
    assert isinstance(error, WrongFile)
    assert "checksum" in error.message
    assert not setup.part.exists()


@pytest.mark.parametrize(
    ("kind", "page"),
    [
        ("text/html; charset=utf-8", b"Welcome to the hotel"),
        ("application/octet-stream", b"\n<!DOCTYPE html><title>Welcome to the hotel</title>"),
    ],
)
def test_a_web_page_is_not_taken_for_a_model(
    setup: CourierSetup, server: FileServer, kind: str, page: bytes
) -> None:
    error = refusal(setup, unknown(server.serve("/small.gguf", answer(200, page, Content_Type=kind))))
    assert "web page" in error.message
    assert "sign in" in error.hint


def test_a_file_of_unknown_length_is_refused(setup: CourierSetup, server: FileServer) -> None:
    assert (
        "the size of the file" in refusal(setup, unknown(server.serve("/small.gguf", bare(CONTENT)))).message
    )


# --- redirects -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://example.org/small.gguf",
        "http://huggingface.co/small.gguf",
        "https://huggingface.co:8443/small.gguf",
        "https://huggingface.co@example.org/small.gguf",
        "https://huggingface.co.example.org/",
        "ftp://127.0.0.1/small.gguf",
        "file:///etc/hostname",
        "http://[::1",
        "https://example.org:x/",
    ],
)
def test_it_follows_nobody_elsewhere(setup: CourierSetup, server: FileServer, elsewhere: str) -> None:
    error = refusal(setup, unknown(server.serve("/small.gguf", answer(302, Location=elsewhere))))
    assert "not a trusted address" in error.message


def test_it_follows_on_the_list_and_leaves_circles(setup: CourierSetup, server: FileServer) -> None:
    server.serve("/store", whole(CONTENT))
    address = server.serve("/small.gguf", answer(307, Location="/store?signed=1"))
    assert setup.get(unknown(address))[0].path.read_bytes() == CONTENT
    server.serve("/a", answer(302, Location="/b"))
    server.serve("/b", answer(301, Location="/a"))
    with pytest.raises(DownloadError, match="without end"):
        setup.get(unknown(server.address("/a")))


# --- refusals ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "message", "hint"),
    [
        (401, "does not give this file to everyone", "https://huggingface.co/maker/small"),
        (403, "does not give this file to everyone", "accept its terms"),
        (404, "no longer has this file", "add the file here"),
        (418, "refused the download (418", "add the file here"),
        (500, "is busy (500)", "to resume"),
    ],
)
def test_each_refusal_is_a_sentence(
    setup: CourierSetup, server: FileServer, status: int, message: str, hint: str
) -> None:
    error = refusal(setup, unknown(server.serve("/small.gguf", answer(status))))
    assert error.message.startswith("127.0.0.1 ")
    assert message in error.message
    assert hint in error.hint
    assert len(server.asked) == (4 if status == 500 else 1)


def test_a_busy_server_is_given_the_time_it_asks_for(setup: CourierSetup, server: FileServer) -> None:
    address = server.serve("/small.gguf", answer(429, Retry_After="1"), answer(503), whole(CONTENT))
    began = time.monotonic()
    setup.get(known(address))
    assert time.monotonic() - began >= 1
    error = refusal(setup, unknown(server.serve("/later", answer(503, Retry_After="7200"))))
    assert "to wait 2 h." in error.message


def test_without_a_network_it_says_so_at_once(setup: CourierSetup) -> None:
    """Names under .invalid are never given to anybody."""
    error = refusal(setup, unknown("https://offline.invalid/small.gguf"))
    assert isinstance(error, Offline)
    assert "offline" in error.message
    assert not any("trying again" in report.doing for report in setup.reports)


def test_a_server_that_is_not_there(setup: CourierSetup) -> None:
    with running() as gone:
        address = gone.address("/small.gguf")
    assert "was lost" in refusal(setup, unknown(address)).message


def test_a_name_that_leads_out_of_the_folder_is_refused(setup: CourierSetup, server: FileServer) -> None:
    address = server.serve("/small.gguf", whole(CONTENT))
    for name in ("../small.gguf", "/tmp/small.gguf", "a/../../b", "c:\\small.gguf"):
        with pytest.raises(DownloadError, match="cannot be the name of a file"):
            setup.get(ModelFile(name, address))
    assert server.asked == []


# --- the disk ------------------------------------------------------------------------------------------


def test_what_does_not_fit_is_not_begun(setup: CourierSetup, server: FileServer) -> None:
    address = server.serve("/small.gguf", whole(CONTENT))
    file = ModelFile("small.gguf", address, 10**15)
    offer = setup.courier.offer(entry(file), setup.target)
    assert offer.problem is not None
    assert offer.problem.code == "disk-full"
    assert isinstance(refusal(setup, file), DiskFull)
    assert server.asked == []


@pytest.mark.skipif(sys.platform == "win32", reason="a limit for the size of files")
def test_a_disk_that_takes_no_more_keeps_what_has_come(tmp_path: Path, server: FileServer) -> None:
    file = known(server.serve("/small.gguf", whole(CONTENT)))
    limited = ["bash", "-c", 'ulimit -f 200; exec "$@"', "bash", *courier_program.COMMAND]
    setup = CourierSetup(tmp_path, bootstrap.launch(limited))
    try:
        assert isinstance(refusal(setup, file), DiskFull)
        assert 0 < setup.part.stat().st_size < len(CONTENT)
        assert setup.process.poll() is None
    finally:
        setup.courier.close()
    roomy = CourierSetup(tmp_path, bootstrap.launch(courier_program.COMMAND))
    try:
        assert roomy.get(file)[0].path.read_bytes() == CONTENT
        assert server.ranges()[-1].startswith("bytes=")
    finally:
        roomy.courier.close()
