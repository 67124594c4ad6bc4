// Saves a progress sheet while somebody types, cell by cell with the versions the page showed.
// Without this script the buttons save; with it they still do. A cell that somebody else changed is left alone and
// said: the button then shows both texts.
(function () {
  "use strict";

  const WAIT = 2500;
  const form = document.querySelector("form[data-autosave]");
  const status = document.querySelector("[data-autosave-status]");
  if (!form || !status) {
    return;
  }
  let timer = 0;
  let running = false;
  let again = false;
  let leaving = false;
  let pressed = null;

  function say(words) {
    if (status.textContent !== words) {
      status.textContent = words;
    }
  }

  function renew(saved) {
    saved.forEach(function (cell) {
      form.elements[cell.name + "-version"].value = cell.version;
      form.elements[cell.name + "-shown"].value = cell.shown;
    });
  }

  function told(answer) {
    renew(answer.saved);
    if (answer.clashes.length) {
      say("別の人が直した欄があります（" + answer.clashes.join("、") + "）。保存のボタンを押すと、両方を見比べられます。");
    } else if (answer.faults.length) {
      say("保存していない欄があります。" + answer.faults.join(" "));
    } else if (answer.saved.length) {
      say(answer.at + " に自動で保存しました。");
    }
  }

  function save() {
    window.clearTimeout(timer);
    if (running) {
      again = true;
      return;
    }
    running = true;
    window
      .fetch(form.dataset.autosave, {
        method: "POST",
        body: new FormData(form),
        credentials: "same-origin",
        headers: { Accept: "application/json" },
        keepalive: document.visibilityState === "hidden",
      })
      .then(function (response) {
        const kind = response.headers.get("Content-Type") || "";
        if (!kind.startsWith("application/json")) {
          throw new Error(String(response.status));
        }
        return response.json();
      })
      .then(told)
      .catch(function () {
        if (!leaving) {
          say("自動で保存できませんでした。入力した内容はこの画面に残っています。保存のボタンを押してください。");
        }
      })
      .finally(function () {
        running = false;
        if (pressed) {
          form.requestSubmit(pressed);
        } else if (again) {
          again = false;
          save();
        }
      });
  }

  form.addEventListener("input", function () {
    window.clearTimeout(timer);
    timer = window.setTimeout(save, WAIT);
  });
  form.addEventListener("submit", function (event) {
    window.clearTimeout(timer);
    if (running) {
      // the versions of what is being saved are not known yet: the button waits for them
      event.preventDefault();
      pressed = event.submitter;
      return;
    }
    leaving = true;
  });
  document.addEventListener("visibilitychange", function () {
    if (document.visibilityState === "hidden" && timer && !leaving) {
      save();
    }
  });
})();
