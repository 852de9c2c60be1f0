import { declared, fail, page, pass, rule, unknown } from "../rule.ts";

export default rule({
  id: "SW-IMAGE-USER-ROOT",
  subject: "image",
  title: "Starts as root",
  severity: "medium",
  risk: "Every container of this image is root unless each start says otherwise; images built on it inherit that.",
  countermeasure:
    "Give the image a user of its own, by number. Note that docker export and import drop USER along with all other settings: use save and load.",
  remediation: { dockerfile: "USER 10001:10001 as the last instruction before CMD" },
  cis: ["4.1"],
  aliases: ["DL3002", "trivy:AVD-DS-0002", "dockle:CIS-DI-0001"],
  references: [page("Dockerfile reference: USER", "https://docs.docker.com/reference/dockerfile/#user")],
  examples: { bad: 'FROM debian\nCMD ["app"]', good: 'FROM debian\nUSER 10001:10001\nCMD ["app"]' },
  judge: (image) => {
    if (!image.detail.ok) return unknown(image.detail.why);
    const { user, comment } = image.detail.value;
    const name = user.split(":")[0] ?? "";
    const seen = [
      declared(`docker image inspect ${image.tags[0] ?? image.id.slice(0, 19)}`, user || '""', "Config.User"),
    ];
    if (name !== "" && name !== "root" && name !== "0") return pass(`starts as ${user}`, seen);
    return fail(
      comment.startsWith("Imported from") && user === ""
        ? "starts as root: it was imported, which drops the USER of the image that was exported"
        : "starts as root",
      seen,
    );
  },
});
