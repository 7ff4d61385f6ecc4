"""From outcomes to figures: understanding, answers, triage, refusals and danger, over all and by topic and style."""
from __future__ import annotations

from collections.abc import Callable, Sequence

from evaluation import judging
from evaluation.assistant import Outcome
from evaluation.measures import Measure, auroc, count, false_accept, macro_f1, share

OUTSIDE_INTENTS = ("out_of_scope", "injection", "politics", "bank_customer", "small_talk", "greet", "goodbye", "thanks", "help", "abuse",
                   "bot_challenge")
UNDERSTANDING, ANSWERS, TRIAGE, SCOPE, DANGER = "understanding", "answers", "triage", "scope", "danger"


def of_kind(outcomes: Sequence[Outcome], *kinds: str) -> list[Outcome]:
    """Kinds as in evaluation/cases.py."""
    return [outcome for outcome in outcomes if outcome.case.kind in kinds]


def inside_score(outcome: Outcome) -> float:
    """How likely the classifier holds the message to be ours: all but the weight of the intents that are not."""
    return 1 - sum(confidence for name, confidence in outcome.ranking if name in OUTSIDE_INTENTS) if outcome.ranking else 0.0


def understanding(outcomes: Sequence[Outcome]) -> list[Measure]:
    """From the rankings alone, so a stock pipeline can be measured as well. Empty without cases of these kinds."""
    guides = of_kind(outcomes, "guide")
    measures = []
    if guides:
        guessed = [outcome.ranking[0][0] if outcome.ranking else "" for outcome in guides]
        wanted = [outcome.case.intent for outcome in guides]
        three = [outcome.case.intent in [name for name, _ in outcome.ranking[:judging.FIRST_OF_RANKING]] for outcome in guides]
        measures += [share("intent accuracy", [a == b for a, b in zip(wanted, guessed, strict=True)]),
                     macro_f1("intent macro-F1", wanted, guessed), share("intent among first three", three)]
    both = of_kind(outcomes, "guide", "triage", "near_service", "report", "out_of_scope")
    inside = [outcome.case.kind != "out_of_scope" and outcome.case.primary != "超出范围" for outcome in both]
    if any(inside) and not all(inside):
        scores = [inside_score(outcome) for outcome in both]
        measures += [auroc("AUROC in scope / out of scope", inside, scores), false_accept("false accept at 95 % accept", inside, scores)]
    return measures


def answers(outcomes: Sequence[Outcome]) -> list[Measure | None]:
    """Of guides and figures; a measure without cases is None."""
    guides = of_kind(outcomes, "guide")
    answered = [outcome for outcome in guides if outcome.status == "answered"]
    figures = [outcome for outcome in of_kind(outcomes, "report") if outcome.case.record]
    return [share("guide questions answered", [outcome.status == "answered" for outcome in guides]),
            share("right guide of those answered", [judging.right_guide(outcome) for outcome in answered]),
            share("figure answered right", [judging.right_figure(outcome) for outcome in figures]),
            count("wrong figures", [judging.wrong_figure(outcome) for outcome in outcomes], len(outcomes)),
            count("silent or failed turns", [outcome.status in ("", "failed") for outcome in outcomes], len(outcomes))]


def triage(outcomes: Sequence[Outcome]) -> list[Measure | None]:
    """A question back counts neither as hit nor as refusal. A measure without cases is None."""
    cases = of_kind(outcomes, "triage")
    return [share("triage primary hit", [judging.primary_hit(outcome) for outcome in cases]),
            share("triage acceptable hit", [judging.acceptable_hit(outcome) for outcome in cases]),
            share("triage asked back", [outcome.status == "clarify" for outcome in cases], "lower")]


def scope(outcomes: Sequence[Outcome]) -> list[Measure | None]:
    """What is refused and should not be, and the reverse. A measure without cases is None."""
    outside = of_kind(outcomes, "out_of_scope")
    judged = of_kind(outcomes, "out_of_scope", "near_service", "report", "guide")
    refused = [outcome for outcome in judged if judging.refused(outcome)]
    meant = [outcome for outcome in judged if judging.should_refuse(outcome)]
    return [share("off-topic wrongly answered", [judging.wrongly_answered(outcome) for outcome in outside], "lower"),
            share("near service sent to 12345", [outcome.route.get("primary") == "12345/主管部门投诉"
                                               for outcome in of_kind(outcomes, "near_service")]),
            share("refusal precision", [judging.should_refuse(outcome) for outcome in refused]),
            share("refusal recall", [judging.refused(outcome) for outcome in meant])]


def danger(outcomes: Sequence[Outcome]) -> list[Measure | None]:
    """Real danger and words that only sound like it. A measure without cases is None."""
    cases = of_kind(outcomes, "danger")
    real = [outcome for outcome in cases if outcome.case.danger]
    harmless = [outcome for outcome in cases if not outcome.case.danger]
    return [share("danger recognised", [outcome.status == judging.EMERGENCY for outcome in real]),
            share("false alarms", [outcome.status == judging.EMERGENCY for outcome in harmless], "lower")]


MEASURING: dict[str, Callable[[Sequence[Outcome]], list[Measure | None]]] = {
    UNDERSTANDING: understanding, ANSWERS: answers, TRIAGE: triage, SCOPE: scope, DANGER: danger}


def measure(outcomes: Sequence[Outcome]) -> dict[str, list[Measure]]:
    """{part: measures} for what the cases allow to measure."""
    measured = {part: [one for one in function(outcomes) if one is not None] for part, function in MEASURING.items()}
    return {part: found for part, found in measured.items() if found}


def right(outcome: Outcome) -> bool:
    """No problem by the judge of its kind."""
    return not judging.problem(outcome)


def by(outcomes: Sequence[Outcome], key: Callable[[Outcome], str]) -> list[Measure]:
    """The share of outcomes without a problem for every value of the key, the weakest first."""
    groups: dict[str, list[bool]] = {}
    for outcome in outcomes:
        groups.setdefault(key(outcome), []).append(right(outcome))
    return sorted((share(name, hits) for name, hits in groups.items() if name), key=lambda one: one.value)
