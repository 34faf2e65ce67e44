import type { NetworkName } from '@farandole/gateway/ports';
import type { IpAddress } from '@farandole/gateway/signal-policy/address';
import { type AddressKind, classifyAddress } from '@farandole/gateway/signal-policy/address-kind';
import type { NetworkAnchor } from '../store/network-anchor.ts';
import type { RentedRanges } from './rented-ranges.ts';

/**
 * Kinds of addresses within one machine, house or carrier. Such addresses don't tell users apart.
 */
const NO_NETWORK: readonly AddressKind[] = [
  'loopback',
  'private',
  'shared',
  'link-local',
  'unspecified',
];

/** A household has an IPv6 /56 or /48. A name per /48 counts a household as only one network. */
const NETWORK_BITS = { 4: 24, 6: 48 } as const;
const PARENT_BITS = { 4: 20, 6: 48 } as const;

/**
 * Name of the network of all rented ranges. It has the form of an id, because tickets and records
 * name networks by ids. No keyed hash has this form.
 */
const RENTED: NetworkName = { network: 'rented-ranges', parent: 'rented-ranges' };

/**
 * Returns names of networks. By these names the store tells reports and calls of different users
 * apart.
 */
export class NetworkNames {
  readonly #anchor: Pick<NetworkAnchor, 'of'>;
  readonly #rented: Pick<RentedRanges, 'has'> | null;

  /** @param rented address ranges that together count as one network */
  constructor(anchor: Pick<NetworkAnchor, 'of'>, rented: Pick<RentedRanges, 'has'> | null = null) {
    this.#anchor = anchor;
    this.#rented = rented;
  }

  /** Returns the name of an address's network; undefined if the address identifies no network. */
  of(address: IpAddress): NetworkName | undefined {
    if (NO_NETWORK.includes(classifyAddress(address))) return undefined;
    if (this.#rented?.has(address) === true) return RENTED;
    const { family } = address;
    return {
      network: this.#anchor.of(address, NETWORK_BITS[family]),
      parent: this.#anchor.of(address, PARENT_BITS[family]),
    };
  }
}
