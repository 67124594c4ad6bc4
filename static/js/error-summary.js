// Moves the focus to the summary of errors, and from a line of it into the field.
// Without this script the summary still takes focus by `autofocus` and its lines are plain links.
(function () {
  "use strict";

  function focusSummary(root) {
    const summary = root.querySelector("[data-error-summary]");
    if (summary) {
      summary.focus();
    }
  }

  function focusField(event) {
    const link = event.target.closest("[data-error-summary] a[href^='#']");
    if (!link) {
      return;
    }
    const field = document.getElementById(link.getAttribute("href").slice(1));
    if (!field) {
      return;
    }
    event.preventDefault();
    const group = field.closest(".field") || field;
    group.scrollIntoView({ block: "start" });
    field.focus({ preventScroll: true });
  }

  document.addEventListener("click", focusField);
  document.addEventListener("htmx:afterSwap", function (event) {
    focusSummary(event.target);
  });
  focusSummary(document);
})();
