import { describe, expect, it } from "vitest";
import { findingsIn, linesIn, mended } from "../testing.ts";
import commandSecrets from "./command-secrets.ts";
import literalPassword from "./literal-password.ts";
import tlsOff from "./tls-off.ts";
import unsignedPackages from "./unsigned-packages.ts";

describe("SW-DF-TLS-OFF", () => {
  it.each([
    ["curl -fsSLk https://x -o a", "curl -fsSL https://x -o a"],
    ["curl -k https://x", "curl https://x"],
    ["curl https://x --insecure", "curl https://x"],
    ["wget --no-check-certificate -q https://x", "wget -q https://x"],
    ["pip install --trusted-host x a", "pip install a"],
    ["pip3 install --trusted-host=x a", "pip3 install a"],
    ["yum -y --setopt=sslverify=false install a", "yum -y install a"],
  ])("drops the switch: %s", (before, after) => {
    expect(mended(tlsOff, `RUN ${before}\n`, "unsafe")).toBe(`RUN ${after}\n`);
  });

  it.each([
    "RUN git config --global http.sslVerify false",
    "RUN git -c http.https://x.example.sslVerify=false clone y",
    "RUN npm config set strict-ssl false",
    "RUN npm set strict-ssl=false",
    "RUN GIT_SSL_NO_VERIFY=1 git clone y",
    "RUN export NODE_TLS_REJECT_UNAUTHORIZED=0 && npm ci",
    "RUN echo 'sslverify=0' >> /etc/yum.conf",
    "RUN apt-get -o Acquire::https::Verify-Peer=false update",
    "RUN conda config --set ssl_verify false",
    "ENV NODE_TLS_REJECT_UNAUTHORIZED=0",
    "ENV A=1 GIT_SSL_NO_VERIFY true",
    "ARG PYTHONHTTPSVERIFY=0",
    "ONBUILD ENV NPM_CONFIG_STRICT_SSL=false",
    "CMD curl -k https://x",
    'RUN ["wget", "--no-check-certificate", "https://x"]',
  ])("finds %s", (text) => {
    const found = findingsIn(tlsOff, `${text}\n`);
    expect(found.length).toBe(text.includes("A=1 GIT_SSL_NO_VERIFY true") ? 0 : 1);
  });

  it.each([
    "RUN curl -sSL https://x -okey",
    "RUN curl -H kk https://x",
    "HEALTHCHECK CMD curl -k https://localhost:8443/ || exit 1",
    "ENV NODE_TLS_REJECT_UNAUTHORIZED=1 GIT_SSL_NO_VERIFY=false PIP_TRUSTED_HOST=",
    "RUN git config http.sslVerify true",
    "RUN wget -k https://x",
    "RUN npm config set strict-ssl true",
  ])("lets %s be", (text) => {
    expect(linesIn(tlsOff, `${text}\n`)).toEqual([]);
  });
});

describe("SW-DF-UNSIGNED-PACKAGES", () => {
  it.each([
    ["apk add --allow-untrusted a.apk", "apk add a.apk"],
    ["apt-get install -y --allow-unauthenticated a", "apt-get install -y a"],
    ["apt-get --force-yes install a", "apt-get install a"],
    ["yum install --nogpgcheck a", "yum install a"],
    ["dnf --setopt=gpgcheck=0 install a", "dnf install a"],
    ["zypper --no-gpg-checks in a", "zypper in a"],
    ["rpm -i --nosignature --nodigest a.rpm", "rpm -i a.rpm"],
  ])("leaves the check on: %s", (before, after) => {
    expect(mended(unsignedPackages, `RUN ${before}\n`, "unsafe")).toBe(`RUN ${after}\n`);
  });

  it.each([
    "echo 'deb [arch=amd64 trusted=yes] https://x y z' > /etc/apt/sources.list.d/a.list",
    "printf '[a]\\nbaseurl=https://x\\ngpgcheck=0\\n' > /etc/yum.repos.d/a.repo",
    "apt-get -o APT::Get::AllowUnauthenticated=true install a",
  ])("finds %s", (command) => {
    expect(linesIn(unsignedPackages, `RUN ${command}\n`)).toEqual([1]);
  });

  it.each([
    "echo 'deb [trusted=yes] file:///packages ./' > /a",
    "apk add a",
    "rpm -i a.rpm",
    "echo gpgcheck=1",
    "yum install -y a",
  ])("lets %s be", (command) => expect(linesIn(unsignedPackages, `RUN ${command}\n`)).toEqual([]));
});

describe("SW-DF-LITERAL-PASSWORD", () => {
  it.each([
    ["echo 'root:hunter2' | chpasswd", "root, by chpasswd"],
    ["echo root:hunter2 | sudo chpasswd", "root, by chpasswd"],
    ['printf "app:hunter2\\n" | chpasswd -c SHA512', "app, by chpasswd"],
    ["echo hunter2 | passwd --stdin app", "app, by passwd"],
    ["passwd -d root", "root has an empty one, by passwd -d"],
    ["useradd -m -p '$6$abc$def' app", "app, by useradd -p"],
    ["usermod --password=hunter2 app", "app, by usermod -p"],
    ["useradd -p '' app", "app has an empty one, by useradd -p"],
  ])("finds %s, and does not repeat it", (command, name) => {
    const found = findingsIn(literalPassword, `RUN ${command}\n`);
    expect(found.map(({ message }) => message)).toEqual([`sets a password that is written here: ${name}`]);
    expect(JSON.stringify(found)).not.toContain("hunter2");
  });

  it.each([
    'echo "root:$PW" | chpasswd',
    "passwd -l root",
    "useradd -p '!' app",
    'useradd -p "$HASH" app',
    "chpasswd < /run/secrets/p",
    "useradd -m app",
  ])("lets %s be", (command) => expect(linesIn(literalPassword, `RUN ${command}\n`)).toEqual([]));
});

describe("SW-DF-COMMAND-SECRETS", () => {
  const token = `ghp_${"a1B2".repeat(9)}`;

  it.each([
    ["curl -u me:Zq7-4tx1 https://x", "the password of me for curl"],
    ["curl -sume:Zq7-4tx1 https://x", "the password of me for curl"],
    ["curl --user=me:Zq7-4tx1 https://x", "the password of me for curl"],
    ["git clone https://me:Zq7-4tx1@x.example/y.git", "the password in an address"],
    [`git clone https://${token}@x.example/y.git`, "a credential (github)"],
    ["curl -H 'Authorization: Bearer Zq7-4tx1' https://x", "a header that logs in, for curl"],
    ["docker login -u me -p Zq7-4tx1 x.example", "the password of docker login"],
    ["helm login --password Zq7-4tx1", "the value of --password of helm"],
    ["sshpass -p Zq7-4tx1 ssh x", "the password of sshpass"],
    ["npm config set //x.example/:_authToken Zq7-4tx1", "the value of _authToken"],
    ["npm config set //x.example/:_authToken=Zq7-4tx1", "the value of _authToken"],
    ["export DB_PASSWORD=Zq7-4tx1 && make", "the value of DB_PASSWORD"],
    ["DB_PASSWORD='Zq7-4tx1' make", "the value of DB_PASSWORD"],
  ])("finds %s, and does not repeat it", (command, name) => {
    const found = findingsIn(commandSecrets, `RUN ${command}\n`);
    expect(found.map(({ message }) => message)).toEqual([`the command shows ${name}`]);
    expect(JSON.stringify(found)).not.toMatch(/Zq7-4tx1|ghp_/);
  });

  it.each([
    'curl -u "me:$PASSWORD" https://x',
    "curl -u me https://x",
    "git clone https://user:pass@x.example/y.git",
    "git clone https://${TOKEN}@x.example/y.git",
    "curl -H 'Authorization: Bearer $TOKEN' https://x",
    "docker login --password-stdin",
    "x --password-file /run/secrets/p --token-ttl 500",
    "x --password /run/secrets/p",
    "x --token",
    "mysql -p -e 'x'",
    "mkdir -p Zq7-4tx1",
    "TOKEN_URL=https://x.example/t make",
    "npm config set registry https://x.example/",
  ])("lets %s be", (command) => {
    expect(linesIn(commandSecrets, `RUN ${command}\n`)).toEqual([]);
  });

  it("looks at every instruction that runs something", () => {
    expect(linesIn(commandSecrets, `CMD x --token ${token}\nHEALTHCHECK CMD curl -u a:Zq7-4tx1 x\n`)).toEqual(
      [1, 2],
    );
  });
});
