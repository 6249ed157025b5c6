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

  each(".errors", (summary) => summary.focus());
  each("[data-print]", (button) => { button.hidden = false; button.addEventListener("click", () => print()); });
  if (matchMedia("(min-width: 60rem)").matches) each("[data-wide-open]", (fold) => { fold.open = true; });
})();
