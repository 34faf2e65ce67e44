import { assertDefined } from '@farandole/kernel/assert';
import type { Prng } from '@farandole/kernel/prng';
import { Crowd, type CrowdOptions } from './crowd.ts';
import { GroupCrowd } from './group-crowd.ts';
import type { RoundState } from './hours.ts';
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
  /** The communities with waiting tickets, in the order in which their first ticket came. */
  readonly #communities = new Map<string, CrowdTable>();
  /** The result of `all`, which every wave needs; null after a change of the communities. */
  #all: readonly AnyCrowd[] | null = null;
  /** The rounds of the hours that are on, at most one for each pool. */
  #rounds: readonly RoundState[] = [];

  constructor(rules: MatchRules, options: Omit<CrowdOptions, 'wishes'>, nowMs: number) {
    this.#rules = rules;
    this.#options = options;
    this.#open = this.#makeTable(nowMs);
  }

  all(): readonly AnyCrowd[] {
    this.#all ??= this.#crowdsWithout([]);
    return this.#all;
  }

  /**
   * Begins and ends the rounds of hours. Returns the crowds in the order in which a wave runs them,
   * without those whose tickets gather for a round.
   */
  enterRounds(rounds: readonly RoundState[]): readonly AnyCrowd[] {
    const isSame =
      rounds.length === this.#rounds.length &&
      rounds.every(({ mode, community }, at) => {
        const before = this.#rounds[at];
        return mode === before?.mode && community === before.community;
      });
    this.#rounds = rounds;
    if (!isSame) {
      this.#applyRounds(this.#open, undefined);
      for (const [name, table] of this.#communities) this.#applyRounds(table, name);
    }
    const gathering = rounds.filter(({ gathers }) => gathers);
    return gathering.length === 0 ? this.all() : this.#crowdsWithout(gathering);
  }

  /** Drops the crowds of communities in which no ticket waits. */
  prune(): void {
    for (const [name, table] of this.#communities) {
      if (crowdsOf(table).some(({ waiting }) => waiting > 0)) continue;
      this.#communities.delete(name);
      this.#all = null;
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
    this.#all = null;
    this.#applyRounds(table, community);
    return table;
  }

  #applyRounds(table: CrowdTable, name: string | undefined): void {
    const round = this.#rounds.find(({ community }) => community === name);
    for (const [mode, ofMode] of table) {
      for (const { open, restricted } of ofMode.values()) {
        open.isInRounds = mode === round?.mode;
        restricted.isInRounds = mode === round?.mode;
      }
    }
  }

  #crowdsWithout(gathering: readonly RoundState[]): readonly AnyCrowd[] {
    const of = (table: CrowdTable, name: string | undefined): readonly AnyCrowd[] =>
      crowdsOf(
        table,
        gathering.some(({ community }) => community === name),
      );
    return [
      ...of(this.#open, undefined),
      ...[...this.#communities].flatMap(([name, table]) => of(table, name)),
    ];
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

/** @param gathers whether to leave out the ordinary tickets, which wait for a round */
function crowdsOf(table: CrowdTable, gathers = false): readonly AnyCrowd[] {
  const bands = [...table.values()].flatMap((ofMode) => [...ofMode.values()]);
  return bands.flatMap(({ open, restricted, private: meetings, exchange }) => [
    ...(gathers ? [] : [open, restricted]),
    meetings,
    ...(exchange === undefined ? [] : [exchange]),
  ]);
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
