"""Pictures of a window as documents."""

import json
from datetime import datetime

from shmtui.monitor.past import Past
from shmtui.present.pictures import picture_document
from shmtui.sysv.window import Gap
from tests.monitor.films import Reel


def test_a_picture_is_json_with_local_times_content_and_gaps() -> None:
    reel, past = Reel(), Past()
    past.add(reel.read(b"\x2a\0\0", 16, (Gap(17, 2, "never written"),)))
    past.add(reel.read(b"\x2b\0\0", 16, (Gap(17, 2, "never written"),)))
    records = [json.loads(json.dumps(record)) for record in map(picture_document, past.shots)]
    assert [record["hex"] for record in records] == ["2a0000", "2b0000"]
    assert records[1] == {
        "time": records[1]["time"],
        "until": records[1]["until"],
        "offset": 16,
        "length": 3,
        "changed": 1,
        "hex": "2b0000",
        "gaps": [{"offset": 17, "length": 2, "why": "never written"}],
    }
    when = datetime.fromisoformat(records[1]["time"])
    assert when.tzinfo is not None
    assert when.timestamp() == 1002.0
