import type { Known, Standing, Standings } from '@farandole/gateway/ports';
import { type IpAddress, parseIpAddress } from '@farandole/gateway/signal-policy/address';
import type { DeviceKeyId, SubjectId } from '@farandole/kernel/id';
import type { Restrictions } from '@farandole/moderation/cases/restrictions';
import type { AnchorHash, SanctionId } from '@farandole/moderation/ids';
import { type Admission, admit } from '@farandole/moderation/sanctions/admission';
import type { Sanction, SanctionScope } from '@farandole/moderation/sanctions/sanction';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import type { NodeSigner } from '../keys/signer.ts';
import type { NetworkAnchor } from '../store/network-anchor.ts';

type NetworkLength = Pick<Extract<SanctionScope, { scope: 'prefix' }>, 'family' | 'bits'>;

type Codes = Pick<NodeSigner, 'appealCode' | 'sharedCode' | 'measureCode'>;

type Hold = Pick<Restrictions['holds'][number], 'case' | 'endsAtMs'>;

const FREE: Standing = { may: 'meet' };

/**
 * Caches sanctions, so that neither a `hello` nor a search waits for the database. The cache is
 * read again after each moderation decision on any node.
 */
export class RestrictionsMirror implements Standings {
  readonly #store: Pick<ModerationStore, 'run'>;
  readonly #anchor: NetworkAnchor;
  readonly #codes: Codes;
  #version: number | null = null;
  #bySubject: ReadonlyMap<SubjectId, readonly Sanction[]> = new Map();
  #byDevice: ReadonlyMap<DeviceKeyId, readonly Sanction[]> = new Map();
  #byNetwork: ReadonlyMap<AnchorHash, readonly Sanction[]> = new Map();
  /**
   * Distinct prefix lengths of the sanctioned networks. The list is usually empty, and then no
   * address is checked.
   */
  #networkLengths: readonly NetworkLength[] = [];
  /** Temporary suspensions by software, keyed by the user's id or device key. */
  #holds: ReadonlyMap<SubjectId | DeviceKeyId, Hold> = new Map();
  /** Ends of the exemptions from age refusals. */
  #ageLifts: ReadonlyMap<SubjectId, number> = new Map();

  constructor(store: Pick<ModerationStore, 'run'>, anchor: NetworkAnchor, codes: Codes) {
    this.#store = store;
    this.#anchor = anchor;
    this.#codes = codes;
  }

  /**
   * Version of the cached sanctions. It changes whenever sanctions may have changed, and is null
   * before the first `read`.
   */
  get version(): number | null {
    return this.#version;
  }

  of(known: Known, nowMs: number): Standing {
    const { subject, device } = known;
    const ownHold = this.#holds.get(subject);
    const hold = later(ownHold, this.#holds.get(device));
    const own = this.#ofPerson(subject, device, nowMs);
    if (own.may !== 'nothing' && hold !== undefined && hold.endsAtMs > nowMs) {
      // A user who only shares the suspended user's device must not use up that user's appeal.
      const appeal = ownHold?.case === hold.case ? this.#codes.measureCode(hold.case) : null;
      return { may: 'nothing', because: 'hold', appeal, endsAtWallMs: hold.endsAtMs };
    }
    // The user can appeal directly only against the user's own sanction, so it takes precedence
    // over an equally strict shared one.
    if (own.may === 'nothing') return this.#standingFor(own, 'decision', subject);
    const { clientAddress } = known;
    const address = clientAddress === null ? null : parseIpAddress(clientAddress);
    const network = this.#ofNetwork(subject, device, address, nowMs);
    if (network.may === 'nothing' || own.may === 'meet') {
      return this.#standingFor(network, 'network', subject);
    }
    return this.#standingFor(own, 'decision', subject);
  }

  isAgeLifted(subject: SubjectId, nowMs: number): boolean {
    return (this.#ageLifts.get(subject) ?? 0) > nowMs;
  }

  /**
   * Returns the network sanction that restricts a user who has no ban of their own; null if there
   * is none.
   */
  networkSanctionOf(subject: SubjectId, address: IpAddress, nowMs: number): SanctionId | null {
    if (this.#ofPerson(subject, null, nowMs).may === 'nothing') return null;
    const network = this.#ofNetwork(subject, null, address, nowMs);
    return network.may === 'meet' ? null : network.because.id;
  }

  /**
   * Reads the sanctions in force into the cache.
   *
   * @returns whether a sanction changed
   * @throws StoreError; the cache is then unchanged
   */
  async read(nowMs: number): Promise<boolean> {
    const standing = await this.#store.run('standing.read', { nowMs, unless: this.#version });
    if (standing === null) return false;
    const { version, sanctions, holds, heldDevices, ageLifts } = standing;
    const bySubject = new Map<SubjectId, Sanction[]>();
    const byDevice = new Map<DeviceKeyId, Sanction[]>();
    const byNetwork = new Map<AnchorHash, Sanction[]>();
    const lengths = new Map<string, NetworkLength>();
    for (const sanction of sanctions) {
      const { on } = sanction;
      if (on.scope === 'subject') add(bySubject, on.subject, sanction);
      if (on.scope === 'device') add(byDevice, on.device, sanction);
      if (on.scope === 'prefix') {
        add(byNetwork, on.prefix, sanction);
        lengths.set(`${on.family}/${on.bits}`, { family: on.family, bits: on.bits });
      }
    }
    this.#bySubject = bySubject;
    this.#byDevice = byDevice;
    this.#byNetwork = byNetwork;
    this.#networkLengths = [...lengths.values()];
    const held = new Map<SubjectId | DeviceKeyId, Hold>();
    for (const hold of holds) held.set(hold.subject, hold);
    for (const hold of heldDevices) {
      held.set(hold.device, later(held.get(hold.device), hold) ?? hold);
    }
    this.#holds = held;
    this.#ageLifts = new Map(ageLifts.map(({ subject, endsAtMs }) => [subject, endsAtMs]));
    this.#version = version;
    return true;
  }

  #ofPerson(subject: SubjectId, device: DeviceKeyId | null, nowMs: number): Admission {
    const sanctions = [
      ...(this.#bySubject.get(subject) ?? []),
      ...(device === null ? [] : (this.#byDevice.get(device) ?? [])),
    ];
    if (sanctions.length === 0) return { may: 'meet' };
    return admit(sanctions, { subject, device, account: null, prefixes: [] }, nowMs);
  }

  #ofNetwork(
    subject: SubjectId,
    device: DeviceKeyId | null,
    address: IpAddress | null,
    nowMs: number,
  ): Admission {
    if (this.#networkLengths.length === 0 || address === null) return { may: 'meet' };
    const family = address.family === 4 ? 'v4' : 'v6';
    const prefixes = this.#networkLengths
      .filter((length) => length.family === family)
      .map(({ bits }) => this.#anchor.of(address, bits));
    const sanctions = prefixes.flatMap((prefix) => this.#byNetwork.get(prefix) ?? []);
    return admit(sanctions, { subject, device, account: null, prefixes }, nowMs);
  }

  #standingFor(
    admission: Admission,
    because: 'decision' | 'network',
    subject: SubjectId,
  ): Standing {
    if (admission.may === 'meet') return FREE;
    const { id, decision, endsAtMs, on } = admission.because;
    // A user who only shares a network or device must not read or use up the sanctioned user's
    // appeal. Such a user appeals against the shared sanction instead.
    const appeal =
      on.scope === 'subject'
        ? this.#codes.appealCode(decision)
        : this.#codes.sharedCode(id, subject);
    return { may: admission.may, because, appeal, endsAtWallMs: endsAtMs };
  }
}

function add<Key>(to: Map<Key, Sanction[]>, key: Key, sanction: Sanction): void {
  const known = to.get(key);
  if (known === undefined) to.set(key, [sanction]);
  else known.push(sanction);
}

function later(one: Hold | undefined, other: Hold | undefined): Hold | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return other.endsAtMs > one.endsAtMs ? other : one;
}
