import * as fs from "node:fs";
import { basename, join } from "node:path";
import { must, words } from "./run.ts";

/** Folders as `--tls-cert-path` takes them (ca.pem, cert.pem, key.pem), and the server's own. */
export interface Certificates {
  server: string;
  /** A client that the server trusts. */
  client: string;
  /** A client of another authority, which neither trusts nor is trusted. */
  stranger: string;
}

/** Makes two authorities; the first one signs a server certificate for 127.0.0.1 and one for a client. */
export async function makeCertificates(folder: string): Promise<Certificates> {
  const trusted = await authority(join(folder, "ca"), "test-ca");
  const other = await authority(join(folder, "other-ca"), "other-ca");
  return {
    server: await sign(
      trusted,
      join(folder, "server"),
      "subjectAltName=IP:127.0.0.1,DNS:localhost\nextendedKeyUsage=serverAuth\n",
    ),
    client: await sign(trusted, join(folder, "client"), "extendedKeyUsage=clientAuth\n"),
    stranger: await sign(other, join(folder, "stranger"), "extendedKeyUsage=clientAuth\n"),
  };
}

function openssl(folder: string, command: string): Promise<string> {
  return must("openssl", words(command), { cwd: folder });
}

async function newKey(folder: string): Promise<void> {
  fs.mkdirSync(folder, { recursive: true });
  await openssl(folder, "ecparam -name prime256v1 -genkey -noout -out key.pem");
}

async function authority(folder: string, name: string): Promise<string> {
  await newKey(folder);
  await openssl(folder, `req -x509 -new -key key.pem -days 2 -subj /CN=${name} -out ca.pem`);
  return folder;
}

async function sign(ca: string, folder: string, extensions: string): Promise<string> {
  await newKey(folder);
  fs.writeFileSync(join(folder, "extensions"), extensions);
  fs.copyFileSync(join(ca, "ca.pem"), join(folder, "ca.pem"));
  await openssl(folder, `req -new -key key.pem -subj /CN=${basename(folder)} -out request.pem`);
  const signer = `-CA ca.pem -CAkey ${join(ca, "key.pem")} -CAcreateserial`;
  await openssl(folder, `x509 -req -in request.pem ${signer} -days 2 -extfile extensions -out cert.pem`);
  return folder;
}
