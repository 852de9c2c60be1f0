/** Shell code within a file of another kind, and where each of its characters stands in the file. */
export interface Snippet {
  text: string;
  /** Offset in the file of an offset in `text` (0..length). */
  origin(offset: number): number;
}

/** A stretch of the file; `text` stands in its place where the shell gets something else of the same length. */
export interface Piece {
  start: number;
  end: number;
  text?: string;
}

/** Puts stretches of a file together to the code that the shell gets. */
export function snippetOf(file: string, stretches: readonly Piece[]): Snippet {
  const pieces = stretches.flatMap((piece) => withoutReturns(file, piece));
  const [only] = pieces;
  if (pieces.length === 1 && only !== undefined) {
    const { start } = only;
    return { text: only.text ?? file.slice(start, only.end), origin: (offset) => start + offset };
  }
  const starts: number[] = [];
  const texts: string[] = [];
  let length = 0;
  for (const piece of pieces) {
    const text = piece.text ?? file.slice(piece.start, piece.end);
    if (text === "") continue;
    starts.push(length);
    texts.push(text);
    length += text.length;
  }
  const origins = pieces.filter(({ start, end, text }) => (text ?? file.slice(start, end)) !== "");
  return {
    text: texts.join(""),
    origin(offset) {
      let low = 0;
      let high = starts.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if ((starts[middle] as number) <= offset) low = middle;
        else high = middle - 1;
      }
      const piece = origins[low];
      if (piece === undefined) return 0;
      return Math.min(piece.start + offset - (starts[low] as number), piece.end);
    },
  };
}

/** A shell takes the carriage return of a line end for a sign of the word before it; who writes the file does not. */
function withoutReturns(file: string, piece: Piece): Piece[] {
  if (piece.text !== undefined) return [piece];
  const text = file.slice(piece.start, piece.end);
  if (!text.includes("\r\n")) return [piece];
  const pieces: Piece[] = [];
  let from = 0;
  for (let at = text.indexOf("\r\n"); at !== -1; at = text.indexOf("\r\n", at + 2)) {
    pieces.push({ start: piece.start + from, end: piece.start + at });
    from = at + 1;
  }
  pieces.push({ start: piece.start + from, end: piece.end });
  return pieces;
}

/** A snippet within a snippet: the script of `sh -c '…'`. */
export function within({ text, origin }: Snippet, start: number, end: number): Snippet {
  return { text: text.slice(start, end), origin: (offset) => origin(start + offset) };
}
