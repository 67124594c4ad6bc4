// Saves the answers of one topic while somebody types, and keeps what is not saved on this machine.
// The form says under which key (data-autosave) and how (data-autosave-mode: "save", or "keep" where a save could
// end a consent). Each answer travels with the version its page showed, one request at a time: the server refuses
// an older one, and what two people typed is shown side by side.
(() => {
  "use strict";

  const form = document.querySelector("form[data-autosave]");
  if (!form) {
    return;
  }
  const key = form.dataset.autosave;
  const state = form.querySelector("[data-autosave-state]");
  const notes = form.querySelector("[data-autosave-notes]");
  const PAUSE = 4000;
  const PATIENCE = 15000;
  const RETRIES = [5000, 15000, 30000, 60000];

  const field = (name, part) => form.elements.namedItem(part ? `${name}-${part}` : name);
  const boxes = [...form.elements].filter((box) => box.name && field(box.name, "version"));
  const saved = new Map(boxes.map((box) => [box.name, box.value]));
  const sent = new Map(boxes.map((box) => [box.name, new Set()]));
  const clashing = new Set();
  const refused = (form.dataset.autosaveUnsaved || "").split(" ").filter(Boolean);
  let held = form.dataset.autosaveMode !== "save";
  let busy = false;
  let waiting = null;
  let failures = 0;
  let timer = 0;
  let leaving = false;
  let stored = true;

  const dirty = () => boxes.filter((box) => box.value !== saved.get(box.name));
  const label = (name) => {
    const found = form.querySelector(`label[for="${CSS.escape(field(name).id)}"]`);
    return found ? found.firstChild.textContent.trim() : name;
  };

  // --- What the page says ---------------------------------------------------------------------------------

  const make = (tag, text, className) => {
    const node = document.createElement(tag);
    node.textContent = text;
    if (className) {
      node.className = className;
    }
    return node;
  };

  const say = (text, link) => {
    state.replaceChildren(make("span", text));
    if (link) {
      const anchor = make("a", link.text);
      anchor.href = link.href;
      anchor.target = "_blank";
      anchor.rel = "noopener";
      state.append(" ", anchor);
    }
  };

  const button = (text, act) => {
    const made = make("button", text, "btn btn--second btn--small");
    made.type = "button";
    made.addEventListener("click", act);
    return made;
  };

  const panel = (id, title, paragraphs, buttons) => {
    document.getElementById(id)?.remove();
    const box = make("section", "", "panel panel--grey");
    box.id = id;
    const head = make("h2", title);
    head.id = `${id}-title`;
    box.setAttribute("aria-labelledby", head.id);
    const row = make("p", "", "row mt");
    row.append(...buttons);
    box.append(head, ...paragraphs.map((text) => make("p", text, "prose")), row);
    notes.append(box);
    return box;
  };

  const kept = () => (stored ? "打った内容は、この端末に残しています。" : "打った内容を、この端末に残せませんでした。");

  // --- What this machine keeps ----------------------------------------------------------------------------

  const keep = (going = false) => {
    const texts = {};
    for (const box of dirty()) {
      texts[box.name] = { text: box.value, version: Number(field(box.name, "version").value) };
    }
    try {
      if (Object.keys(texts).length) {
        localStorage.setItem(key, JSON.stringify({ texts, going }));
      } else {
        localStorage.removeItem(key);
      }
      stored = true;
    } catch {
      stored = false;
    }
  };

  const read = () => {
    try {
      return JSON.parse(localStorage.getItem(key) || "null");
    } catch {
      return null;
    }
  };

  const offer = (name, text, version) => {
    const id = `kept-${name}`;
    const close = () => {
      document.getElementById(id)?.remove();
      keep();
    };
    const back = () => {
      field(name).value = text;
      field(name, "version").value = String(version);
      field(name).focus();
      close();
      later();
    };
    const shown = ["この端末に、まだ保存していない内容が残っています。", text || "（空）"];
    panel(id, `保存していない内容：${label(name)}`, shown, [button("欄に戻す", back), button("捨てる", close)]);
  };

  const restore = () => {
    const found = read();
    if (!found || !found.texts) {
      return;
    }
    for (const [name, entry] of Object.entries(found.texts)) {
      const box = field(name);
      if (!box || box.value === entry.text) {
        continue;
      }
      const arrived = found.going && Number(field(name, "version").value) > entry.version;
      if (!arrived) {
        offer(name, entry.text, entry.version);
      }
    }
    if (!notes.children.length) {
      keep();
    }
  };

  // --- Sending --------------------------------------------------------------------------------------------

  const later = (delay = PAUSE) => {
    clearTimeout(timer);
    if (!held) {
      timer = setTimeout(send, delay);
    }
  };

  const retry = (text, link) => {
    keep();
    say(`${text}${kept()}`, link);
    later(RETRIES[Math.min(failures, RETRIES.length - 1)]);
    failures += 1;
  };

  const signIn = () => ({
    text: "別の画面でサインインする",
    href: `/account/login/?next=${encodeURIComponent(location.pathname)}`,
  });

  const post = (data) => {
    const stop = new AbortController();
    const watch = setTimeout(() => stop.abort(), PATIENCE);
    return fetch(location.pathname, {
      method: "POST",
      body: data,
      headers: { Accept: "application/json" },
      redirect: "manual",
      signal: stop.signal,
    }).finally(() => clearTimeout(watch));
  };

  // After signing in again the page's token is an old one: the same page, asked for anew, brings the new one.
  const renewToken = async () => {
    const answer = await fetch(location.pathname, { redirect: "manual" });
    if (!answer.ok) {
      return false;
    }
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const token = fresh.querySelector("form[data-autosave] [name=csrfmiddlewaretoken]");
    if (token && token.value) {
      field("csrfmiddlewaretoken").value = token.value;
    }
    return Boolean(token);
  };

  const clash = (entry) => {
    const { code: name, theirs, who } = entry;
    const id = `clash-of-${name}`;
    clashing.add(name);
    const settle = (text) => {
      field(name, "version").value = String(entry.version);
      field(name, "shown").value = entry.shown;
      saved.set(name, theirs);
      field(name).value = text;
      clashing.delete(name);
      document.getElementById(id)?.remove();
      keep();
      field(name).focus();
      later(0);
    };
    const shown = [
      `${who ? `${who}さんが保存した内容` : "いま保存されている内容"}：`,
      theirs || "（空）",
      "あなたが打った内容は、下の欄に残っています。",
    ];
    panel(id, `2人が同時に直しました：${entry.label}`, shown, [
      button("自分の内容を保存する", () => settle(field(name).value)),
      button("保存されている内容にする", () => settle(theirs)),
    ]);
  };

  const digest = (answer, texts) => {
    for (const [name, mark] of Object.entries(answer.saved)) {
      field(name, "version").value = String(mark.version);
      field(name, "shown").value = mark.shown;
      saved.set(name, texts.get(name));
    }
    let again = false;
    for (const entry of answer.clashes) {
      if (sent.get(entry.code).has(entry.theirs)) {
        // An earlier request of this very page whose answer was lost: nobody else is in the way.
        field(entry.code, "version").value = String(entry.version);
        field(entry.code, "shown").value = entry.shown;
        again = true;
      } else {
        clash(entry);
      }
    }
    return again;
  };

  const told = (answer) => {
    if (answer.held) {
      held = true;
      say(`${answer.held}${kept()}`);
    } else if (answer.clashes.length && clashing.size) {
      say(`2人が同時に直した欄があります。選ぶまで保存しません。${kept()}`);
    } else if (Object.keys(answer.faults).length) {
      say(`${Object.values(answer.faults).join(" ")}${kept()}`);
    } else if (!dirty().length) {
      say(`${answer.at} に自動で保存しました。まだ提出していません。`);
    }
  };

  const exchange = async () => {
    const changed = dirty().filter((box) => !clashing.has(box.name));
    const data = new FormData(form);
    const names = new Set(changed.map((box) => box.name));
    boxes.filter((box) => !names.has(box.name)).forEach((box) => data.delete(box.name));
    const texts = new Map(changed.map((box) => [box.name, box.value]));
    texts.forEach((text, name) => sent.get(name).add(text));
    const answer = await post(data);
    if (answer.type === "opaqueredirect") {
      return retry("サインインの時間が切れました。保存できていません。", signIn());
    }
    if (answer.status === 403) {
      const renewed = await renewToken();
      return renewed ? later(0) : retry("サインインの時間が切れました。保存できていません。", signIn());
    }
    if (![200, 409, 422].includes(answer.status)) {
      return retry("保存できませんでした。");
    }
    const found = await answer.json();
    failures = 0;
    const again = digest(found, texts);
    keep();
    told(found);
    const stopped = found.held || Object.keys(found.faults).length;
    if (again || (!stopped && dirty().some((box) => !clashing.has(box.name)))) {
      later(again ? 0 : PAUSE);
    }
    return undefined;
  };

  const send = async () => {
    clearTimeout(timer);
    if (held || busy || leaving || !dirty().some((box) => !clashing.has(box.name))) {
      return;
    }
    busy = true;
    try {
      await exchange();
    } catch {
      retry("通信できません。保存できていません。");
    } finally {
      busy = false;
      if (waiting) {
        form.requestSubmit(waiting === form ? undefined : waiting);
      }
    }
  };

  // --- What the person does ---------------------------------------------------------------------------------

  form.addEventListener("input", (event) => {
    if (boxes.includes(event.target)) {
      keep();
      if (held) {
        say("まだ保存していません。「保存する」を押してください。");
      } else if (!failures) {
        later();
      }
    }
  });
  form.addEventListener("change", () => later(0));
  form.addEventListener("submit", (event) => {
    if (busy) {
      event.preventDefault();
      waiting = event.submitter || form;
      return;
    }
    clearTimeout(timer);
    leaving = true;
    keep(true);
  });
  window.addEventListener("online", () => later(0));
  window.addEventListener("pageshow", () => {
    leaving = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && dirty().length && (failures || !stored)) {
      event.preventDefault();
    }
  });

  if (refused.length) {
    // This page came back with text that is not saved: it waits for the person's own decision, the button.
    refused.forEach((name) => saved.set(name, null));
    refused.forEach((name) => clashing.add(name));
    keep();
  } else {
    restore();
  }
})();
