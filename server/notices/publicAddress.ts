import { BlockList, isIPv4, isIPv6 } from 'node:net';

/** IPv4 blocks that are not the public internet (IANA's special-purpose registry, multicast, reserved). */
const PRIVATE_V4: readonly [string, number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
];

/**
 * Parts of 2000::/3 that are not plain public addresses: IETF protocols with Teredo (2001::/23), documentation, 6to4,
 * whose last hop is an IPv4 address of anybody's choice, and SRv6's own block. All of IPv6 outside 2000::/3 is refused.
 */
const SPECIAL_V6: readonly [string, number][] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
  ['5f00::', 16],
];

const privateV4 = new BlockList();
for (const [net, bits] of PRIVATE_V4) privateV4.addSubnet(net, bits, 'ipv4');
const globalV6 = new BlockList();
globalV6.addSubnet('2000::', 3, 'ipv6');
const specialV6 = new BlockList();
for (const [net, bits] of SPECIAL_V6) specialV6.addSubnet(net, bits, 'ipv6');

/** Tells whether we may connect to an IP address on somebody else's word. */
export type IsAddressAllowed = (ip: string) => boolean;

/**
 * True for an address of the public internet: never this machine, a private network, a link, a tunnel or a mapped form
 * of one of these. Anything that is no plain IP address (a zone index, say) is not.
 */
export function isPublicAddress(ip: string): boolean {
  if (isIPv4(ip)) return !privateV4.check(ip, 'ipv4');
  if (!isIPv6(ip) || ip.includes('%')) return false;
  // IPv4 in disguise (::ffff:10.0.0.1, ::10.0.0.1, 64:ff9b::10.0.0.1) lies outside 2000::/3.
  return globalV6.check(ip, 'ipv6') && !specialV6.check(ip, 'ipv6');
}
