// A wallet made of others' code against a running site: @openid4vc/openid4vci fetches a credential, @sd-jwt/sd-jwt-vc
// verifies it with its status, @openid4vc/openid4vp reads the site's question and answers it.
//   node wallet.mjs http://127.0.0.1:PORT
import assert from "node:assert/strict";
import * as crypto from "node:crypto";
import { clientAuthenticationAnonymous, setGlobalConfig } from "@openid4vc/oauth2";
import { Openid4vciClient } from "@openid4vc/openid4vci";
import { Openid4vpClient } from "@openid4vc/openid4vp";
import { SDJwtVcInstance } from "@sd-jwt/sd-jwt-vc";
import { Citizen, holder } from "./lib/citizen.mjs";

const site = process.argv[2];
// The site under test has no TLS: a proxy in front of a real one has.
setGlobalConfig({ allowInsecureUrls: true });

const dsaEncoding = "ieee-p1363";
const publicKey = (jwk) => crypto.createPublicKey({ key: jwk, format: "jwk" });
const digestOf = (key) => (key.asymmetricKeyType === "ed25519" ? null : "sha256");
const verifies = (jwk) => (data, signature) => {
  const key = publicKey(jwk);
  return crypto.verify(digestOf(key), Buffer.from(data), { key, dsaEncoding }, Buffer.from(signature, "base64url"));
};
const holderKey = crypto.generateKeyPairSync("ec", { namedCurve: "P-256" });
const jwk = holderKey.publicKey.export({ format: "jwk" });
const signs = (data) =>
  crypto.sign("sha256", Buffer.from(data), { key: holderKey.privateKey, dsaEncoding }).toString("base64url");
const hasher = (data, alg) => crypto.createHash(alg.replace("-", "")).update(Buffer.from(data)).digest();
const says = (words) => console.log(`     ${words}`);
const json = async (path) => (await fetch(new URL(path, site))).json();

async function didKey(didUrl) {
  const [did] = didUrl.split("#");
  assert.equal(did, `did:web:${new URL(site).host.replace(":", "%3A")}`);
  const { verificationMethod } = await json("/.well-known/did.json");
  return verificationMethod.find((method) => method.id === didUrl)?.publicKeyJwk;
}

const callbacks = {
  hash: (data, alg) => hasher(data, alg),
  generateRandom: (length) => crypto.randomBytes(length),
  clientAuthentication: clientAuthenticationAnonymous(),
  signJwt: (signer, { header, payload }) => {
    const text = [header, payload].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
    return { jwt: `${text}.${signs(text)}`, signerJwk: jwk };
  },
  verifyJwt: async (signer, { compact }) => {
    const key = signer.method === "did" ? await didKey(signer.didUrl) : signer.publicJwk;
    const at = compact.lastIndexOf(".");
    const verified = Boolean(key) && verifies(key)(compact.slice(0, at), compact.slice(at + 1));
    return verified ? { verified, signerJwk: key } : { verified };
  },
};

/** The certificate put into this wallet, by the offer's link and the six digits. */
async function fetchCredential(citizen, page) {
  await citizen.get(`${page}/wallet`);
  const { html } = await citizen.post(`${page}/wallet`, {});
  const link = /href="(openid-credential-offer:[^"]+)"/.exec(html)[1].replaceAll("&amp;", "&").replaceAll("&#x2f;", "/");
  const pin = /class="pin">(\d{6})</.exec(html)[1];
  const client = new Openid4vciClient({ callbacks });
  const credentialOffer = await client.resolveCredentialOffer(link);
  const issuerMetadata = await client.resolveIssuerMetadata(credentialOffer.credential_issuer);
  assert.equal(issuerMetadata.originalDraftVersion, "V1", "the metadata is that of the final version");
  const take = (txCode) =>
    client.retrievePreAuthorizedCodeAccessTokenFromOffer({ credentialOffer, issuerMetadata, txCode });
  await assert.rejects(take(pin === "000000" ? "000001" : "000000"), "a wrong code is refused");
  const { accessTokenResponse } = await take(pin);
  const [credentialConfigurationId] = credentialOffer.credential_configuration_ids;
  const fetchWith = async (nonce) => {
    const signer = { method: "jwk", publicJwk: jwk, alg: "ES256" };
    const proof = await client.createCredentialRequestJwtProof({
      issuerMetadata, credentialConfigurationId, signer, nonce,
    });
    const proofs = { jwt: [proof.jwt] };
    const accessToken = accessTokenResponse.access_token;
    return client.retrieveCredentials({ issuerMetadata, accessToken, credentialConfigurationId, proofs });
  };
  await assert.rejects(fetchWith("made up"), "a nonce of nobody's is refused");
  const { c_nonce: nonce } = await client.requestNonce({ issuerMetadata });
  const { credentialResponse } = await fetchWith(nonce);
  says(`@openid4vc/openid4vci fetched a ${credentialConfigurationId}`);
  await assert.rejects(take(pin), "an offer is used once");
  return credentialResponse.credentials[0].credential;
}

/** What @sd-jwt/sd-jwt-vc says of it, with the issuer's keys and status list as they are published. */
async function library(credential) {
  const { kid } = JSON.parse(Buffer.from(credential.split(".")[0], "base64url"));
  const { issuer, jwks } = await json("/.well-known/jwt-vc-issuer");
  assert.equal(issuer, site);
  const key = jwks.keys.find((one) => one.kid === kid);
  const sdjwt = new SDJwtVcInstance({
    hasher, hashAlg: "sha-256", verifier: verifies(key), kbSigner: signs, kbSignAlg: "ES256",
    kbVerifier: (data, signature, payload) => verifies(payload.cnf.jwk)(data, signature),
    statusListFetcher: async (uri) => (await fetch(uri)).text(),
    vctFetcher: async (uri) => (await fetch(uri)).json(),
  });
  const { payload } = await sdjwt.verify(credential);
  assert.equal(payload.iss, site);
  assert.ok(payload.holder.name, "everything is disclosed to its holder");
  const kind = await (await fetch(payload.vct)).json();
  assert.equal(kind.vct, payload.vct);
  says(`@sd-jwt/sd-jwt-vc verified it with its status: ${payload.vct}`);
  return { sdjwt, payload };
}

/** A stranger asks, this wallet answers; what the stranger reads. */
async function answer(kind, sdjwt, credential, change = {}) {
  const stranger = new Citizen(site);
  const { place } = await stranger.post("/verify/ask", { kind, f: "name", who: "示例银行", purpose: "开户" });
  const link = /href="(openid4vp:[^"]+)"/.exec(await stranger.get(place))[1].replaceAll("&amp;", "&").replaceAll("&#x2f;", "/");
  const client = new Openid4vpClient({ callbacks });
  const parsed = client.parseOpenid4vpAuthorizationRequest({ authorizationRequest: link });
  const resolved = await client.resolveOpenId4vpAuthorizationRequest({ authorizationRequestPayload: parsed.params });
  const { authorizationRequestPayload, dcql } = resolved;
  assert.equal(resolved.client.prefix, "decentralized_identifier");
  assert.deepEqual(dcql.query.credentials[0].claims, [{ path: ["holder", "name"] }]);
  const { nonce, client_id: aud } = { ...authorizationRequestPayload, ...change };
  const payload = { iat: Math.floor(Date.now() / 1000), aud, nonce };
  const presentation = await sdjwt.present(credential, { holder: { name: true } }, { kb: { payload } });
  const response = await client.createOpenid4vpAuthorizationResponse({
    authorizationRequestPayload,
    authorizationResponsePayload: { vp_token: { certificate: [presentation] } },
  });
  const submitted = await client.submitOpenid4vpAuthorizationResponse({
    authorizationRequestPayload, authorizationResponsePayload: response.authorizationResponsePayload,
  });
  return { status: submitted.response.status, said: await submitted.response.json(), html: await stranger.get(place) };
}

const { citizen, page } = await holder(site);
const credential = await fetchCredential(citizen, page);
const { sdjwt, payload } = await library(credential);
const kind = payload.vct.split("/").pop();
const shown = await answer(kind, sdjwt, credential);
assert.equal(shown.status, 200, JSON.stringify(shown.said));
assert.ok(shown.html.includes("outcome valid") && shown.html.includes(payload.holder.name), "what was shown is told");
assert.ok(!shown.html.includes(payload.holder.number), "and nothing more");
says("@openid4vc/openid4vp read our signed question and answered it");
for (const [change, expected] of [
  [{ nonce: "another" }, "wrong-nonce"],
  [{ client_id: "decentralized_identifier:did:web:other.example" }, "wrong-audience"],
]) {
  const lie = await answer(kind, sdjwt, credential, change);
  assert.equal(lie.status, 400);
  assert.equal(lie.said.error_description, expected);
  assert.ok(!lie.html.includes("outcome valid"));
  says(`its answer with another ${Object.keys(change)[0]} is refused: ${expected}`);
}
assert.ok((await citizen.get(page)).includes("存入别的钱包"), "the holder's ledger says so");
