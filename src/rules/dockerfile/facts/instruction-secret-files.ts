/** A file that holds, or may hold, a secret. */
export interface SecretFile {
  /** What it holds, to complete "holds …". */
  holds: string;
  /** It is always a secret; otherwise it often is. */
  sure: boolean;
}

type Kind = [pattern: RegExp, holds: string, sure: boolean];

// By the last part of the path. Names and what they hold: ssh-keygen(1), npm-config, pip, netrc(5), git-credential-store(1),
// the libpq, MySQL, Docker, kubectl, AWS, Google Cloud, Terraform, Rails, Vault and OpenVPN manuals.
const FILES: readonly Kind[] = [
  [/^id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?$/, "a private SSH key", true],
  [/^ssh_host_\w+_key$/, "a private SSH host key", true],
  [/\.ppk$/, "a private SSH key", true],
  [/^(?:.*[._-])?(?:priv(?:ate)?|server|client|tls|ssl)[._-]?key(?:\.pem)?$|\.key$/, "a private key", true],
  [/\.(?:p12|pfx|jks|keystore|kdbx)$/, "keys", true],
  [/\.pem$/, "a certificate or a private key", false],
  [/^\.env(?:\.[\w.-]+)?$|^[\w-]+\.env$/, "settings of an environment, often with passwords", false],
  [
    /^\.(?:npmrc|yarnrc|yarnrc\.yml|pypirc|gemrc)$/,
    "settings of a package manager, often with a token",
    false,
  ],
  [/^[._]netrc$/, "passwords of servers", true],
  [/^\.git-credentials$/, "passwords of Git servers", true],
  [/^\.(?:pgpass|my\.cnf|mylogin\.cnf|s3cfg|boto|htpasswd)$/, "a password", true],
  [/^\.dockercfg$/, "passwords of registries", true],
  [/^kubeconfig(?:\.ya?ml)?$/, "access to a cluster", true],
  [
    /^(?:application_default_credentials|service[_-]?account(?:[_-]key)?|gcp[_-]key|credentials|client_secrets?)\.json$/,
    "credentials of a cloud",
    true,
  ],
  [
    /^(?:credentials|secrets?)(?:\.(?:ya?ml|json|toml|env|ini|txt|properties))?$/,
    "secrets, by its name",
    false,
  ],
  [/\.tfstate(?:\.backup)?$/, "the secrets of an infrastructure", true],
  [/\.tfvars(?:\.json)?$/, "values of an infrastructure, often with secrets", false],
  [/\.ovpn$/, "access to a private network", true],
  [/^\.vault-token$|^master\.key$/, "a key to other secrets", true],
];
const FOLDERS: readonly Kind[] = [
  [/(?:^|\/)\.ssh$/, "SSH keys", true],
  [/(?:^|\/)\.gnupg$/, "private keys", true],
  [/(?:^|\/)\.aws(?:\/(?:credentials|config))?$/, "credentials of a cloud", true],
  [/(?:^|\/)\.kube(?:\/config)?$/, "access to a cluster", true],
  [/(?:^|\/)\.docker(?:\/config\.json)?$/, "passwords of registries", true],
  [/(?:^|\/)\.config\/gcloud$/, "credentials of a cloud", true],
];
// Templates and public halves.
const HARMLESS =
  /\.(?:pub|example|sample|template|tmpl|tpl|dist|default|defaults|schema|md)$|(?:^|[._-])(?:example|sample|template)(?:[._-]|$)/i;
const PUBLIC_PEM =
  /(?:^|[._-])(?:certs?|certificate|ca|chain|fullchain|bundle|pub|public|root|crt|dhparams?)(?:[._-]|\d|$)/i;

/** What secret a file of this path holds by its name; null if it is none. Case is looked at as file systems do. */
export function secretFile(path: string): SecretFile | null {
  if (path.length > 1000) return null;
  const clean = path.replaceAll("\\", "/").replace(/\/+$/, "");
  const name = clean.slice(clean.lastIndexOf("/") + 1);
  if (name === "" || HARMLESS.test(name)) return null;
  if (
    /\.(?:pem|key)$/.test(name) &&
    PUBLIC_PEM.test(name.replace(/\.(?:pem|key)$/, "")) &&
    !/priv|key\.pem$/.test(name)
  ) {
    return null;
  }
  for (const [pattern, holds, sure] of FOLDERS) if (pattern.test(clean)) return { holds, sure };
  for (const [pattern, holds, sure] of FILES) if (pattern.test(name)) return { holds, sure };
  return null;
}
