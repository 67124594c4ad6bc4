"""Reference data of bodies: sources, organizations, departments, designations."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction

from accounts.enums import OrganizationKind
from accounts.models import (
    ClosingDay,
    Department,
    Designation,
    Organization,
    ReminderRule,
    SourceDocument,
)
from core.loading import LoadReport, read_json, upsert


@transaction.atomic
def load_reference(directory: Path) -> LoadReport:
    """Load `sources`, `organizations`, `departments`, `designations`, `reminder_rules` (JSON) by natural key.

    Safe to repeat. Raises ValidationError for a rule of reminders that makes no sense.
    """
    report = LoadReport()
    for item in read_json(directory / "sources.json"):
        report += _source(item)
    for item in read_json(directory / "organizations.json"):
        report += _organization(item)
    bodies = {body.code: body for body in Organization.objects.all()}
    for order, item in enumerate(read_json(directory / "departments.json")):
        values = {"phone": item["phone"] or "", "aliases": item["aliases"], "display_order": order}
        key = {
            "organization": bodies[item["organization"]],
            "name": item["name"],
            "valid_from": date(1900, 1, 1),
        }
        report += upsert(Department, key, values)[1]
    for item in read_json(directory / "designations.json")["items"]:
        report += _designation(bodies[item["organization"]], item)
    return report + _reminders(read_json(directory / "reminder_rules.json"), bodies)


def _reminders(data: dict[str, Any], bodies: dict[str, Organization]) -> LoadReport:
    """The rules of reminders and the closing days of single bodies; a rule that went is switched off."""
    report = LoadReport()
    for item in data["rules"]:
        given = ReminderRule(**item)
        given.clean_fields()
        names = [
            field.name for field in ReminderRule._meta.concrete_fields if field.name not in {"id", "kind"}
        ]
        values = {name: getattr(given, name) for name in names}
        report += upsert(ReminderRule, {"kind": item["kind"]}, values)[1]
    gone = ReminderRule.objects.exclude(kind__in=[item["kind"] for item in data["rules"]])
    report += LoadReport(updated=gone.filter(is_active=True).update(is_active=False))
    for item in data["closing_days"]:
        key = {"organization": bodies[item["organization"]], "day": date.fromisoformat(item["day"])}
        report += upsert(ClosingDay, key, {"name": item["name"]})[1]
    return report


def _source(item: dict[str, Any]) -> LoadReport:
    checked = item.get("checked_on")
    values = {
        "title": item["title"],
        "publisher": item.get("publisher") or "",
        "published": item.get("published") or "",
        "document_number": item.get("document_number") or "",
        "url": item.get("url") or "",
        "checked_on": date.fromisoformat(checked) if checked else None,
        "note": item.get("note") or "",
    }
    return upsert(SourceDocument, {"slug": item["slug"]}, values)[1]


def _organization(item: dict[str, Any]) -> LoadReport:
    population = item.get("population") or {}
    values = {
        "kind": OrganizationKind(item["kind"]),
        "name": item["name"],
        "kana": item.get("kana") or "",
        "municipal_type": item.get("municipal_type") or "",
        "area": item.get("area") or "",
        "subarea": item.get("subarea") or "",
        "corporate_number": item.get("corporate_number"),
        "website": item.get("website") or "",
        "population": population.get("value"),
        "population_as_of": date.fromisoformat(population["as_of"]) if population.get("as_of") else None,
        "area_km2": Decimal(item["area_km2"]) if item.get("area_km2") else None,
        "citations": item.get("citations") or [],
    }
    organization = Organization(code=item["code"], **values)
    organization.clean_fields()
    return upsert(Organization, {"code": item["code"]}, values)[1]


def _designation(organization: Organization, item: dict[str, Any]) -> LoadReport:
    key = {
        "organization": organization,
        "kind": item["kind"],
        "label": item["label"],
        "value": item.get("value") or "",
    }
    values = {
        "state": item["state"],
        "extent": item.get("extent") or "",
        "detail": item.get("detail") or "",
        "since": item.get("since") or "",
        "until": item.get("until") or "",
        "as_of": item.get("as_of") or "",
        "evidence": item.get("evidence") or "",
        "citations": [{"source": source, "lines": [], "note": ""} for source in item.get("sources", [])],
    }
    return upsert(Designation, key, values)[1]
