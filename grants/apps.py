"""Application configuration."""

from django.apps import AppConfig


class GrantsConfig(AppConfig):
    """Registers the permissions, the invariants, the tasks of applications and the keeper of forms."""

    name = "grants"
    verbose_name = "申請と審査"

    def ready(self) -> None:
        """Importing the modules registers what they declare."""
        from core.deadlines import collector, planner
        from grants import permissions  # noqa: F401 - importing registers the rules
        from grants.actions.call_forms import KEEPER
        from grants.queries import invariants  # noqa: F401 - importing registers the checks
        from grants.queries.desk import desk_tasks, planned_deadlines
        from grants.queries.inquiries import planned_questions, question_tasks
        from grants.queries.office_tasks import office_tasks, planned_office_tasks
        from grants.queries.reports import planned_reports, report_tasks
        from grants.queries.routing import planned_routings, routing_tasks
        from grants.queries.supports import planned_support_deadlines, support_tasks
        from programs.queries.call_forms import keep_forms

        keep_forms(KEEPER)
        collector("grants")(desk_tasks)
        planner("grants")(planned_deadlines)
        collector("grants.questions")(question_tasks)
        planner("grants.questions")(planned_questions)
        collector("grants.office")(office_tasks)
        planner("grants.office")(planned_office_tasks)
        collector("grants.routing")(routing_tasks)
        planner("grants.routing")(planned_routings)
        collector("grants.reports")(report_tasks)
        planner("grants.reports")(planned_reports)
        collector("grants.supports")(support_tasks)
        planner("grants.supports")(planned_support_deadlines)
