"""What happens to a store that is there, but cannot be read?"""

from micropython import run
from scripts import script


def test_a_store_that_cannot_be_read_is_not_taken_for_an_empty_one(cloud, device, tmp_path):
    """What cannot be read may be what counts: nothing is written beside it."""
    body = """
    import kv

    store = os.getenv("ALIYUN_IOT_STORE")
    kv.set("name", "old")
    kv.set("name", "new")
    os.rename(store + ".1", store + ".away")
    os.mkdir(store + ".1")
    attempt(kv.get, "name")
    attempt(kv.set, "name", "newer")
    os.rmdir(store + ".1")
    os.rename(store + ".away", store + ".1")
    attempt(kv.get, "name")
    """
    result = run(script(body), cloud, device, env={"ALIYUN_IOT_STORE": str(tmp_path / "kv")})
    assert result.lines == ["OSError 21", "OSError 21", "returned 'new'"], result.errors
