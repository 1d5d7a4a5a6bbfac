import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.canonical import canonical_json, sha256

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), values, max_size=5))
def test_the_order_of_keys_does_not_change_the_bytes(value: dict[str, object]) -> None:
    assert canonical_json(value) == canonical_json(dict(reversed(value.items())))


def test_names_are_kept_letter_by_letter() -> None:
    assert canonical_json({"name": "辻󠄀 𠮷子"}) == '{"name":"辻󠄀 𠮷子"}'.encode()


@pytest.mark.parametrize("value", [0.1, {"a": [1.0]}, [{"b": 2.5}]])
def test_a_float_is_refused_because_it_has_no_one_text(value: object) -> None:
    with pytest.raises(ValueError, match="whole yen"):
        canonical_json(value)


def test_the_hash_is_that_of_the_bytes() -> None:
    assert sha256(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
