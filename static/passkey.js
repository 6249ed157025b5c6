// Passkeys: the one thing here that needs script, because browsers offer it to script alone.
(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const known = (form) => form.dataset.known.split(" ").filter(Boolean)
    .map((id) => ({ type: "public-key", id: bytes(id) }));

  const create = (form, challenge) => navigator.credentials.create({ publicKey: {
    challenge, rp: { id: location.hostname, name: form.dataset.site },
    user: { id: bytes(form.dataset.user), name: form.dataset.name, displayName: form.dataset.name },
    pubKeyCredParams: [{ type: "public-key", alg: -7 }, { type: "public-key", alg: -8 }],
    attestation: "none", excludeCredentials: known(form), timeout: 120000,
    authenticatorSelection: { userVerification: "required", residentKey: "preferred" },
  } });
  const get = (form, challenge) => navigator.credentials.get({ publicKey: {
    challenge, rpId: location.hostname, allowCredentials: known(form), userVerification: "required", timeout: 120000,
  } });

  document.querySelectorAll("form[data-passkey]").forEach((form) => {
    // Browsers keep passkeys for names only, not for addresses in numbers.
    if (!window.PublicKeyCredential || /^[\d.]+$|:/.test(location.hostname)) return;
    const making = form.dataset.passkey === "create";
    const button = form.querySelector("button"), failed = form.querySelector(".error");
    const wrong = form.querySelector("[data-wrong]"), code = form.elements.code;
    form.querySelector("[data-without]").hidden = true;
    button.hidden = false;
    button.addEventListener("click", async (event) => {
      event.preventDefault();
      if (!form.reportValidity()) return;
      failed.hidden = true;
      if (wrong) wrong.hidden = true;
      button.setAttribute("aria-disabled", "true");
      try {
        const body = new URLSearchParams({ csrf: form.elements.csrf.value });
        if (code) body.set("code", code.value);
        const answer = await fetch(form.dataset.challenge, { method: "POST", body });
        if (answer.status === 422 && wrong) {
          wrong.hidden = false;
          button.removeAttribute("aria-disabled");
          code.focus();
          return;
        }
        if (!answer.ok) throw new Error(answer.statusText);
        const challenge = bytes((await answer.text()).trim());
        const made = await (making ? create : get)(form, challenge);
        const set = (name, value) => { if (form.elements[name]) form.elements[name].value = text(value); };
        set("client", made.response.clientDataJSON);
        set("data", making ? made.response.attestationObject : made.response.authenticatorData);
        if (!making) { set("id", made.rawId); set("signature", made.response.signature); }
        form.submit();
      } catch {
        failed.hidden = false;
        button.removeAttribute("aria-disabled");
      }
    });
  });
})();
