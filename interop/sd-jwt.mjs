// SD-JWT VC and token status lists with @sd-jwt, keys and signatures with Node's own OpenSSL.
//   node sd-jwt.mjs read OURS.json    verifies what we signed
//   node sd-jwt.mjs sign NOW          signs what we must read; JSON on standard output
import assert from "node:assert/strict";
import * as crypto from "node:crypto";
import { readFileSync } from "node:fs";
import { createHeaderAndPayload, StatusList } from "@sd-jwt/jwt-status-list";
import { SDJwtVcInstance } from "@sd-jwt/sd-jwt-vc";

const hasher = (data, alg) => crypto.createHash(alg.replace("-", "")).update(Buffer.from(data)).digest();
const saltGenerator = (length) => crypto.randomBytes(length).toString("base64url");
const dsaEncoding = "ieee-p1363";
const digestOf = (key) => (key.asymmetricKeyType === "ed25519" ? null : "sha256");
const algOf = (key) => (key.asymmetricKeyType === "ed25519" ? "EdDSA" : "ES256");
const publicKey = (jwk) => crypto.createPublicKey({ key: jwk, format: "jwk" });
const verifies = (key) => (data, signature) =>
  crypto.verify(digestOf(key), Buffer.from(data), { key, dsaEncoding }, Buffer.from(signature, "base64url"));
const signs = (key) => (data) =>
  crypto.sign(digestOf(key), Buffer.from(data), { key, dsaEncoding }).toString("base64url");
const kbVerifier = (data, signature, payload) => verifies(publicKey(payload.cnf.jwk))(data, signature);

async function readOne(given, one) {
  const library = new SDJwtVcInstance({
    hasher,
    hashAlg: "sha-256",
    verifier: verifies(publicKey(one.issuer)),
    kbVerifier,
    statusListFetcher: (uri) => {
      assert.equal(uri, one.list.uri);
      return one.list.token;
    },
  });
  const options = { currentDate: given.now, keyBindingNonce: given.nonce };
  if (one.wrong) {
    const why = await library.verify(one.presentation, options).then(() => null, (error) => error.message);
    assert.ok(why, `${one.name} was accepted`);
    return `refuses ${one.name}: ${why}`;
  }
  const { payload, kb } = await library.verify(one.presentation, options);
  assert.equal(kb.payload.aud, given.audience);
  delete payload.cnf;
  assert.deepEqual(payload, one.claims);
  return `accepts ${one.name}`;
}

async function read(file) {
  const given = JSON.parse(readFileSync(file, "utf8"));
  assert.ok(given.cases.length > 4, "nothing to read");
  for (const one of given.cases) {
    console.log(`     @sd-jwt/sd-jwt-vc ${await readOne(given, one)}`);
  }
}

const curves = { P256: ["ec", { namedCurve: "P-256" }], Ed25519: ["ed25519"] };
const pair = (name) => crypto.generateKeyPairSync(...curves[name]);

function signList(key, uri, now, statuses) {
  const payload = { iss: "https://issuer.example", sub: uri, iat: now, exp: now + 600, ttl: 300 };
  const header = { alg: algOf(key), typ: "statuslist+jwt" };
  const both = createHeaderAndPayload(new StatusList(statuses, 2), payload, header);
  const text = [both.header, both.payload].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"));
  return `${text.join(".")}.${signs(key)(text.join("."))}`;
}

async function signOne(now, given, name, curve, change) {
  const [issuer, holder] = [pair(curve), pair(curve)];
  const library = new SDJwtVcInstance({
    hasher,
    hashAlg: "sha-256",
    saltGenerator,
    signer: signs(issuer.privateKey),
    signAlg: algOf(issuer.privateKey),
    kbSigner: signs(holder.privateKey),
    kbSignAlg: algOf(holder.privateKey),
  });
  const uri = "https://issuer.example/status/7";
  const open = {
    iss: "https://issuer.example",
    vct: "https://issuer.example/card",
    iat: now,
    exp: now + 600,
    ...change.claims,
    status: { status_list: { idx: change.index ?? 0, uri } },
  };
  const cnf = { jwk: holder.publicKey.export({ format: "jwk" }) };
  const claims = { ...open, cnf, name: "示例·陈晓明", number: "1", address: { town: "镇", street: "路" }, levels: ["一", "二", "三"] };
  const frame = { _sd: ["name", "number", "address"], _sd_decoy: 2, address: { _sd: ["street"] }, levels: { _sd: [0, 2] } };
  const issued = await library.issue(claims, frame);
  const payload = { iat: now, aud: given.audience, nonce: change.nonce ?? given.nonce };
  const shown = { name: true, address: { street: true }, levels: { 2: true } };
  const presentation = await library.present(issued, shown, { kb: { payload } });
  return {
    name,
    issuer: issuer.publicKey.export({ format: "jwk" }),
    presentation,
    list: { uri, token: signList(issuer.privateKey, uri, now, [0, 1, 2, 0]) },
    claims: { ...open, name: claims.name, address: claims.address, levels: ["二", "三"] },
    expected: change.expected ?? "valid",
  };
}

async function sign(now) {
  const given = { now, audience: "https://shop.example", nonce: "n-1", cases: [] };
  const cases = [
    ["theirs, P-256", "P256", {}],
    ["theirs, Ed25519", "Ed25519", {}],
    ["theirs, revoked", "P256", { index: 1, expected: "revoked" }],
    ["theirs, suspended", "P256", { index: 2, expected: "suspended" }],
    ["theirs, for another question", "Ed25519", { nonce: "n-2", expected: "wrong-nonce" }],
    ["theirs, expired", "Ed25519", { claims: { exp: now - 60 }, expected: "expired" }],
  ];
  for (const [name, curve, change] of cases) given.cases.push(await signOne(now, given, name, curve, change));
  console.log(JSON.stringify(given));
}

const [verb, word] = process.argv.slice(2);
if (verb === "read") await read(word);
else if (verb === "sign") await sign(Number(word));
else throw new Error("read OURS.json, or sign NOW");
