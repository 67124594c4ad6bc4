"""The rows actions wait for. Order of locks, to rule out deadlocks: slot, application, receipt series, event chain.

What moves a closing locks the call alone, and reads cases without waiting for them.
"""

from accounts.models import Organization
from core.exceptions import Refused
from grants.models import Application, ApplicationSlot, Inquiry, QuestionDesk, ReceiptSeries
from programs.models import Call


def application(application_id: int) -> Application:
    """The case, locked until the transaction ends, with what every action names. Raises Refused if there is none.

    Locking every change of a case on its one row puts submit, consent, edit and decision into one order.
    """
    rows = Application.objects.with_parts().select_for_update(of=("self",)).filter(pk=application_id)
    # Waiting for one that goes over to another form, PostgreSQL holds the changed row against the form read before and
    # finds nothing; asked again, it reads both anew.
    row = rows.first() or rows.first()
    if row is None:
        raise Refused
    return row


def call(call_id: int) -> Call:
    """The call, locked: an extension and the two people of a shortening find each other here."""
    return Call.objects.select_for_update(of=("self",)).select_related("program").get(pk=call_id)


def inquiry(inquiry_id: int) -> Inquiry:
    """A question about a call, locked, with what answering it names. Raises Refused if there is none."""
    rows = Inquiry.objects.select_for_update(of=("self",)).filter(pk=inquiry_id)
    row = rows.select_related("call__program__owner", "body", "department", "asked_by").first()
    if row is None:
        raise Refused
    return row


def desk(call: Call) -> QuestionDesk:
    """Where the public numbers of a call's answers are counted, locked. Behind the question whose answer takes one."""
    QuestionDesk.objects.get_or_create(call=call)
    return QuestionDesk.objects.select_for_update().get(call=call)


def slot(call: Call, lead: Organization | int) -> ApplicationSlot:
    """The place of a lead in a call, locked: two starts at once find each other here."""
    lead_id = lead if isinstance(lead, int) else lead.pk
    ApplicationSlot.objects.get_or_create(call=call, lead_id=lead_id)
    return ApplicationSlot.objects.select_for_update().get(call=call, lead_id=lead_id)


def series(call: Call) -> ReceiptSeries:
    """The receipt numbers of a call, locked; made with the next number of its fiscal year when it is the first."""
    found = ReceiptSeries.objects.select_for_update().filter(call=call).first()
    if found is not None:
        return found
    # Calls of one fiscal year share their numbers: the first receipts of two calls wait for each other here.
    list(
        Call.objects.select_for_update().filter(fiscal_year=call.fiscal_year).order_by("pk").values_list("pk")
    )
    found = ReceiptSeries.objects.select_for_update().filter(call=call).first()
    if found is not None:
        return found
    last = ReceiptSeries.objects.filter(fiscal_year=call.fiscal_year).order_by("-number").first()
    return ReceiptSeries.objects.create(
        call=call, fiscal_year=call.fiscal_year, number=last.number + 1 if last else 1
    )
