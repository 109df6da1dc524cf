import { STATION_ID } from '../../../server/domain/station.ts';

/** What an owner link holds. Both live in the fragment, which browsers never send. */
export interface OwnerLink {
  stationId: string;
  ownerKey: string;
}

/** A key: 26 characters of Crockford base32. */
const KEY_FORM = /^[0-9A-HJKMNP-TV-Z]{26}$/i;

/** Reads an owner link, its fragment, or `<stationId>.<ownerKey>` alone; undefined for anything else. */
export function parseOwnerLink(text: string): OwnerLink | undefined {
  const fragment = text.trim().split('#').pop() ?? '';
  const [stationId = '', ownerKey = '', ...rest] = fragment.split('.');
  if (!STATION_ID.test(stationId) || !KEY_FORM.test(ownerKey) || rest.length > 0) return undefined;
  return { stationId, ownerKey: ownerKey.toUpperCase() };
}

/**
 * True for a fragment that was meant as an owner link and is none, cut off in a mail or with something behind it. A page's
 * own fragments, such as that of the skip link, are no such.
 */
export function isBrokenOwnerLink(hash: string): boolean {
  return /^#[a-z0-9]{10}(\.|$)/.test(hash) && parseOwnerLink(hash) === undefined;
}

/** The fragment of an owner link, with its `#`. */
export function ownerFragment({ stationId, ownerKey }: OwnerLink): string {
  return `#${stationId}.${ownerKey}`;
}

/** The whole link, for people to keep. `origin` as of `location.origin`. */
export function ownerUrl(origin: string, link: OwnerLink): string {
  return `${origin}/host${ownerFragment(link)}`;
}
