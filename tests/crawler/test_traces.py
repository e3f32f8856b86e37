"""The cheap look knows every way a rule file may name a side: what judge finds, it finds."""

import pytest

from crawler.cheap_look import missing_sides
from crawler.entities import Names
from crawler.relevance import judge
from crawler.rules import Rules
from storage.model import Dual, Entity, Phrases, Side, Tenure, Topic
from tests.factories import article, entity, page

NAMES = Names(
    (
        entity("minister", kind="office", country="FR", names=("chef de la police",)),
        entity("roux", country="FR", names=("Anne Roux",), tenures=(Tenure(office="minister"),)),
        entity("guard", kind="service", country="MA", names=("garde royale",)),
        Entity(
            id="france", kind="country", country="FR", labels={}, names=("France",), adjectives=("français",)
        ),
        entity("squad", kind="service", country="FR", names=("RAID",), exact=("RAID",)),
        entity("sea", kind="operation", country="FR", names=("RAID",)),
    )
)
MATTER = Side(id="matter", labels={})


FRANCE = Side(id="france", labels={}, country="FR", kinds={"adjective": 1.0})


def meeting(*groups: str, sides: tuple[Side, ...] = (MATTER,)) -> Topic:
    dual = Dual(why="they meet", side="matter", all=tuple((group,) for group in groups))
    return Topic(id="t", labels={}, sides=sides, duals=(dual,))


def worded(phrase: str) -> Topic:
    return Topic(
        id="t", labels={}, sides=(Side(id="matter", labels={}, words=(Phrases(why="x", fr=(phrase,)),)),)
    )


@pytest.mark.parametrize(
    ("topic", "text"),
    [
        (meeting("minister", "guard"), "Anne Roux a vu la garde royale."),
        (meeting("FR office", "guard"), "Anne Roux a vu la garde royale."),
        (meeting("MA service", "roux"), "La garde royale et Anne Roux."),
        (meeting("france", "guard", sides=(FRANCE, MATTER)), "Un colonel français et la garde royale."),
        (worded("<FR person>"), "Anne Roux est venue."),
        (worded("<FR> ... <MA service>"), "Anne Roux et la garde royale."),
        (worded("{|vieille} <MA service>"), "La garde royale."),
        (worded("{vu|reçu} ... garde"), "Il a reçu hier la garde."),
        (
            Topic(id="t", labels={}, sides=(Side(id="matter", labels={}, entities={"minister": 0.5}),)),
            "Anne Roux est venue.",
        ),
        (
            Topic(id="t", labels={}, sides=(Side(id="matter", labels={}, kinds={"operation": 1.0}),)),
            "Un raid en mer.",
        ),
        (
            Topic(
                id="t",
                labels={},
                sides=(Side(id="matter", labels={}, country="FR", kinds={"adjective": 1.0}),),
            ),
            "Un colonel français.",
        ),
    ],
)
def test_what_fills_a_side_leaves_a_trace(topic: Topic, text: str) -> None:
    rules = Rules((topic,), NAMES)
    (found,) = judge(article(title="", text=text, language="fr"), rules)
    assert found.missing == ()
    assert missing_sides(page(body=f"<p>{text}</p>".encode()), rules) == ()
    (missing,) = missing_sides(page(body=b"<p>La pluie tombe.</p>"), rules)
    assert "matter" in missing.missing
