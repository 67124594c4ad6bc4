"""Linked data: one program as a schema.org GovernmentService, and the DCAT catalogue of the data sets."""

from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings
from django.urls import reverse

from core.context import SITE_NAME
from programs.enums import Audience, Facet
from programs.models import Program
from tama_portal.open_data import program_rows
from tama_portal.open_data.datasets import ATTRIBUTION, DATASETS, LICENCE_URL, DataFile, files_of

MEDIA_TYPE: Final = "application/ld+json"
_CONTEXT: Final = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


_EU: Final = "http://publications.europa.eu/resource/authority"
_JAPANESE: Final = {"@id": f"{_EU}/language/JPN", "@type": "dct:LinguisticSystem"}
_DAILY: Final = {"@id": f"{_EU}/frequency/DAILY", "@type": "dct:Frequency"}
_LICENCE: Final = {"@id": LICENCE_URL, "@type": "dct:LicenseDocument"}
_IANA: Final = "https://www.iana.org/assignments/media-types"


def government_service(program: Program) -> dict[str, Any]:
    """A program everybody sees, by schema.org; what is not known is left out."""
    page = program_rows.page(program)
    channel = {
        "@type": "ServiceChannel",
        "name": program_rows.office(program),
        "servicePhone": {"@type": "ContactPoint", "telephone": program.phone} if program.phone else None,
        "serviceUrl": program.url or None,
    }
    told = {
        "@context": "https://schema.org",
        "@type": "GovernmentService",
        "@id": page,
        "identifier": program.slug,
        "name": program.title,
        "alternateName": [*([program.plain_title] if program.plain_title else []), *program.aliases] or None,
        "description": program.summary or None,
        "serviceType": program.kind_label or str(program.get_kind_display()),
        "serviceOperator": {"@type": "GovernmentOrganization", "name": program.owner.name},
        "areaServed": {"@type": "AdministrativeArea", "name": program.area_text()},
        "audience": [
            {"@type": "Audience", "audienceType": str(Audience(code).label)}
            for code in program.tag_codes(Facet.AUDIENCE)
        ]
        or None,
        "availableChannel": _known(channel),
        "url": page,
        "inLanguage": "ja",
    }
    return _known(told)


def _known(told: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in told.items() if value is not None}


def catalogue(sizes: Mapping[str, int], modified: str) -> dict[str, Any]:
    """The catalogue by DCAT and its profile DCAT-AP 3, which has languages, licences, media types as resources of a class.

    `sizes` are bytes of files by name, as the last dump had them; `modified` its day or "".
    """
    home = address("open-data")
    return {
        "@context": _CONTEXT,
        "@id": f"{home}#catalog",
        "@type": "dcat:Catalog",
        "dct:title": _ja(f"{SITE_NAME} オープンデータ"),
        "dct:description": _ja("多摩・島しょの支援制度、募集、採択事業、計画と成果指標のデータです。"),
        "dct:publisher": {"@type": "foaf:Agent", "foaf:name": "東京都"},
        "dct:language": _JAPANESE,
        "dct:license": _LICENCE,
        "foaf:homepage": {"@id": home, "@type": "foaf:Document"},
        "dcat:dataset": [
            _known(
                {
                    "@id": f"{home}#{dataset.name}",
                    "@type": "dcat:Dataset",
                    "dct:identifier": dataset.name,
                    "dct:title": _ja(dataset.title),
                    "dct:description": _ja(dataset.about),
                    "dct:conformsTo": (
                        {"@type": "dct:Standard", "dct:title": _ja(dataset.standard)}
                        if dataset.standard
                        else None
                    ),
                    "dct:language": _JAPANESE,
                    "dct:license": _LICENCE,
                    "dct:rights": {"@type": "dct:RightsStatement", "rdfs:label": _ja(ATTRIBUTION)},
                    "dct:accrualPeriodicity": _DAILY,
                    "dct:modified": {"@value": modified, "@type": "xsd:date"} if modified else None,
                    "dcat:distribution": [_distribution(file, sizes) for file in files_of(dataset)],
                }
            )
            for dataset in DATASETS
        ],
    }


def _distribution(file: DataFile, sizes: Mapping[str, int]) -> dict[str, Any]:
    where, size = address("open-data-file", file.name), sizes.get(file.name)
    return _known(
        {
            "@id": where,
            "@type": "dcat:Distribution",
            "dct:title": _ja(file.form.label),
            "dcat:accessURL": {"@id": address("open-data")},
            "dcat:downloadURL": {"@id": where},
            "dcat:mediaType": {
                "@id": f"{_IANA}/{file.form.media_type.partition(';')[0]}",
                "@type": "dct:MediaType",
            },
            "dcat:byteSize": None
            if size is None
            else {"@value": str(size), "@type": "xsd:nonNegativeInteger"},
            "dct:license": _LICENCE,
        }
    )


def _ja(words: str) -> dict[str, str]:
    return {"@value": words, "@language": "ja"}


def address(route: str, *arguments: str) -> str:
    """A whole address of this portal."""
    return f"{settings.PORTAL_ORIGIN.rstrip('/')}{reverse(route, args=arguments)}"
