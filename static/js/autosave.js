// Saves the fields of one form while somebody types, and keeps what is not saved on this machine.
// The form says under which key (data-autosave), how (data-autosave-mode: "save", or "keep" where a save could end a
// consent), where (data-autosave-url; this page's own address if it says nothing) and what still lies ahead once all is
// saved (data-autosave-then). Each field travels with the version its page showed, one request at a time: the server
// refuses an older one, and what two people typed is shown side by side.
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
  const first = (name) => (field(name) instanceof RadioNodeList ? field(name)[0] : field(name));
  const value = (name) => (first(name).type === "checkbox" ? (first(name).checked ? "1" : "") : field(name).value);
  const put = (name, text) => {
    if (first(name).type === "checkbox") {
      first(name).checked = Boolean(text);
    } else {
      field(name).value = text;
    }
  };
  const names = [...new Set([...form.elements].map((box) => box.name))].filter((name) => name && field(name, "version"));
  const saved = new Map(names.map((name) => [name, value(name)]));
  const sent = new Map(names.map((name) => [name, new Set()]));
  const clashing = new Set();
  const refused = (form.dataset.autosaveUnsaved || "").split(" ").filter(Boolean);
  let held = form.dataset.autosaveMode !== "save";
  let busy = false;
  let waiting = null;
  let failures = 0;
  let timer = 0;
  let leaving = false;
  let stored = true;

  const dirty = () => names.filter((name) => value(name) !== saved.get(name));
  const heading = (name) => {
    const group = field(name) instanceof RadioNodeList && first(name).closest("fieldset");
    const found = group ? group.querySelector("legend") : form.querySelector(`label[for="${CSS.escape(first(name).id)}"]`);
    return found ? (found.firstChild.textContent.trim() || found.textContent.trim()) : "";
  };
  // What a value is called on the page: a text is itself, a choice has its words.
  const words = (name, text) => {
    if (first(name).type === "checkbox") {
      return text ? "印を付ける" : "印を付けない";
    }
    if (field(name) instanceof RadioNodeList) {
      const chosen = [...field(name)].find((box) => box.value === text);
      return chosen ? chosen.closest("label").textContent.trim() : text;
    }
    return text || "（空）";
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
    for (const name of dirty()) {
      texts[name] = { text: value(name), version: Number(field(name, "version").value) };
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
      put(name, text);
      field(name, "version").value = String(version);
      first(name).focus();
      close();
      later();
    };
    const shown = ["この端末に、まだ保存していない内容が残っています。", words(name, text)];
    panel(id, `保存していない内容：${heading(name)}`, shown, [button("欄に戻す", back), button("捨てる", close)]);
  };

  const restore = () => {
    const found = read();
    if (!found || !found.texts) {
      return;
    }
    for (const [name, entry] of Object.entries(found.texts)) {
      if (!names.includes(name) || value(name) === entry.text) {
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
    return fetch(form.dataset.autosaveUrl || location.pathname, {
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
      put(name, text);
      clashing.delete(name);
      document.getElementById(id)?.remove();
      keep();
      first(name).focus();
      later(0);
    };
    const shown = [
      `${who ? `${who}さんが保存した内容` : "いま保存されている内容"}：`,
      words(name, theirs),
      "あなたが打った内容は、下の欄に残っています。",
    ];
    panel(id, `2人が同時に直しました：${entry.label}`, shown, [
      button("自分の内容を保存する", () => settle(value(name))),
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
      say(`${answer.at} に自動で保存しました。${form.dataset.autosaveThen || ""}`);
    }
  };

  const exchange = async () => {
    const changed = dirty().filter((name) => !clashing.has(name));
    const data = new FormData(form);
    for (const name of names.filter((known) => !changed.includes(known))) {
      data.delete(name);
      data.delete(`${name}-shown`);
    }
    const texts = new Map(changed.map((name) => [name, value(name)]));
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
    if (again || (!stopped && dirty().some((name) => !clashing.has(name)))) {
      later(again ? 0 : PAUSE);
    }
    return undefined;
  };

  const send = async () => {
    clearTimeout(timer);
    if (held || busy || leaving || !dirty().some((name) => !clashing.has(name))) {
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
    if (names.includes(event.target.name)) {
      keep();
      if (held) {
        say("まだ保存していません。保存のボタンを押してください。");
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
