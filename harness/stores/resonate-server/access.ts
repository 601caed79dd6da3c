/** How the run's own server is closed to everybody else: it takes tokens that were signed with a key drawn for the run. */
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { SignJWT } from "jose";

/** Longer than any run, since the server wants a time at which a token ends. */
const tokenLifetime = "365d";

/** A public key, as the server reads it from a file, and a token that it accepts for everything. */
export async function drawAccess(): Promise<{ readonly publicKeyPem: string; readonly token: string }> {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  return {
    publicKeyPem: publicKey.export({ type: "spki", format: "pem" }).toString(),
    token: await tokenOf(privateKey),
  };
}

function tokenOf(privateKey: KeyObject): Promise<string> {
  return new SignJWT({ role: "admin" })
    .setProtectedHeader({ alg: "EdDSA" })
    .setExpirationTime(tokenLifetime)
    .sign(privateKey);
}
