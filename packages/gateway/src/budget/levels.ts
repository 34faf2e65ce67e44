import { type IpAddress, parseIpAddress } from '../signal-policy/address.ts';

/**
 * How the share of a subtree follows from the share of its parent (GW-66).
 *
 * - `half`: half of what the parent's other children leave
 * - `site`: as `half`, but at most 2 % of the capacity while the parent is over half full
 * - `network`: as `half`, but at most the network's maximum
 * - `address`: as `half`, but at most 20 % of the network's share while it is over half full
 * - `machine`: for loopback, all units that are left, up to the network's maximum
 */
export type ShareRule = 'half' | 'site' | 'network' | 'address' | 'machine';

export interface Step {
  /** Index of the map that has the entry of this subtree. */
  readonly level: number;
  readonly rule: ShareRule;
  /** Name of the subtree, unique in its level. */
  readonly key: string;
}

/** Number of levels below *everyone* (all addresses): IPv6 has /32, /48, /56 and /64. */
export const LEVELS = 4;

interface Level {
  readonly level: number;
  readonly bits: number;
  readonly rule: ShareRule;
}

/** The levels of each IP version, from the largest subtree to the smallest. */
const LEVELS_OF: Readonly<Record<4 | 6, readonly Level[]>> = {
  4: [
    { level: 2, bits: 20, rule: 'half' },
    { level: 1, bits: 24, rule: 'network' },
    { level: 0, bits: 32, rule: 'address' },
  ],
  6: [
    { level: 3, bits: 32, rule: 'half' },
    { level: 2, bits: 48, rule: 'site' },
    { level: 1, bits: 56, rule: 'network' },
    { level: 0, bits: 64, rule: 'address' },
  ],
};

const UNKNOWN: readonly Step[] = [{ level: 1, rule: 'network', key: 'unknown' }];

/**
 * Returns the subtrees that an address belongs to, from the largest to the smallest, without
 * *everyone*. Empty for an exempt address.
 */
export function stepsOf(text: string, isExempt: (address: IpAddress) => boolean): readonly Step[] {
  const address = parseIpAddress(text);
  if (address === null) return UNKNOWN;
  if (isExempt(address)) return [];
  const { family, words } = address;
  if (isLoopback(address)) {
    return [{ level: 1, rule: 'machine', key: prefixOf(words, family === 4 ? 24 : 56, family) }];
  }
  return LEVELS_OF[family].map(({ level, bits, rule }) => ({
    level,
    rule,
    key: prefixOf(words, bits, family),
  }));
}

function isLoopback({ family, words, text }: IpAddress): boolean {
  return family === 4 ? (words[0] ?? 0) >> 8 === 127 : text === '::1';
}

/** Returns the name of an address prefix. IPv4 and IPv6 prefixes never have the same name. */
function prefixOf(words: readonly number[], bits: number, family: 4 | 6): string {
  const whole = bits >> 4;
  let name = String(family);
  for (let index = 0; index < whole; index += 1) name += `:${(words[index] ?? 0).toString(16)}`;
  const rest = bits & 15;
  if (rest === 0) return name;
  return `${name}:${((words[whole] ?? 0) & (0xffff << (16 - rest)) & 0xffff).toString(16)}`;
}
