import { assertDefined } from '@farandole/kernel/assert';
import type { Prng } from '@farandole/kernel/prng';
import { Crowd, type CrowdOptions } from './crowd.ts';
import { GroupCrowd } from './group-crowd.ts';
import type { AgeBand, MatchRules, ModeId, ModeRules } from './mode.ts';
import type { AtLeastTwo } from './seats.ts';
import type { TagUses } from './tag-uses.ts';
import type { Waiter } from './waiter.ts';
import { wishesNamed } from './widening.ts';

/** The waiting tickets of one mode and one age band, or a separate part of them. */
export interface AnyCrowd {
  readonly waiting: number;
  readonly backlog: number;
  /** Whether the tickets are paired in the rounds of an hour. */
  set isInRounds(isInRounds: boolean);
  enter(waiter: Waiter, nowMs: number): void;
  leave(waiter: Waiter): void;
  widened(waiter: Waiter, nowMs: number): void;
  noteUses(waiter: Waiter, uses: TagUses, nowMs: number): void;
  easeIfQuiet(nowMs: number): void;
  runWave(
    nowMs: number,
    prng: Prng,
    probesMax: number,
    onGroup: (group: AtLeastTwo<Waiter>, score: number) => void,
  ): number;
  holds(waiter: Waiter): boolean;
  check(): void;
}

/** The crowds of one mode and one age band, in the open pool or in one community. */
interface BandCrowds {
  readonly open: AnyCrowd;
  readonly restricted: AnyCrowd;
  /** Tickets of private meetings, so that they neither disturb nor are hidden by other tickets. */
  readonly private: AnyCrowd;
  /** Tickets of language exchanges. Absent if the server offers none. */
  readonly exchange?: AnyCrowd;
}

/** Crowds by mode and then by age band. A ticket never changes its crowd. */
type CrowdTable = ReadonlyMap<ModeId, ReadonlyMap<AgeBand, BandCrowds>>;

/**
 * All crowds of a pool. The open pool's crowds exist always. Those of a community exist from its
 * first waiting ticket until a wave begins while none waits, so that a server may have many
 * communities and pays only for those in use.
 */
export class Crowds {
  readonly #rules: MatchRules;
  readonly #options: Omit<CrowdOptions, 'wishes'>;
  readonly #open: CrowdTable;
  /** The crowds of ordinary tickets of the open pool. */
  readonly #ordinary: ReadonlySet<AnyCrowd>;
  /** The communities with waiting tickets, in the order in which their first ticket came. */
  readonly #communities = new Map<string, CrowdTable>();
  #roundMode: ModeId | null = null;

  constructor(rules: MatchRules, options: Omit<CrowdOptions, 'wishes'>, nowMs: number) {
    this.#rules = rules;
    this.#options = options;
    this.#open = this.#makeTable(nowMs);
    this.#ordinary = new Set(
      bandsOf(this.#open).flatMap(({ open, restricted }) => [open, restricted]),
    );
  }

  /**
   * Returns the crowds in the order in which a wave runs them.
   *
   * @param gathers whether the ordinary tickets of the open pool wait for a round
   */
  all(gathers = false): readonly AnyCrowd[] {
    const open = crowdsOf(this.#open).filter((crowd) => !gathers || !this.#ordinary.has(crowd));
    return [...open, ...[...this.#communities.values()].flatMap(crowdsOf)];
  }

  /**
   * Begins or ends the rounds of an hour, which only the open pool has.
   *
   * @param mode the mode of the hour that is on, or null
   */
  enterRounds(mode: ModeId | null): void {
    if (mode === this.#roundMode) return;
    this.#roundMode = mode;
    for (const [id, ofMode] of this.#open) {
      for (const { open, restricted } of ofMode.values()) {
        open.isInRounds = id === mode;
        restricted.isInRounds = id === mode;
      }
    }
  }

  /** Drops the crowds of communities in which no ticket waits. */
  prune(): void {
    for (const [name, table] of this.#communities) {
      if (crowdsOf(table).every(({ waiting }) => waiting === 0)) this.#communities.delete(name);
    }
  }

  of({ mode, ticket }: Waiter, nowMs: number): AnyCrowd {
    const { ageBand, circle, meeting, exchange } = ticket;
    const found = this.#tableOf(ticket.community, nowMs).get(mode)?.get(ageBand);
    const crowds = assertDefined(found, 'a ticket waits in no crowd');
    if (meeting !== undefined) return crowds.private;
    if (exchange !== undefined) return assertDefined(crowds.exchange, 'no exchange is offered');
    return circle === 'restricted' ? crowds.restricted : crowds.open;
  }

  #tableOf(community: string | undefined, nowMs: number): CrowdTable {
    if (community === undefined) return this.#open;
    const known = this.#communities.get(community);
    if (known !== undefined) return known;
    const table = this.#makeTable(nowMs);
    this.#communities.set(community, table);
    return table;
  }

  #makeTable(nowMs: number): CrowdTable {
    const table = new Map<ModeId, Map<AgeBand, BandCrowds>>();
    for (const [mode, rules] of this.#rules.modes) {
      const create = () => createCrowd(rules, this.#options, nowMs);
      const ofMode = new Map<AgeBand, BandCrowds>();
      for (const band of this.#rules.ageBands) {
        ofMode.set(band, {
          open: create(),
          restricted: create(),
          private: create(),
          ...(this.#rules.offersExchange && { exchange: create() }),
        });
      }
      table.set(mode, ofMode);
    }
    return table;
  }
}

function crowdsOf(table: CrowdTable): readonly AnyCrowd[] {
  return bandsOf(table).flatMap((crowds) => {
    const { open, restricted, private: meetings, exchange } = crowds;
    return [open, restricted, meetings, ...(exchange === undefined ? [] : [exchange])];
  });
}

function bandsOf(table: CrowdTable): readonly BandCrowds[] {
  return [...table.values()].flatMap((ofMode) => [...ofMode.values()]);
}

function createCrowd(
  { wishes: names, seats }: ModeRules,
  options: Omit<CrowdOptions, 'wishes'>,
  nowMs: number,
): AnyCrowd {
  const wishes = wishesNamed(names);
  const firstRole = seats[0]?.role ?? '';
  return seats.length > 2
    ? new GroupCrowd({ ...options, wishes, firstRole }, nowMs)
    : new Crowd({ ...options, wishes }, nowMs);
}
