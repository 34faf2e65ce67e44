import type { NetworkName } from '@farandole/gateway/ports';
import type { IpAddress } from '@farandole/gateway/signal-policy/address';
import { type AddressKind, classifyAddress } from '@farandole/gateway/signal-policy/address-kind';
import type { NetworkAnchor } from '../store/network-anchor.ts';

/** Addresses inside one machine, house or carrier: they say nothing about who comes from where. */
const NO_NETWORK: readonly AddressKind[] = [
  'loopback',
  'private',
  'shared',
  'link-local',
  'unspecified',
];

const NETWORK_BITS = { 4: 24, 6: 56 } as const;
const PARENT_BITS = { 4: 20, 6: 48 } as const;

/** Names the networks by which users' reports and calls are told apart. */
export class NetworkNames {
  readonly #anchor: Pick<NetworkAnchor, 'of'>;

  constructor(anchor: Pick<NetworkAnchor, 'of'>) {
    this.#anchor = anchor;
  }

  /** Undefined for an address that is no network. */
  of(address: IpAddress): NetworkName | undefined {
    if (NO_NETWORK.includes(classifyAddress(address))) return undefined;
    const { family } = address;
    return {
      network: this.#anchor.of(address, NETWORK_BITS[family]),
      parent: this.#anchor.of(address, PARENT_BITS[family]),
    };
  }
}
