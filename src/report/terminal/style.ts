import pc from "picocolors";
import type { Severity } from "#model/severity.ts";

/** Puts colour on a text; without colours it is the identity. */
export type Paint = (text: string) => string;

/** The few colours of the report by meaning. */
export interface Style {
  severity: Record<Severity, Paint>;
  strong: Paint;
  /** What may be skipped: sources, ids, hints. */
  quiet: Paint;
  good: Paint;
  /** Not judged, or not done. */
  open: Paint;
  plain: Paint;
}

/** Symbols that stand beside the severity's word, so that neither colour nor symbol is needed alone. */
export const SEVERITY_SYMBOLS: Record<Severity, string> = {
  critical: "✗",
  high: "✗",
  medium: "!",
  low: "-",
  info: "i",
};

/** Colours, or none at all. */
export function style(colour: boolean): Style {
  const c = pc.createColors(colour);
  return {
    severity: {
      critical: (text) => c.bold(c.redBright(text)),
      high: c.red,
      medium: c.yellow,
      low: c.cyan,
      info: c.dim,
    },
    strong: c.bold,
    quiet: c.dim,
    good: c.green,
    open: c.magenta,
    plain: String,
  };
}
