// Makes things kinder; every page works without it.
(() => {
  const each = (list, act) => document.querySelectorAll(list).forEach(act);

  // A second press of the same button does nothing while the first is on its way.
  each("form", (form) => form.addEventListener("submit", (event) => {
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "1";
    const button = event.submitter;
    if (button) button.setAttribute("aria-disabled", "true");
    setTimeout(() => { delete form.dataset.sent; if (button) button.removeAttribute("aria-disabled"); }, 8000);
  }));
  // Coming back with the back button gives live forms again.
  addEventListener("pageshow", () => each("form", (form) => {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-disabled]").forEach((button) => button.removeAttribute("aria-disabled"));
  }));

  // Drafts save themselves a moment after the last change.
  each("form[data-autosave]", (form) => {
    const line = form.querySelector(".saved");
    let timer = 0;
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(async () => {
        if (form.dataset.sent) return;
        const body = new URLSearchParams(new FormData(form));
        body.set("autosave", "1");
        try {
          const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" });
          if (answer.ok && line) { line.setAttribute("role", "status"); line.textContent = line.dataset.saved; }
        } catch { /* the next step saves */ }
      }, 1200);
    });
  });

  // Questions that depend on another answer are shown when they apply.
  const answers = (name) => [...document.getElementsByName(name)]
    .filter((field) => !/radio|checkbox/.test(field.type) || field.checked).map((field) => field.value);
  const sift = () => each("[data-when]", (field) => {
    const wanted = field.dataset.is.split("|");
    field.hidden = !answers(field.dataset.when).some((value) => wanted.includes(value));
  });
  each("[data-when] .when", (hint) => { hint.hidden = true; });
  addEventListener("change", sift);
  sift();

  // A code renews itself before it runs out, and its clock runs, so that nobody takes a picture for the real thing.
  const run = (shown) => {
    const clock = shown.querySelector("[data-clock]");
    const start = clock.textContent.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
    const made = Date.now();
    const timer = setInterval(async () => {
      const gone = Math.floor((Date.now() - made) / 1000);
      const now = (start + gone) % 86400;
      clock.textContent = [now / 3600, now / 60 % 60, now % 60]
        .map((part) => String(Math.floor(part)).padStart(2, "0")).join(":");
      if (gone < Number(shown.dataset.renew) || document.hidden) return;
      clearInterval(timer);
      let next = null;
      try {
        const answer = await fetch(document.querySelector("[data-renew-link]").href);
        next = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-renew]");
      } catch { /* the link below is there */ }
      // A code that could not be renewed is not left standing.
      if (next) { shown.replaceWith(next); run(next); } else shown.hidden = true;
    }, 1000);
  };
  each("[data-renew]", run);

  each(".errors", (summary) => summary.focus());
  each("[data-print]", (button) => { button.hidden = false; button.addEventListener("click", () => print()); });
  if (matchMedia("(min-width: 60rem)").matches) each("[data-wide-open]", (fold) => { fold.open = true; });
})();
