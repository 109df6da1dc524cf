import { unbrokenParts } from '../../server/api/pages/unbroken.ts';

/** Text whose short hyphenated words in brackets stay on one line. */
export function Unbroken({ text }: { text: string }) {
  return <>{unbrokenParts(text).map((part, at) => (at % 2 === 0 ? part : <span class="unbroken">{part}</span>))}</>;
}
