"""Reference data of words: synonyms and the glossary; part of programs.actions.loading."""

from pathlib import Path

from core.loading import LoadReport, read_json
from programs.actions.placing import place
from programs.models import GlossaryTerm, Synonym


def load_words(directory: Path) -> LoadReport:
    """Place all synonyms and terms. Raises ValidationError for a group that says nothing."""
    report = LoadReport()
    for item in read_json(directory / "synonyms.json"):
        report += place(Synonym, {"slug": item["slug"]}, {"words": item["words"]}, prepare=Synonym.clean)[1]
    for item in read_json(directory / "glossary.json"):
        values = {"reading": item["reading"], "meaning": item["meaning"]}
        report += place(GlossaryTerm, {"term": item["term"]}, values)[1]
    return report
