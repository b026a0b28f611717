export function plain(text) {
  return text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .trim()
    .replace(/\s+/g, " ");
}

/* How well a text answers, as rank() of domain/finding.py has it: 0 is best, null is not at all. */
export function rank(wanted, text) {
  if (text.startsWith(wanted)) return 0;
  const words = wanted.split(" ");
  const parts = text.split(/[ ,]+/);
  if (words.every((word) => parts.some((part) => part.startsWith(word)))) return 1;
  if (words.every((word) => text.includes(word))) return 2;
  if (wanted.length < 3) return null;
  let from = 0;
  for (const letter of words.join("")) {
    from = text.indexOf(letter, from) + 1;
    if (!from) return null;
  }
  return 3;
}
