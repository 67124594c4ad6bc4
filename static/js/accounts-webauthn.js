// Security keys and Windows Hello: asks the browser for a credential and posts it with the form.
// A button names what to do (data-webauthn="create" or "get"), the options' JSON block (data-source) and the
// hidden field the answer goes into (data-target).
(() => {
  "use strict";

  const toBytes = (text) => {
    const padded = text.replace(/-/g, "+").replace(/_/g, "/");
    return Uint8Array.from(atob(padded), (char) => char.charCodeAt(0));
  };

  const toText = (buffer) => {
    const binary = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
    return btoa(binary).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
  };

  const withBytes = (list) => (list || []).map((item) => ({ ...item, id: toBytes(item.id) }));

  const create = async (options) => {
    const publicKey = {
      ...options,
      challenge: toBytes(options.challenge),
      user: { ...options.user, id: toBytes(options.user.id) },
      excludeCredentials: withBytes(options.excludeCredentials),
    };
    const made = await navigator.credentials.create({ publicKey });
    return {
      ...common(made),
      response: {
        clientDataJSON: toText(made.response.clientDataJSON),
        attestationObject: toText(made.response.attestationObject),
        transports: made.response.getTransports ? made.response.getTransports() : [],
      },
    };
  };

  const get = async (options) => {
    const publicKey = {
      ...options,
      challenge: toBytes(options.challenge),
      allowCredentials: withBytes(options.allowCredentials),
    };
    const found = await navigator.credentials.get({ publicKey });
    const handle = found.response.userHandle;
    return {
      ...common(found),
      response: {
        clientDataJSON: toText(found.response.clientDataJSON),
        authenticatorData: toText(found.response.authenticatorData),
        signature: toText(found.response.signature),
        userHandle: handle ? toText(handle) : null,
      },
    };
  };

  const common = (credential) => ({
    type: credential.type,
    id: credential.id,
    rawId: toText(credential.rawId),
    authenticatorAttachment: credential.authenticatorAttachment || null,
    clientExtensionResults: credential.getClientExtensionResults(),
  });

  const wire = (button) => {
    const form = button.closest("form");
    const complaint = form.querySelector("[data-webauthn-error]");
    const data = JSON.parse(document.getElementById(button.dataset.source).textContent);
    const making = button.dataset.webauthn === "create";
    const options = (making ? data.creation_options : data.request_options).publicKey;
    button.addEventListener("click", async () => {
      complaint.hidden = true;
      button.disabled = true;
      try {
        const credential = await (making ? create(options) : get(options));
        document.getElementById(button.dataset.target).value = JSON.stringify(credential);
        form.submit();
      } catch {
        complaint.hidden = false;
        button.disabled = false;
      }
    });
  };

  document.querySelectorAll("[data-webauthn]").forEach(wire);
})();
