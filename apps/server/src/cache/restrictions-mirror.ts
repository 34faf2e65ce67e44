import type { Known, Standing, Standings } from '@farandole/gateway/ports';
import { type IpAddress, parseIpAddress } from '@farandole/gateway/signal-policy/address';
import type { DeviceKeyId, SubjectId } from '@farandole/kernel/id';
import type { AnchorHash, SanctionId } from '@farandole/moderation/ids';
import { type Admission, admit } from '@farandole/moderation/sanctions/admission';
import type { Sanction, SanctionScope } from '@farandole/moderation/sanctions/sanction';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import type { NodeSigner } from '../keys/signer.ts';
import type { NetworkAnchor } from '../store/network-anchor.ts';

type NetworkLength = Pick<Extract<SanctionScope, { scope: 'prefix' }>, 'family' | 'bits'>;

const FREE: Standing = { may: 'meet' };

/**
 * Caches sanctions, so that neither a hello nor a search waits for the database. Read again after
 * each decision, made by this node or another.
 */
export class RestrictionsMirror implements Standings {
  readonly #store: Pick<ModerationStore, 'run'>;
  readonly #anchor: NetworkAnchor;
  readonly #codes: Pick<NodeSigner, 'appealCode' | 'sharedCode'>;
  #version: number | null = null;
  #bySubject: ReadonlyMap<SubjectId, readonly Sanction[]> = new Map();
  #byDevice: ReadonlyMap<DeviceKeyId, readonly Sanction[]> = new Map();
  #byNetwork: ReadonlyMap<AnchorHash, readonly Sanction[]> = new Map();
  /** Distinct prefix lengths of sanctioned networks. Mostly empty, and then no address is examined. */
  #networkLengths: readonly NetworkLength[] = [];
  /** By cookie and by device key. */
  #heldUntilMs: ReadonlyMap<SubjectId | DeviceKeyId, number> = new Map();

  constructor(
    store: Pick<ModerationStore, 'run'>,
    anchor: NetworkAnchor,
    codes: Pick<NodeSigner, 'appealCode' | 'sharedCode'>,
  ) {
    this.#store = store;
    this.#anchor = anchor;
    this.#codes = codes;
  }

  /** Changes whenever sanctions may have changed; null before the first `read`. */
  get version(): number | null {
    return this.#version;
  }

  of(known: Known, nowMs: number): Standing {
    const { subject, device } = known;
    const heldUntilMs = Math.max(
      this.#heldUntilMs.get(subject) ?? 0,
      this.#heldUntilMs.get(device) ?? 0,
    );
    const own = this.#ofPerson(subject, device, nowMs);
    if (own.may !== 'nothing' && heldUntilMs > nowMs) {
      return { may: 'nothing', because: 'hold', appeal: null, endsAtWallMs: heldUntilMs };
    }
    // Of equally strict sanctions the user's own is reported, because only that one can be appealed
    // directly.
    if (own.may === 'nothing') return this.#standingFor(own, 'decision', subject);
    const address = parseIpAddress(known.clientAddress);
    const network = this.#ofNetwork(subject, device, address, nowMs);
    if (network.may === 'nothing' || own.may === 'meet') {
      return this.#standingFor(network, 'network', subject);
    }
    return this.#standingFor(own, 'decision', subject);
  }

  /** The network sanction that blocks a user without a direct decision; null if there is none. */
  networkSanctionOf(subject: SubjectId, address: IpAddress, nowMs: number): SanctionId | null {
    if (this.#ofPerson(subject, null, nowMs).may === 'nothing') return null;
    const network = this.#ofNetwork(subject, null, address, nowMs);
    return network.may === 'meet' ? null : network.because.id;
  }

  /**
   * Reads the sanctions in force.
   *
   * @returns whether anything changed
   * @throws StoreError; the cache is unchanged
   */
  async read(nowMs: number): Promise<boolean> {
    const standing = await this.#store.run('standing.read', { nowMs, unless: this.#version });
    if (standing === null) return false;
    const { version, sanctions, holds, heldDevices } = standing;
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
    const heldUntilMs = new Map<SubjectId | DeviceKeyId, number>();
    for (const { subject, endsAtMs } of holds) heldUntilMs.set(subject, endsAtMs);
    for (const { device, endsAtMs } of heldDevices) {
      heldUntilMs.set(device, Math.max(heldUntilMs.get(device) ?? 0, endsAtMs));
    }
    this.#heldUntilMs = heldUntilMs;
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
    // appeal. They appeal against the shared sanction instead.
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
