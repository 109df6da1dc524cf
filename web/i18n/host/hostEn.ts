import type { HostTexts } from './hostTexts.ts';

/** English. */
export const hostEn: HostTexts = {
  intro: 'Hang a particulate sensor on the balcony, register it here, watch the first value arrive.',
  haveLink: 'I have a station link already',
  linkLabel: 'Station link',
  linkHelp: 'The secret link you were given when you registered.',
  linkOpen: 'Open my station',
  linkWrong: 'This is not a complete station link. It ends with #, ten characters, a dot and 26 characters.',
};
