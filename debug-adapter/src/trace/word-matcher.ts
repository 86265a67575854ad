/** What tells whether a text has the wanted words and none of those after a minus; undefined if any text will do. */
export function wordMatcher(words: string): ((text: string) => boolean) | undefined {
  const all = words
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "" && word !== "-");
  if (all.length === 0) return undefined;
  const wanted = all.filter((word) => !word.startsWith("-"));
  const unwanted = all.filter((word) => word.startsWith("-")).map((word) => word.slice(1));
  return (text) => {
    const lower = text.toLowerCase();
    return wanted.every((word) => lower.includes(word)) && !unwanted.some((word) => lower.includes(word));
  };
}
