import { shapeOf } from "#evidence/env.ts";

// The builder's own idea of a secret (moby/buildkit, dockerfile2llb/convert.go, SecretsUsedInArgOrEnv): one word of
// the name, between underscores, says so, and none says that it is public.
const SECRET = /(?:^|_)(?:apikey|auth|credentials?|key|password|pword|passwd|secret|token)(?:_|$)/i;
const PUBLIC = /(?:^|_)(?:public|file|version)(?:_|$)/i;

/** True if the builder takes a variable of this name for a secret. */
export function isBuilderSecret(name: string): boolean {
  return name.length <= 500 && SECRET.test(name) && !PUBLIC.test(name);
}

// What hadolint suspects (its wiki, DL3064): parts of names, and names that providers document.
const SUSPECT = /api_key|client_key|password|private|secret|token|username/i;
const DOCUMENTED = new RegExp(
  `^(?:${[
    "APPLICATION_KEY",
    "AWS_ACCESS_KEY_ID",
    "CI_DEPLOY_USER",
    "DOCKER_EMAIL",
    "FACEBOOK_APP_ID",
    "HEROKU_API_USER",
    "OKTA_(?:AUTHN_GROUPID|CLIENT_ORGURL|OAUTH2_CLIENTID)",
    "STRIPE_DEVICE_NAME",
    "TRAVIS_(?:OS_NAME|SUDO)",
  ].join("|")})$`,
  "i",
);

/** True if hadolint's DL3064 finds a variable of this name. */
export function isSuspect(name: string): boolean {
  return name.length <= 500 && (SUSPECT.test(name) || DOCUMENTED.test(name));
}

// Left to be filled in, by people or by a template.
const PLACEHOLDER = /^(?:<[^>]*>|%%.*%%|\{\{.*\}\}|@\w+@|changeme|none|null|undefined)$/i;

/**
 * True if a value can be no secret: empty, a switch, a number, a path, an address without password, a placeholder,
 * or the fingerprint of a public key.
 */
export function isHarmlessValue(name: string, value: string): boolean {
  if (value === "" || PLACEHOLDER.test(value)) return true;
  if (/(?:^|_)(?:gpg|pgp|signing|finger(?:print)?)/i.test(name) && /^(?:0x)?[0-9A-Fa-f]{8,64}$/.test(value))
    return true;
  if (/^\w+:\/\/[^\s:@/]+(?:[:/][^@]*)?$/.test(value)) return true;
  // Several fingerprints in a row, as images list the keys of those who sign releases.
  if (/^(?:0x)?[0-9A-Fa-f]{16,40}(?:\s+(?:0x)?[0-9A-Fa-f]{16,40})+$/.test(value)) return true;
  const shape = shapeOf(value);
  return shape === "empty" || shape === "path" || shape === "number" || shape === "flag";
}

/** What a value is by its form, to complete "the value is …"; null if it may be anything. */
export function tokenKind(value: string): string | null {
  const shape = shapeOf(value);
  if (shape === "url-with-password") return "an address with a password in it";
  return shape.startsWith("token:") ? `a credential (${shape.slice("token:".length)})` : null;
}
