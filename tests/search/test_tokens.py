"""Whatever is part of a text is found in it, and the pinyin of a name too."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.search.tokens import Term, document, normalise, query_tokens, spellings, tokens, words

LETTERS = "杭州云栖网络科技有限公司重庆银行々〇𠮷かなカ한국abcXYZß０９Ａｂ0123456789 -_.()&·\t"
texts = st.one_of(st.text(st.sampled_from(LETTERS), min_size=2, max_size=60), st.text(min_size=2, max_size=40))


def has(indexed: set[str], term: Term) -> bool:
    return any(token.startswith(term.text) for token in indexed) if term.prefix else term.text in indexed


def finds(query: str, text: str) -> bool:
    indexed = tokens(document([text]))
    return all(has(indexed, term) for term in query_tokens(" ".join(words(query))))


@given(texts, st.data())
def test_any_part_of_a_text_is_found(text: str, data: st.DataObject) -> None:
    plain = normalise(text)
    start = data.draw(st.integers(0, max(0, len(plain) - 2)))
    end = data.draw(st.integers(start, len(plain)))
    assert finds(plain[start:end], text)


@given(texts)
def test_normal_form_stays(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(texts)
def test_a_text_finds_itself_whatever_its_width_and_case(text: str) -> None:
    assert finds(text, text)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("云栖", "杭州云栖网络科技有限公司"),
        ("栖", "杭州云栖"),
        ("杭", "杭州云栖"),
        ("公司 杭州", "杭州云栖网络科技有限公司"),
        ("hzyq", "杭州云栖"),
        ("yunqi", "杭州云栖"),
        ("yq", "杭州云栖"),
        ("chongqing", "重庆银行"),
        ("YINHANG", "重庆银行"),
        ("138", "13800138000"),
        ("0138", "13800138000"),
        ("138-0013", "138-0013-8000"),
        ("ｋｈ２０", "KH20261123-0001"),
        ("云栖 138", "云栖 13800138000"),
    ],
)
def test_finds(query: str, text: str) -> None:
    assert finds(query, text)


@pytest.mark.parametrize(("query", "text"), [("栖云", "杭州云栖"), ("139", "13800138000"), ("hzyx", "杭州云栖")])
def test_does_not_find(query: str, text: str) -> None:
    assert not finds(query, text)


def test_tokens_begin_at_each_character() -> None:
    assert tokens("云栖ab12") == {"云栖", "栖", "ab1", "b12", "12", "2"}


def test_a_query_asks_for_whole_grams_its_end_first() -> None:
    assert query_tokens("云栖网") == [Term("栖网"), Term("云栖")]
    assert query_tokens("云") == [Term("云", prefix=True)]


@pytest.mark.parametrize("text", ["", "  ", "--", "a", "7", "（）"])
def test_a_query_that_says_little_asks_for_nothing(text: str) -> None:
    assert query_tokens(normalise(text)) == []


def test_a_long_query_asks_for_a_few_grams() -> None:
    assert len(query_tokens("杭州云栖网络科技有限公司" * 20)) == 8
    assert len("".join(words("长" * 1000))) == 100


def test_names_are_spelt_sentences_are_not() -> None:
    assert list(spellings("长沙银行(重庆)")) == ["changshayinhang", "csyh", "chongqing", "cq"]
    assert list(spellings("一" * 25)) == []


def test_a_document_holds_each_line_once_and_its_pinyin() -> None:
    assert document(["云栖", "云栖", "", " AB  c "]) == "云栖\nab c\nyunqi\nyq"
