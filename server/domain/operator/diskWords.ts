import type { Language } from '../names.ts';

/** A share from 0 to 1 in whole percent, rounded down: 99.9 % full is not full. */
export function percent(share: number): number {
  return Math.floor(share * 100);
}

/** An amount in gigabytes, with one decimal below ten; below one in whole megabytes: a little left is not nothing. */
export function diskAmount(bytes: number, language: Language): string {
  if (bytes < 1e9) return `${Math.floor(bytes / 1e6)}\u202fMB`;
  const text = (bytes / 1e9).toFixed(bytes < 10e9 ? 1 : 0);
  return `${language === 'de' ? text.replace('.', ',') : text}\u202fGB`;
}
