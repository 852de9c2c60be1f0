/**
 * Fields of `RUN --mount=type=cache,target=/x,ro` (one line of CSV; moby/buildkit, instructions/
 * commands_runmount.go): keys in lower case, `""` for those without `=`. The last of equal keys holds.
 */
export function mountFields(value: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const field of csvFields(value)) {
    const equals = field.indexOf("=");
    if (equals === -1) fields.set(field.toLowerCase(), "");
    else fields.set(field.slice(0, equals).toLowerCase(), field.slice(equals + 1));
  }
  return fields;
}

/** Splits at commas that stand in no quotes; a quote within quotes is doubled (RFC 4180). */
export function csvFields(line: string): string[] {
  if (!line.includes('"')) return line.split(",");
  const fields: string[] = [];
  let field = "";
  let quoted = false;
  for (let at = 0; at < line.length; at += 1) {
    const character = line[at] as string;
    if (character === '"' && quoted && line[at + 1] === '"') {
      field += '"';
      at += 1;
    } else if (character === '"') quoted = !quoted;
    else if (character === "," && !quoted) {
      fields.push(field);
      field = "";
    } else field += character;
  }
  return [...fields, field];
}
