// A citizen of the demonstration without a browser: applies for what is granted at once, and keeps the certificate.
import assert from "node:assert/strict";

const ITEM = "ex-unemployment-registration";
const ANSWERS = {
  working_now: "no", able: "yes", seeking: "yes", mobile: "13800138000", address: "示例路 1 号",
  worked_before: "no", education: "college", wish: "示例工作", training: "no", statement: "yes",
};
const PDF = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";

export class Citizen {
  cookies = new Map();
  token = "";

  constructor(site) { this.site = site; }

  async send(path, body) {
    const cookie = [...this.cookies].map((pair) => pair.join("=")).join("; ");
    const answer = await fetch(new URL(path, this.site), {
      method: body ? "POST" : "GET", body, redirect: "manual", headers: { cookie, origin: this.site },
    });
    for (const set of answer.headers.getSetCookie()) {
      const [name, ...value] = set.split(";")[0].split("=");
      this.cookies.set(name, value.join("="));
    }
    const html = await answer.text();
    this.token = /name="csrf" value="([^"]+)"/.exec(html)?.[1] ?? this.token;
    return { status: answer.status, place: answer.headers.get("location"), html };
  }

  async get(path) {
    const page = await this.send(path);
    assert.equal(page.status, 200, `GET ${path}: ${page.status} ${page.place}`);
    return page.html;
  }

  post(path, fields) {
    return this.send(path, new URLSearchParams({ csrf: this.token, ...fields }));
  }

  async signIn(index) {
    const html = await this.get("/signin?back=/me");
    const people = [...html.matchAll(/name="person" value="([^"]+)"/g)].map((found) => found[1]);
    const { status } = await this.post("/signin", { person: people[index], back: "/me" });
    assert.equal(status, 303, "signed in");
    return people.length;
  }

  async apply() {
    let { place } = await this.send(`/items/${ITEM}/apply`);
    for (let step = 0; step < 8; step++) {
      const html = await this.get(place);
      let answer;
      if (place.endsWith("/materials")) {
        const form = new FormData();
        form.set("csrf", this.token);
        form.set("do", "continue");
        form.set("file-m1", new Blob([PDF], { type: "application/pdf" }), "示例.pdf");
        for (const [, id] of html.matchAll(/name="excuse-([^"]+)"/g)) if (id !== "m1") form.set(`excuse-${id}`, "没有");
        answer = await this.send(place, form);
      } else {
        const sent = place.endsWith("/check") ? { once: /name="once" value="([^"]+)"/.exec(html)?.[1] ?? "" } : ANSWERS;
        answer = await this.post(place, sent);
      }
      assert.equal(answer.status, 303, `${place}: ${/class="error[^]{0,200}/.exec(answer.html)?.[0]}`);
      if (place.endsWith("/check")) return;
      place = answer.place;
    }
    assert.fail(`the application never came to its end: ${place}`);
  }

  /** The page of the first certificate that arrives; nothing when an officer looks at the case first. */
  async certificate() {
    for (let tries = 0; tries < 20; tries++) {
      const found = /href="(\/me\/certificates\/[0-9a-f-]{36})"/.exec(await this.get("/me/certificates"));
      if (found) return found[1];
      await new Promise((done) => setTimeout(done, 250));
    }
    return null;
  }
}

/** Somebody with a certificate; of twenty cases one goes to an officer, so that several people try. */
export async function holder(site) {
  for (let index = 0, people = 1; index < people; index++) {
    const citizen = new Citizen(site);
    people = await citizen.signIn(index);
    try {
      await citizen.apply();
    } catch (error) {
      console.log(`     citizen ${index + 1} is not granted: ${error.message}`);
      continue;
    }
    const page = await citizen.certificate();
    if (page) return { citizen, page };
  }
  return assert.fail("nobody was granted a certificate");
}
