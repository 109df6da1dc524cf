/** Words in lines of at most so many letters, since SVG breaks none; what does not fit ends in an ellipsis. */
export function wrapped(text: string, { letters, most }: { letters: number; most: number }): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= letters) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(cut(word, letters));
  }
  if (lines.length <= most) return lines;
  return [...lines.slice(0, most - 1), cut(`${lines[most - 1]} …`, letters)];
}

/** At most so many letters of a text, the last of them an ellipsis where some are left out. */
export function cut(text: string, letters: number): string {
  return text.length <= letters ? text : `${text.slice(0, letters - 1).trimEnd()}…`;
}
