"""The registry: every page of the portal in every state worth looking at.

A new page adds its screens here (or in a `screens_<area>.py` that this module gathers); tests fail for a page
route without a screen, and for a template that no screen shows.
"""

from tests.journeys.screens_account import ACCOUNT
from tests.journeys.screens_applications import APPLICATIONS
from tests.journeys.screens_calculate import CALCULATE
from tests.journeys.screens_catalogue import CATALOGUE
from tests.journeys.screens_dates import DATES
from tests.journeys.screens_desk import DESK
from tests.journeys.screens_open_data import OPEN_DATA
from tests.journeys.screens_pages import PAGES
from tests.journeys.screens_plans import PLANS
from tests.journeys.screens_publishing import PUBLISHING
from tests.journeys.screens_questions import QUESTIONS
from tests.journeys.screens_review import REVIEW
from tests.journeys.screens_rounds import ROUNDS
from tests.journeys.screens_routing import ROUTING
from tests.journeys.screens_supports import SUPPORTS
from tests.journeys.screens_tokens import TOKENS
from tests.journeys.screens_transfer import TRANSFER

SCREENS = [
    *PAGES,
    *CATALOGUE,
    *CALCULATE,
    *PLANS,
    *ROUNDS,
    *SUPPORTS,
    *ACCOUNT,
    *DESK,
    *DATES,
    *APPLICATIONS,
    *ROUTING,
    *QUESTIONS,
    *REVIEW,
    *TOKENS,
    *TRANSFER,
    *OPEN_DATA,
    *PUBLISHING,
]
