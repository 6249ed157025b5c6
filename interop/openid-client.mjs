// A partner's application with openid-client, certified by the OpenID Foundation, against a running demonstration.
//   node openid-client.mjs    with ORIGIN, CLIENT_ID, CLIENT_SECRET and PORT (where the application itself listens)
// Discovery, code with PKCE after a scripted sign-in and consent, ID token, userinfo, refresh, reuse, sign-out.
import assert from "node:assert/strict";
import * as http from "node:http";
import * as client from "openid-client";
import { createLocalJWKSet, jwtVerify } from "jose";

const { ORIGIN, CLIENT_ID, CLIENT_SECRET, PORT } = process.env;
const redirect = `http://127.0.0.1:${PORT}/cb`;
const options = { execute: [client.allowInsecureRequests] };

// A browser without a screen: cookies, redirects within the site, forms.
const cookies = new Map();
async function browse(path, fields) {
  const response = await fetch(new URL(path, ORIGIN), {
    method: fields ? "POST" : "GET",
    redirect: "manual",
    headers: { cookie: [...cookies].map((pair) => pair.join("=")).join("; ") },
    body: fields && new URLSearchParams(fields),
  });
  for (const line of response.headers.getSetCookie()) {
    const [name, value] = line.split(";")[0].split(/=(.*)/s);
    cookies.set(name, value);
  }
  return { status: response.status, to: response.headers.get("location"), html: await response.text() };
}
const text = (html) =>
  html.replaceAll("&amp;", "&").replaceAll("&quot;", '"').replaceAll("&#x27;", "'").replaceAll("&#x2f;", "/");
const hidden = (page, name) => text(page.html.match(new RegExp(`name="${name}" value="([^"]*)"`))[1]);
const leads = (page) => text(page.html.match(/http-equiv="refresh" content="0;url=([^"]*)"/)[1]);
const refused = async (promise, code) => {
  const error = await promise.then(() => assert.fail(`${code} was expected`), (error) => error);
  assert.equal(error.error ?? error.code, code, String(error));
  return code;
};

async function signIn() {
  const form = await browse("/signin?back=/me");
  const person = form.html.match(/name="person" value="([^"]*)"/)[1];
  assert.equal((await browse("/signin", { person, back: "/me" })).status, 303);
}

async function authorise(config, more = {}) {
  const verifier = client.randomPKCECodeVerifier();
  const checks = { pkceCodeVerifier: verifier, expectedNonce: client.randomNonce(), expectedState: client.randomState() };
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: redirect,
    scope: "openid profile real_name id_number id_number_masked offline_access",
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    nonce: checks.expectedNonce,
    state: checks.expectedState,
    ...more,
  });
  return { url, checks };
}

async function consent(url, more = {}) {
  const page = await browse(url);
  assert.equal(page.status, 200);
  const fields = { answer: "yes", ...more };
  for (const name of ["csrf", "once", "request", "seen"]) fields[name] = hidden(page, name);
  return new URL(leads(await browse("/oauth/consent", fields)));
}

async function main() {
  const config = await client.discovery(new URL(ORIGIN), CLIENT_ID, undefined, client.ClientSecretBasic(CLIENT_SECRET), options);
  const about = config.serverMetadata();
  console.log(`discovery: ${about.issuer}, ID tokens by ${about.id_token_signing_alg_values_supported}`);

  const first = await authorise(config);
  const toSignIn = await browse(first.url);
  assert.ok(toSignIn.to.startsWith("/signin?back="), "nobody is signed in");
  await signIn();
  const back = await consent(first.url);
  assert.equal(back.searchParams.get("iss"), about.issuer);
  const tokens = await client.authorizationCodeGrant(config, back, first.checks);
  const claims = tokens.claims();
  console.log(`code with PKCE: sub ${claims.sub.slice(0, 6)}…, ${claims.acr}, scope ${tokens.scope}`);
  assert.ok(!tokens.scope.split(" ").includes("id_number"), "what is sensitive was not ticked");

  const jwks = await (await fetch(about.jwks_uri)).json();
  const verified = await jwtVerify(tokens.id_token, createLocalJWKSet(jwks), { issuer: about.issuer, audience: CLIENT_ID });
  console.log(`ID token: signature checked, ${verified.protectedHeader.alg} ${verified.protectedHeader.typ}`);

  const seen = await client.fetchUserInfo(config, tokens.access_token, claims.sub);
  assert.ok(seen.name && seen.verified_claims.claims.name === seen.name && seen.id_number === undefined);
  await refused(client.fetchUserInfo(config, tokens.access_token, "somebody-else"), "OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED");
  console.log(`userinfo: ${Object.keys(seen)}`);

  const renewed = await client.refreshTokenGrant(config, tokens.refresh_token);
  assert.notEqual(renewed.refresh_token, tokens.refresh_token);
  assert.equal(renewed.claims().sub, claims.sub);
  await client.fetchUserInfo(config, renewed.access_token, claims.sub);
  console.log(`reuse of a refresh token: ${await refused(client.refreshTokenGrant(config, tokens.refresh_token), "invalid_grant")}`);
  await assert.rejects(client.fetchUserInfo(config, renewed.access_token, claims.sub), "everything is revoked");

  // Agreed once, nobody is asked again; a code that comes twice is refused and takes its tokens with it.
  const second = await authorise(config, { scope: "openid profile", prompt: "none" });
  const silent = new URL((await browse(second.url)).to);
  const again = await client.authorizationCodeGrant(config, silent, second.checks);
  await refused(client.authorizationCodeGrant(config, silent, second.checks), "invalid_grant");
  await assert.rejects(client.fetchUserInfo(config, again.access_token, claims.sub));
  console.log("replay of a code: invalid_grant");

  const third = await authorise(config, { scope: "openid id_number" });
  const sensitive = await consent(third.url, { "scope-id_number": "yes" });
  const apart = await client.authorizationCodeGrant(config, sensitive, third.checks);
  const number = (await client.fetchUserInfo(config, apart.access_token, claims.sub)).id_number;
  assert.equal(number.length, 18);

  const wrong = await authorise(config, { scope: "openid address" });
  const refusal = new URL((await browse(wrong.url)).to);
  await refused(client.authorizationCodeGrant(config, refusal, wrong.checks), "invalid_scope");
  const stranger = new client.Configuration(about, CLIENT_ID, undefined, client.ClientSecretPost("wrong"));
  client.allowInsecureRequests(stranger);
  await refused(client.refreshTokenGrant(stranger, apart.refresh_token), "invalid_client");
  const posted = new client.Configuration(about, CLIENT_ID, undefined, client.ClientSecretPost(CLIENT_SECRET));
  client.allowInsecureRequests(posted);
  const kept = await client.refreshTokenGrant(posted, apart.refresh_token);
  await client.tokenRevocation(config, kept.access_token);
  await assert.rejects(client.fetchUserInfo(config, kept.access_token, claims.sub));
  console.log("wrong scope, wrong secret, revocation: as they should be");

  await signOut(config, about, apart, jwks);
}

// Sign-out at the wish of the application, and what it hears of it.
async function signOut(config, about, tokens, jwks) {
  const heard = new Promise((resolve) => {
    const server = http.createServer((request, response) => {
      let body = "";
      request.on("data", (chunk) => (body += chunk));
      request.on("end", () => {
        response.writeHead(204).end();
        server.close();
        resolve(new URLSearchParams(body).get("logout_token"));
      });
    });
    server.listen(Number(PORT), "127.0.0.1");
    server.unref();
  });
  const leave = client.buildEndSessionUrl(config, { id_token_hint: tokens.id_token, post_logout_redirect_uri: redirect });
  const left = await browse(leave);
  assert.ok(left.to.startsWith(redirect), "an ID token of this session is enough");
  assert.equal((await browse("/me")).status, 303);
  console.log("sign-out: done without asking, by the ID token");
  const token = await Promise.race([heard, new Promise((_, late) => setTimeout(late, 20_000, new Error("not told")))]);
  const { payload } = await jwtVerify(token, createLocalJWKSet(jwks), { issuer: about.issuer, audience: CLIENT_ID, typ: "logout+jwt" });
  assert.ok(payload.events["http://schemas.openid.net/event/backchannel-logout"] && payload.sid && !payload.nonce);
  assert.equal(payload.sub, tokens.claims().sub);
  console.log("back channel: told, with a logout token that is no ID token");
}

await main();
process.exit(0);
