"""Files in a watched folder: kept when they are complete, moved away, shown to the office, and booked by nobody but a clerk's code."""

import os
import threading
from datetime import timedelta

import pytest

from tests.bank.test_import import file, line, nothing_came_in, take
from tests.bank.test_uploads import desk as desk
from tests.bank.test_uploads import press
from tests.cast import NOON
from tests.web.client import forms
from tests.web.refusing import nothing_written, reading, refused
from vps.bank.actions import forget_uploads, set_aside, upload_waiting, wait_file
from vps.bank.archive import EmptyFile
from vps.bank.models import waiting_files
from vps.jobs.folder import AT_ONCE, Folder
from vps.kernel.database import one
from vps.kernel.refusals import NotFound

WAY = "/office/bank"


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "from the bank"
    path.mkdir()
    return path


def names() -> list[str]:
    return [each.name for each in waiting_files()]


def test_a_file_is_taken_once_it_stays_as_it_is(house, folder):
    watched = Folder(folder)
    growing = folder / "day.xml"
    growing.write_bytes(file(line("1.00"))[:100])

    assert (watched.look(), names()) == (0, []), "seen for the first time"
    growing.write_bytes(file(line("1.00")))
    assert (watched.look(), names()) == (0, []), "it has grown"
    assert (watched.look(), names()) == (1, ["day.xml"])

    assert [each.name for each in folder.iterdir()] == ["taken"] and (folder / "taken" / "day.xml").read_bytes() == file(line("1.00"))
    assert nothing_came_in() and waiting_files()[0].refused is None
    growing.write_bytes(file(line("1.00")))
    assert (watched.look(), watched.look()) == (0, 1) and names() == ["day.xml"], "each content once"
    assert sorted(each.name for each in (folder / "taken").iterdir()) == ["1-day.xml", "day.xml"]


def test_what_is_hidden_or_no_file_is_left_alone_and_many_files_take_turns(house, folder):
    (folder / ".part").write_bytes(b"x")
    (folder / "inside").mkdir()
    (folder / "link.xml").symlink_to("/etc/hostname")
    for n in range(AT_ONCE + 2):
        (folder / f"{n:02}.xml").write_bytes(b"%d" % n)
    watched = Folder(folder)

    assert [watched.look() for _ in range(4)] == [0, AT_ONCE, 2, 0]
    assert sorted(each.name for each in folder.iterdir()) == [".part", "inside", "link.xml", "taken"]


def test_a_folder_that_cannot_be_used_is_said_and_tried_again(house, folder, caplog):
    watched = Folder(folder / "nowhere")

    assert watched(threading.Event()) > 0

    assert "the bank folder cannot be used" in caplog.text
    os.mkdir(folder / "nowhere")
    assert watched.look() == 0


def test_the_office_sees_what_was_found_and_one_press_previews_it(house):
    key = wait_file(file(line("5.00")), "../../day\u202e.xml", at=NOON)
    broken = wait_file(b"", "empty.xml", at=NOON)
    dragan = reading(house.dragan, "de")
    page = dragan.get(f"{WAY}/statements")
    assert "Im Ordner gefunden" in page.text and "empty.xml" in page.text and "\u202e" not in page.text and "leer" in page.text
    assert not [way for way, _ in forms(reading(house.clara, "de").get(f"{WAY}/statements")) if "waiting" in way]

    answer = dragan.post(f"{WAY}/waiting/{key}/upload")
    with nothing_written():
        refused(dragan.post(f"{WAY}/waiting/{broken}/upload"), EmptyFile.says, "de")

    assert answer.headers["Location"] == f"{WAY}/uploads/1/booking" and nothing_came_in()
    assert one("SELECT made_by FROM batch")[0] == house.dragan.id
    assert dragan.post(f"{WAY}/waiting/{broken}/end").status_code == 303 and len(names()) == 1
    assert dragan.post(f"{WAY}/waiting/{broken}/end").status_code == dragan.post(f"{WAY}/waiting/{broken}/upload").status_code == 404
    assert "Bank file of the folder set aside" in reading(house.elena, "en").get("/office/trail").text


def test_what_was_booked_waits_no_more_and_is_forgotten(desk):
    key, known = wait_file(desk.content, "day.xml", at=NOON), wait_file(desk.content + b"\n", "again.xml", at=NOON)
    press(desk, upload_waiting(key, actor=desk.desk, at=NOON).key)

    assert names() == ["again.xml"]
    assert upload_waiting(known, actor=desk.desk, at=NOON).key is None and names() == []
    with pytest.raises(NotFound):
        set_aside(known, actor=desk.desk, at=NOON)
    forget_uploads(at=NOON + timedelta(days=8))
    assert one("SELECT count(*) FROM waiting_file")[0] == 1, "what was set aside stays known, so that it does not come again"


def test_a_file_of_statements_booked_before_leads_to_the_list(house):
    take(file(line("5.00")))
    key = wait_file(file(line("5.00")) + b" ", "day.xml", at=NOON)
    dragan = reading(house.dragan, "en")
    assert dragan.post(f"{WAY}/waiting/{key}/upload").headers["Location"] == f"{WAY}/statements?done=0.0.0.1"
    assert names() == []
