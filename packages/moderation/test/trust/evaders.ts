import { brandId, type DeviceKeyId, type MatchId } from '@farandole/kernel/id';
import type { Prng } from '@farandole/kernel/prng';
import { Apart } from '@farandole/matchmaking/apart/apart';
import { NETWORK_APART_MS } from '@farandole/matchmaking/limits';
import { createMatchRules } from '@farandole/matchmaking/mode';
import { Pool } from '@farandole/matchmaking/pool';
import type { Proposal } from '@farandole/matchmaking/proposal';
import { createTicket, type Ticket } from '@farandole/matchmaking/ticket';

/**
 * Number of searches per seed. In most of them, a user who blocked the evader waits, so ten
 * seeds give a million such searches.
 */
const SEARCHES = 101_000;
/** Time between two searches. All searches together take a little more than a day. */
const STEP_MS = 1_000;
const WAITING = 100;
const EVADERS = 12;
const NETWORKS = 40;
/**
 * Share of the evaders' searches with a new browser on the old network. The other searches use
 * the old device on any network.
 */
const NEW_DEVICE = 0.5;
const MOVES = 0.02;
const PARTS = 0.7;
/** All waiting users search from this network, so they don't meet each other. */
const HALL = 'network-of-the-hall';

export interface EvaderOutcome {
  /** Number of meetings of a blocked user with a person who blocked this device or network. */
  readonly evaderMet: number;
  /** Number of a blocked user's searches during which somebody who blocked them waited. */
  readonly evaderSearches: number;
  /** Number of other meetings, which shows that the simulated pool pairs people at all. */
  readonly othersMet: number;
}

interface Evader {
  device: string;
  network: string;
}

interface Parting {
  readonly by: string;
  readonly atMs: number;
}

/**
 * Simulates blocked or reported users who come back with a new cookie for each search, either on
 * the old device, or on the old network with a new browser. The pool and `Apart` are those of a
 * real node. This file checks the result with its own list of blocks.
 */
export function simulateEvaders(prng: Prng, searches = SEARCHES): EvaderOutcome {
  return new EvaderWorld(prng).run(searches);
}

class EvaderWorld {
  readonly #prng: Prng;
  readonly #apart = new Apart();
  readonly #pool: Pool;
  /** Blocks by the device key and by the network of the blocked person. */
  readonly #partings = new Map<string, Parting[]>();
  #nowMs = 0;
  #names = 0;
  #met = 0;
  #others = 0;
  #tempted = 0;

  constructor(prng: Prng) {
    this.#prng = prng;
    this.#apart.advance(0);
    let matches = 0;
    this.#pool = new Pool(
      {
        rules: createMatchRules({ policyVersion: 1 }),
        facts: this.#apart,
        // Waiting tickets never search again, because each new ticket is compared with all of them
        // and nothing else changes.
        retryAfterMs: SEARCHES * STEP_MS,
        mintMatchId: () => brandId<MatchId>(`match-${String(matches++).padStart(8, '0')}`),
      },
      0,
    );
  }

  run(searches: number): EvaderOutcome {
    const evaders = Array.from({ length: EVADERS }, () => ({
      device: this.#fresh('device'),
      network: this.#anyNetwork(),
    }));
    for (let stranger = 0; stranger < WAITING; stranger++) {
      this.#pool.add(this.#ticket(this.#fresh('device'), this.#anyNetwork(), HALL), this.#nowMs);
    }
    for (let search = 0; search < searches; search++) {
      this.#nowMs += STEP_MS;
      this.#apart.advance(this.#nowMs);
      this.#search(this.#prng.pick(evaders));
    }
    return { evaderMet: this.#met, evaderSearches: this.#tempted, othersMet: this.#others };
  }

  #search(evader: Evader): void {
    if (this.#prng.chance(MOVES)) evader.network = this.#anyNetwork();
    const isNewDevice = this.#prng.chance(NEW_DEVICE);
    if (isNewDevice) evader.device = this.#fresh('device');
    const network = isNewDevice ? evader.network : this.#anyNetwork();
    const ticket = this.#ticket(evader.device, network, null);
    const parted = this.#partedFrom(ticket);
    if (parted.size > 0) this.#tempted += 1;
    this.#apart.see(ticket.subject);
    this.#pool.add(ticket, this.#nowMs);
    for (const proposal of this.#pool.runWave(this.#nowMs, this.#prng)) {
      this.#meet(proposal, ticket, parted);
    }
    this.#pool.withdraw(ticket.id);
  }

  #meet(proposal: Proposal, evader: Ticket, parted: ReadonlySet<string>): void {
    this.#pool.confirm(proposal.id);
    const other = proposal.tickets.find(({ id }) => id !== evader.id);
    if (other === undefined) return;
    if (parted.has(other.subject)) this.#met += 1;
    else this.#others += 1;
    if (this.#prng.chance(PARTS)) this.#part(other, evader);
    // Adds the person's ticket again, so that the same person may meet the evader again.
    const id = this.#fresh('ticket');
    this.#pool.add({ ...other, id: brandId(id) }, this.#nowMs);
  }

  #part(by: Ticket, of: Ticket): void {
    const { deviceKey: device, origin: network } = of;
    const parting = { by: by.subject, atMs: this.#nowMs };
    for (const name of [device, network ?? device]) {
      this.#partings.set(name, [...(this.#partings.get(name) ?? []), parting].slice(-WAITING));
    }
    this.#apart.separate({
      by: { subject: by.subject, device: by.deviceKey },
      of: { subject: of.subject, device },
      network,
      mark: this.#prng.chance(0.5) ? this.#fresh('mark') : null,
      isOwned: true,
    });
  }

  /** Returns the people who blocked this device at any time, or this network within a day. */
  #partedFrom({ deviceKey, origin }: Ticket): ReadonlySet<string> {
    const near = (this.#partings.get(origin ?? '') ?? []).filter(
      ({ atMs }) => this.#nowMs - atMs < NETWORK_APART_MS,
    );
    return new Set([...(this.#partings.get(deviceKey) ?? []), ...near].map(({ by }) => by));
  }

  #ticket(device: string, origin: string, network: string | null): Ticket {
    const made = createTicket({
      ...{ id: this.#fresh('ticket'), node: 'node-of-evaders', session: 'session-of-all' },
      ...{ subject: this.#fresh('subject'), deviceKey: brandId<DeviceKeyId>(device) },
      ...{ origin, network, mode: 'text' },
      ...{ ageBand: 'adult', ageState: 'declared', policyVersion: 1, sanctioned: false },
      ...{ tier: 'new', circle: 'normal', interests: [], onlyShared: false, languages: [] },
    });
    if (!made.ok) throw new Error(made.reason);
    return made.value;
  }

  #anyNetwork(): string {
    return `network-${this.#prng.below(NETWORKS)}`;
  }

  #fresh(noun: string): string {
    return `${noun}-${String(this.#names++).padStart(8, '0')}`;
  }
}
