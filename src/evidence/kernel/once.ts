/**
 * `parse`, done once for each text: what the kernel tells of one container it tells of most others in the same
 * words. The answers are shared, and so must not be changed.
 */
export function once<T>(parse: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined || known.has(text)) return before as T;
    const answer = parse(text);
    known.set(text, answer);
    return answer;
  };
}
