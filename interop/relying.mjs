// People sign in here through oidc-provider, a certified OpenID provider.
//   node relying.mjs PROGRAM      PROGRAM is the built `shengshi`
// Three clients, one for each algorithm of ID tokens. The provider begins only after our server: being away at its start
// must not matter.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import * as crypto from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import Provider from "oidc-provider";

// It says at length that these settings are for tests, which they are.
console.info = console.warn = () => {};

const algorithms = ["RS256", "ES256", "EdDSA"];
const secret = crypto.randomBytes(24).toString("base64url");
// A number of nobody: no area begins with 99.
const person = { name: "示例·陈晓明", id_number: "990000199005160010" };
const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const sum = weights.reduce((all, weight, at) => all + weight * Number(person.id_number[at]), 0);
person.id_number = person.id_number.slice(0, 17) + "10X98765432"[sum % 11];

function identityFile(issuer, folder) {
  writeFileSync(join(folder, "secret"), secret, { mode: 0o600 });
  const provider = (alg) => `
  - kind: oidc
    id: ${alg.toLowerCase()}
    name: {zh: 示例省统一身份认证 ${alg}, en: Example province ${alg}}
    issuer: ${issuer}
    client_id: client-${alg}
    client_secret_file: secret
    claims: {name: name, number: id_number}
    level: 3`;
  const file = join(folder, "identity.yaml");
  writeFileSync(file, `providers:${algorithms.map(provider).join("")}\n`);
  return file;
}

/// Our server on a port of its own choice; its address.
async function startOurs(program, folder, identity) {
  const words = ["serve", "--demo", "--listen", "127.0.0.1:0", "--data", join(folder, "data")];
  const child = spawn(program, [...words, "--identity", identity, "--writes-per-minute", "0"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const said = line.match(/^shengshi: (http:\/\/\S+)$/);
    if (said) return { child, ours: said[1] };
  }
  throw new Error("our server ended before it said its address");
}

function theirs(issuer, ours) {
  const key = (name, options) => crypto.generateKeyPairSync(name, options).privateKey.export({ format: "jwk" });
  const keys = [key("rsa", { modulusLength: 2048 }), key("ec", { namedCurve: "P-256" }), key("ed25519")];
  return new Provider(issuer, {
    jwks: { keys: keys.map((jwk) => ({ ...jwk, use: "sig" })) },
    cookies: { keys: [secret] },
    clients: algorithms.map((alg) => ({
      client_id: `client-${alg}`,
      client_secret: secret,
      redirect_uris: [`${ours}/signin/callback/${alg.toLowerCase()}`],
      id_token_signed_response_alg: alg,
    })),
    enabledJWA: { idTokenSigningAlgValues: algorithms },
    claims: { openid: ["sub"], profile: ["name", "id_number"] },
    findAccount: (_, accountId) => ({ accountId, claims: () => ({ sub: accountId, ...person }) }),
  });
}

/// A browser as small as one can be.
class Browser {
  cookies = new Map();

  async ask(url, form) {
    const { origin } = new URL(url);
    const own = [...(this.cookies.get(origin) ?? new Map())].map(([name, value]) => `${name}=${value}`);
    const body = form && new URLSearchParams(form);
    const response = await fetch(url, {
      method: body ? "POST" : "GET", body, redirect: "manual", headers: { cookie: own.join("; ") },
    });
    const jar = this.cookies.get(origin) ?? new Map();
    for (const line of response.headers.getSetCookie()) {
      const [name, value] = line.split(";")[0].split(/=(.*)/s);
      jar.set(name, value);
      if (/max-age=0|expires=thu, 01 jan 1970/i.test(line)) jar.delete(name);
    }
    this.cookies.set(origin, jar);
    return { status: response.status, place: response.headers.get("location"), text: await response.text(), url };
  }

  /// Follows redirects until a page, or until the place that `until` names is about to be asked.
  async follow(url, form, until) {
    let page = await this.ask(url, form);
    for (let n = 0; n < 10 && page.place; n += 1) {
      const next = new URL(page.place, page.url).href;
      if (until && next.startsWith(until)) return { ...page, next };
      page = await this.ask(next);
    }
    return page;
  }
}

/// Goes to the provider, signs in and agrees there; where the browser is sent back to.
async function thereAndAgree(browser, start, back) {
  const login = await browser.follow(start);
  assert.match(login.text, /name="login"/, `${login.status} ${login.text}`);
  const consent = await browser.follow(login.url, { prompt: "login", login: "u-1", password: "x" });
  assert.match(consent.text, /Authorize|consent/i, `${consent.status} ${consent.text}`);
  const done = await browser.follow(consent.url, { prompt: "consent" }, back);
  assert.ok(done.next, `the provider does not lead back: ${done.status} ${done.text}`);
  return done.next;
}

async function signIn(ours, alg) {
  const browser = new Browser();
  const id = alg.toLowerCase();
  const start = `${ours}/signin/with/${id}?back=%2Fme%2Fprofile`;
  const back = await thereAndAgree(browser, start, `${ours}/signin/callback/${id}`);
  // Somebody else's browser, and this one a second time.
  assert.equal((await new Browser().ask(back)).status, 422, "another browser's answer was taken");
  const kept = new Map(browser.cookies.get(ours));
  const arrived = await browser.ask(back);
  assert.deepEqual([arrived.status, arrived.place], [303, "/me/profile"], arrived.text);
  const page = await browser.ask(`${ours}/me/profile`);
  assert.ok(page.status === 200 && page.text.includes(person.name) && page.text.includes(`统一身份认证 ${alg}`));
  assert.equal((await browser.ask(back)).status, 422, "an answer was taken twice");
  const copy = new Browser();
  copy.cookies.set(ours, kept);
  assert.equal((await copy.ask(back)).status, 422, "a code was taken twice");
  console.log(`     oidc-provider signs people in with ${alg}; a foreign and a repeated answer are refused`);
}

async function saysNo(ours) {
  const browser = new Browser();
  const login = await browser.follow(`${ours}/signin/with/rs256`);
  const page = await browser.follow(`${login.url}/abort`);
  assert.ok(page.status === 422 && page.url.startsWith(`${ours}/signin/callback/`), `${page.status} ${page.text}`);
  console.log("     whoever says no there is told so here");
}

const folder = mkdtempSync(join(tmpdir(), "relying-"));
const server = createServer();
server.listen(0, "127.0.0.1");
await once(server, "listening");
const issuer = `http://127.0.0.1:${server.address().port}`;
const { child, ours } = await startOurs(process.argv[2], folder, identityFile(issuer, folder));
try {
  server.on("request", theirs(issuer, ours).callback());
  for (const alg of algorithms) await signIn(ours, alg);
  await saysNo(ours);
} finally {
  child.kill();
  await once(child, "exit");
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
}
