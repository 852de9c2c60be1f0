import { visibleLines } from "./finding-text.ts";
import { visible } from "./terminal/visible.ts";

/**
 * A text in one line for Markdown and for HTML within Markdown, shown as it is. Structure is made of
 * characters, never of character references (CommonMark section 2.5), so everything that could be structure
 * becomes a reference; these also hold in table cells, where GFM splits at `|` before it looks at anything else.
 *
 * GitHub and GitLab read @name and #123 in the finished page, where a reference does not help: a zero-width
 * space keeps a container's name from calling people.
 */
export function markdownText(text: string): string {
  return escape(visible(text).trim())
    .replace(/^[-+=#]/, reference)
    .replace(/^(\d+)([.)])(?=\s|$)/, (_, number: string, sign: string) => number + reference(sign))
    .replace(/(?<![A-Za-z0-9_&])([@#])(?=[A-Za-z0-9])/g, "$1&#8203;");
}

/** A value in one line as code. Nobody is called from within code. */
export function markdownCode(text: string): string {
  return `<code>${escape(visible(text))}</code>`;
}

/** Lines as a block of code, for a place between empty lines. */
export function markdownBlock(text: string): string {
  return `<pre>\n${visibleLines(text).map(escape).join("\n")}\n</pre>`;
}

/** An underscore inside a word is left alone: it never emphasises (CommonMark section 6.2). */
function escape(text: string): string {
  return text.replace(/[&<>"'`*[\]\\|~$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, reference);
}

function reference(character: string): string {
  return `&#${character.charCodeAt(0)};`;
}
