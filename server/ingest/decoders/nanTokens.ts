/** What C prints for numbers that are none; exactly these, longest first. */
const TOKENS = ['-nan', '-inf', 'nan', 'inf'] as const;

/**
 * JSON text with bare `nan`, `-nan`, `inf` and `-inf` in value position replaced by `null`; text in quotes and everything
 * else stays. Old Tasmota prints them (Tasmota issue 4147), and one failed instrument should not lose the others.
 */
export function replaceNanTokens(text: string): string {
  let repaired = '';
  let copiedTo = 0;
  let isInText = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === '"') isInText = !isInText;
    else if (isInText) i += character === '\\' ? 1 : 0;
    else if (character === ':' || character === ',' || character === '[') {
      const start = skipBlanks(text, i + 1);
      const token = TOKENS.find((candidate) => text.startsWith(candidate, start));
      if (token === undefined || !endsValue(text[skipBlanks(text, start + token.length)])) continue;
      repaired += `${text.slice(copiedTo, start)}null`;
      copiedTo = start + token.length;
      i = copiedTo - 1;
    }
  }
  return repaired + text.slice(copiedTo);
}

function skipBlanks(text: string, from: number): number {
  let i = from;
  while (text[i] === ' ' || text[i] === '\n' || text[i] === '\r' || text[i] === '\t') i++;
  return i;
}

function endsValue(character: string | undefined): boolean {
  return character === ',' || character === '}' || character === ']';
}
