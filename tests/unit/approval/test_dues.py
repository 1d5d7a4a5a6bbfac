"""Fees and what is handed out: words for the notice, entries for the page, each with the decisions that bring it."""

from services.approval.domain.dues import Fee, Handout, told, words_of_dues

COPY = Fee(
    id="copy", name="写しの費用", amount=1000, unit="1枚", when="受け取るとき", how="1階の窓口で納めてください。"
)
SHARE = Fee(
    id="share", name="保育料", about="町民税の額で決まります。", when="毎月", how="口座振替", outcomes=("granted",)
)
TAG = Handout(
    id="tag", what="鑑札", where="役場1階", hours="8時30分〜17時15分", bring=("通知書",), outcomes=("granted",)
)


def test_a_notice_writes_amounts_and_places_in_full_width():
    assert words_of_dues([COPY, TAG]) == {
        "fee_copy": "１，０００",
        "fee_copy_how": "１階の窓口で納めてください。",
        "collect_tag_where": "役場１階",
        "collect_tag_hours": "８時３０分〜１７時１５分",
    }


def test_a_fee_without_an_amount_has_no_word_for_it():
    assert words_of_dues([SHARE]) == {"fee_share_how": "口座振替"}


def test_what_falls_due_depends_on_the_decision():
    assert [one["name"] for one in told([COPY, SHARE], "granted")] == ["写しの費用", "保育料"]
    assert [one["name"] for one in told([COPY, SHARE], "partly")] == ["写しの費用"]
    assert told([COPY, SHARE, TAG], "refused") == []


def test_the_page_is_told_what_a_resident_needs_and_no_id():
    assert told([TAG], "granted") == [
        {"what": "鑑札", "where": "役場1階", "hours": "8時30分〜17時15分", "bring": ["通知書"], "about": ""}
    ]
    assert told([COPY], "granted") == [
        {
            "name": "写しの費用",
            "when": "受け取るとき",
            "how": "1階の窓口で納めてください。",
            "amount": 1000,
            "unit": "1枚",
            "about": "",
        }
    ]
