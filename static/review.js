// The review desk by single keys: verdicts, blinking, zoom at the pointer, boxes of what was missed. The page works without it.
(() => {
  const desk = document.querySelector("[data-review]");
  if (!desk) return;
  const stage = desk.querySelector(".stage");
  const svg = stage && stage.querySelector("svg");

  // The picture has the screen to itself; what else there is stands above.
  if (matchMedia("(min-width: 60rem)").matches && !document.querySelector("[role=alert]")) desk.scrollIntoView();

  // A key that was meant for the unit before this one judges nothing: keys are heard once the picture is there.
  let armed = false;
  const arm = () => setTimeout(() => { armed = true; desk.dataset.armed = "1"; }, 200);
  const shown = svg && svg.querySelector("image");
  if (shown) {
    const probe = new Image();
    probe.src = shown.getAttribute("href");
    probe.decode().then(arm, arm);
  } else arm();

  // Zoom changes the part of the picture that is shown.
  const whole = svg ? svg.getAttribute("viewBox").split(" ").map(Number) : [0, 0, 1, 1];
  const letters = svg && svg.querySelector(".boxes");
  const size = letters ? Number(letters.getAttribute("font-size")) : 1;
  const box = document.getElementById("zoom");
  let [left, top, width, height] = whole;
  let pointer = null;
  const draw = () => {
    left = Math.max(0, Math.min(left, whole[2] - width));
    top = Math.max(0, Math.min(top, whole[3] - height));
    svg.setAttribute("viewBox", `${left} ${top} ${width} ${height}`);
    letters.setAttribute("font-size", size * width / whole[2]);
    if (box) box.checked = width < whole[2];
  };
  // Where on the picture a point of the screen is.
  const spot = (x, y) => {
    const at = new DOMPoint(x, y).matrixTransform(svg.getScreenCTM().inverse());
    return [at.x, at.y];
  };
  const zoom = (by, at) => {
    if (!svg) return;
    const [x, y] = at || pointer || [left + width / 2, top + height / 2];
    const wide = Math.max(whole[2] / 32, Math.min(whole[2], width / by));
    const share = wide / width;
    left = x - (x - left) * share;
    top = y - (y - top) * share;
    width = wide;
    height = whole[3] * wide / whole[2];
    draw();
  };
  const toggleZoom = () => zoom(width < whole[2] ? 1e-6 : 4);
  if (svg) {
    stage.classList.add("live");
    stage.addEventListener("pointerleave", () => { pointer = null; });
    stage.addEventListener("wheel", (event) => {
      event.preventDefault();
      zoom(event.deltaY < 0 ? 1.25 : 0.8, spot(event.clientX, event.clientY));
    }, { passive: false });
    box.addEventListener("change", () => zoom(box.checked ? 4 : 1e-6));
    stage.addEventListener("dblclick", (event) => { event.preventDefault(); toggleZoom(); });
    drags();
  }

  // Dragging moves the picture, or draws a box around what was missed.
  function drags() {
    const mode = document.getElementById("draw");
    const kinds = document.getElementById("draw-class");
    const line = document.querySelector("[data-draws]");
    const list = document.querySelector("[data-drawn]");
    if (line) line.hidden = false;
    const drawing = () => Boolean(mode && mode.checked);
    if (mode) mode.addEventListener("change", () => stage.classList.toggle("draws", drawing()));
    let from = null;
    let fresh = null;
    stage.addEventListener("pointerdown", (event) => {
      from = spot(event.clientX, event.clientY);
      if (drawing()) fresh = letters.appendChild(rect());
      stage.setPointerCapture(event.pointerId);
    });
    stage.addEventListener("pointermove", (event) => {
      pointer = spot(event.clientX, event.clientY);
      if (!from) return;
      if (fresh) return place(fresh, from, pointer);
      left += from[0] - pointer[0];
      top += from[1] - pointer[1];
      draw();
    });
    const end = (event) => {
      if (fresh) keep(fresh, place(fresh, from, spot(event.clientX, event.clientY)));
      from = fresh = null;
    };
    stage.addEventListener("pointerup", end);
    stage.addEventListener("pointercancel", () => { if (fresh) fresh.remove(); from = fresh = null; });

    function rect() {
      const made = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      made.setAttribute("class", "mine");
      return made;
    }
    function place(made, [x1, y1], [x2, y2]) {
      const within = (value, most) => Math.round(Math.max(0, Math.min(value, most)));
      const x = within(Math.min(x1, x2), whole[2]), y = within(Math.min(y1, y2), whole[3]);
      const w = within(Math.max(x1, x2), whole[2]) - x, h = within(Math.max(y1, y2), whole[3]) - y;
      Object.entries({ x, y, width: w, height: h }).forEach(([name, value]) => made.setAttribute(name, value));
      return [x, y, w, h];
    }
    function keep(made, [x, y, w, h]) {
      if (w < 2 || h < 2 || list.children.length >= 16) return made.remove();
      const row = document.createElement("li");
      const sent = document.createElement("input");
      Object.assign(sent, { type: "hidden", name: "box", value: `${kinds.value} ${x} ${y} ${w} ${h}` });
      const drop = document.createElement("button");
      Object.assign(drop, { type: "button", className: "link", textContent: list.dataset.drop });
      drop.addEventListener("click", () => { made.remove(); row.remove(); });
      row.append(kinds.selectedOptions[0].textContent, sent, drop);
      list.append(row);
      mode.checked = false;
      stage.classList.remove("draws");
    }
  }

  const press = (key) => {
    const button = document.querySelector(`[data-key="${key}"]`);
    if (button) button.click();
    return Boolean(button);
  };
  const toggle = (key) => {
    const field = document.querySelector(`[data-toggle="${key}"]`);
    if (field) field.click();
    return Boolean(field);
  };
  const see = (mode) => {
    const field = document.getElementById(`see-${mode}`);
    if (!field) return false;
    (field.checked ? document.getElementById("see-test") : field).checked = true;
    return true;
  };
  const looks = {
    " ": () => toggle(" "), b: () => toggle("b"), a: () => toggle("a"), t: () => see("template"), o: () => see("difference"),
    z: () => { toggleZoom(); return true; }, "+": () => { zoom(1.5); return true; }, "=": () => { zoom(1.5); return true; },
    "-": () => { zoom(1 / 1.5); return true; },
    w: () => { const why = document.getElementById("why"); if (why) why.focus(); return Boolean(why); },
  };
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const on = event.target;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    // Whoever chooses or has a button before them presses keys for that.
    const typing = on.matches("select, textarea, input:not([type=radio], [type=checkbox])");
    const pressing = (key === "Enter" || key === " ") && on.matches("a, button, summary, select, input");
    if (typing || pressing) return;
    if (looks[key]) {
      if (looks[key]()) event.preventDefault();
      return;
    }
    const verdict = key === "Enter" ? "0" : key;
    if (!/^[0-9dus]$/.test(verdict)) return;
    event.preventDefault();
    if (!event.repeat && (armed || verdict === "u")) press(verdict);
  });
})();
