import { REJECTED_REMEMBERED_MS, SOCKETS_CLOSED_WITHIN_MS } from '@farandole/cluster/limits';
import type { NodeId } from '@farandole/kernel/id';
import type { ServerMessage, ServerMessageOf } from '@farandole/protocol/server-message';
import type { Gateway } from '../../../src/gateway.ts';
import type { JournalRecord } from '../../../src/ports.ts';
import type { MeetingWish } from '../letters.ts';
import { NODE_NOTICES_MS } from '../network.ts';
import type { Page } from '../page.ts';
import { COOLDOWN_MS } from '../rules.ts';
import type { Scheduler } from '../scheduler.ts';
import { check } from '../violation.ts';
import { ClusterBlocks } from './cluster-blocks.ts';
import { ClusterSuspensions } from './cluster-suspensions.ts';
import type { SimIdentities } from './sim-identities.ts';

/** A match that one page saw is seen by the other page within this time. */
const SEEN_WITHIN_MS = 8_000;
/**
 * A failure this long before or after the first page saw a match excuses the other page. A page
 * itself needs longer to give up a silent socket.
 */
const FAILED_BEFORE_MS = 8_000;
const FAILED_AFTER_MS = 4_000;
const TIMES_KEPT = 20;
/** Longest wait of two users who may meet, once nothing fails: widening, a new epoch and 2 s. */
const WAIT_MAX_MS = 25_000;
/** The dates of two nodes differ by at most a minute, and a rejected pair waits a while. */
const COOLDOWN_SLACK_MS = 60_000 + REJECTED_REMEMBERED_MS + 5_000;

/** A declaration of a minor holds on every node after this time, while store and nodes work. */
const REFUSED_WITHIN_MS = 2_000;

/** A suspension holds on every node after this time, while store and nodes work. */
const SUSPENDED_WITHIN_MS = 2_000;
/** Longest time until a page hears what its node said, while no message is lost or late. */
const HEARD_WITHIN_MS = 300;
/** Longest time that a message between nodes takes while messages are lost or late. */
const SLOW_MESSAGE_MS = 2_000;
/** Other nodes give up a node that died within this time, and then close its users' sockets. */
const DEATH_KNOWN_AFTER_MS = 5_000 + SOCKETS_CLOSED_WITHIN_MS;

/**
 * A page that has been connected for this long, while nothing failed, has told its node of the call
 * that it ended.
 */
const END_KNOWN_AFTER_MS = 5_000;

interface Match {
  readonly subjects: readonly string[];
  /** The private meeting for which each user waited, or null, as the user saw the match. */
  readonly seenBy: Map<string, PrivateMeeting | null>;
  /** The communities in which its users searched. Null is the open pool. */
  readonly communities: Set<string | null>;
}

interface PrivateMeeting {
  readonly key: string;
  /** Two users with the same seat never meet. */
  readonly seat: boolean | string;
}

export interface NodeAtRest {
  readonly name: string;
  readonly sizes: Readonly<Record<string, number>>;
  readonly subjects: readonly string[];
  readonly epoch: number | null;
}

/**
 * Checks what a cluster promises its users. Hears what pages hear, records on their way to the
 * store, which generation of a session each node commits, and the nodes' sizes at rest.
 */
export class ClusterOracle {
  readonly counts = {
    ...{ sessions: 0, resumed: 0, matches: 0, restored: 0, blocks: 0, lines: 0 },
    /** Sessions that moved to a call, and that came to the node with the socket or came back. */
    ...{ moved: 0, adopted: 0, excused: 0, minors: 0 },
    ...{ unblocks: 0, privately: 0, inCommunity: 0, notRestored: 0, questions: 0 },
  };
  readonly standings: ClusterSuspensions;
  readonly #scheduler: Scheduler;
  readonly #identities: SimIdentities;
  readonly #commits = new Map<string, NodeId>();
  readonly #generations = new Map<string, number>();
  readonly #matches = new Map<string, Match>();
  readonly #metAtMs = new Map<string, number>();
  readonly #blocks: ClusterBlocks;
  /** Private meetings for which users wait or waited, by page and ticket. */
  readonly #meetings = new Map<string, PrivateMeeting>();
  /** Communities in which users search or searched, by page and ticket. */
  readonly #communities = new Map<string, string>();
  /** Roles in which users search or searched for a question, by page and ticket. */
  readonly #roles = new Map<string, 'asker' | 'answerer'>();
  /** Hosts of the invitations. */
  readonly #hosts = new Map<string, string>();
  /** When the declaration of a minor on a device was first stored. */
  readonly #minorsMs = new Map<string, number>();
  #storeFailedMs = Number.NEGATIVE_INFINITY;
  #messagesFailedMs = Number.NEGATIVE_INFINITY;
  /** Until when the nodes may take a user's socket that fell silent for an open one. */
  readonly #silentUntilMs = new Map<string, number>();
  /** Latest times at which a user's socket opened or closed. */
  readonly #lossesMs = new Map<string, readonly number[]>();
  /** Which page ended a call, and when, by match. */
  readonly #ends = new Map<string, { readonly page: Page; readonly atMs: number }>();
  /** The match whose call a page ended last. */
  readonly #latestEnd = new Map<Page, string>();
  /** When each page was last connected. */
  readonly #connectedAtMs = new Map<Page, number>();
  readonly #searchingSinceMs = new Map<Page, number>();
  readonly #lines = new Map<string, number>();
  #failuresMs: readonly number[] = [];
  #largestEpoch = 0;

  constructor(scheduler: Scheduler, identities: SimIdentities) {
    this.#scheduler = scheduler;
    this.#identities = identities;
    this.#blocks = new ClusterBlocks(scheduler, identities);
    this.standings = new ClusterSuspensions(scheduler, identities);
  }

  /** A node died, stopped or was cut off, so what it just did may be lost. */
  nodeFails(): void {
    this.#failuresMs = [...this.#failuresMs, this.#scheduler.nowMs].slice(-TIMES_KEPT);
  }

  /** A node opened a user's socket. */
  socketOpened(subject: string): void {
    this.#silentUntilMs.delete(subject);
    this.socketLost(subject);
  }

  /**
   * A user's socket fell silent. If the user comes back with another cookie, the node doesn't learn
   * of the loss until it gives up the socket.
   */
  socketSilent(subject: string): void {
    this.#silentUntilMs.set(subject, this.#scheduler.nowMs + NODE_NOTICES_MS);
    this.socketLost(subject);
  }

  /** A user's socket opened or closed. */
  socketLost(subject: string): void {
    const losses = this.#lossesMs.get(subject) ?? [];
    this.#lossesMs.set(subject, [...losses, this.#scheduler.nowMs].slice(-TIMES_KEPT));
  }

  /** Observes which generations of sessions a node commits (W1). */
  watch(node: NodeId, { moves }: Gateway): void {
    const adopt = moves.adopt.bind(moves);
    moves.adopt = (given, now) => {
      const isAdopted = adopt(given, now);
      if (isAdopted) {
        this.counts.adopted += 1;
        this.#noteCommit(given.snapshot.session, given.generation, node);
      }
      return isAdopted;
    };
    const take = moves.take.bind(moves);
    moves.take = (id, match, given, now) => {
      const isTaken = take(id, match, given, now);
      if (isTaken) {
        this.counts.moved += 1;
        this.#noteCommit(given.snapshot.session, given.generation, node);
      }
      return isTaken;
    };
  }

  appended(record: JournalRecord): void {
    if (record.kind !== 'encounter') return;
    const { match, subjects } = record;
    const isNew = !this.#matches.has(match);
    for (const [one, other] of pairsOf(subjects)) {
      this.#metAtMs.set(this.#pairOf([one, other]), this.#scheduler.nowMs);
      const bar = isNew ? this.#blocks.barBetween([one, other]) : null;
      check(bar === null, 'W5', `${one} meets ${other} in ${match} after ${bar}`);
    }
    if (!isNew) return;
    this.#matches.set(match, { subjects, seenBy: new Map(), communities: new Set() });
    if (subjects.length > 2) this.counts.questions += 1;
    for (const subject of subjects) {
      this.#checkAge(subject, match);
      const isLate = this.#isSuspendedLong(subject);
      check(!isLate, 'W10', `${subject} is suspended, and matched in ${match}`);
    }
  }

  /** A record is in the store. */
  stored(record: JournalRecord): void {
    if (record.kind !== 'age-refused' || record.device === undefined) return;
    this.counts.minors += 1;
    const { nowMs } = this.#scheduler;
    if (!this.#minorsMs.has(record.device)) this.#minorsMs.set(record.device, nowMs);
  }

  /** The store can't be read, or only slowly, for so long. */
  storeFails(forMs: number): void {
    this.#storeFailedMs = Math.max(this.#storeFailedMs, this.#scheduler.nowMs + forMs);
  }

  /** Messages between nodes may be lost or late for so long. */
  messagesFail(forMs: number): void {
    this.#messagesFailedMs = Math.max(this.#messagesFailedMs, this.#scheduler.nowMs + forMs);
  }

  blockSent(by: string, match: string): void {
    const known = this.#matches.get(match);
    if (known !== undefined) this.#blocks.sent(by, known.subjects, match);
  }

  removalSent(by: string, match: string): void {
    this.#blocks.removalSent(by, match);
  }

  blockRemoved(by: string, match: string): void {
    this.counts.unblocks += 1;
    this.#blocks.removed(by, match);
  }

  /** The user of a page ends a call. */
  callEnded(page: Page, match: string): void {
    if (this.#ends.has(match)) return;
    this.#ends.set(match, { page, atMs: this.#scheduler.nowMs });
    this.#latestEnd.set(page, match);
  }

  /** A page asks or answers questions. */
  questionSent(page: Page, ticket: string, role: 'asker' | 'answerer'): void {
    this.#roles.set(`${page.client.name} ${ticket}`, role);
  }

  /** A page searches for a private meeting. */
  searchSent(page: Page, ticket: string, { by, token }: MeetingWish, match: string | null): void {
    const { subject } = page.log;
    const isHost = by === 'invitation' && this.#hosts.get(token) === subject;
    const key = by === 'invitation' ? token : `again ${match}`;
    // The two users of an earlier call have different seats, whoever they are.
    this.#meetings.set(`${page.client.name} ${ticket}`, {
      key,
      seat: by === 'again' ? subject : isHost,
    });
  }

  /** A page searches in a community. */
  searchSentIn(page: Page, ticket: string, community: string): void {
    this.#communities.set(`${page.client.name} ${ticket}`, community);
  }

  pageHears(page: Page, message: ServerMessage): void {
    const { subject } = page.log;
    switch (message.type) {
      case 'session.opened':
        this.counts.sessions += 1;
        this.#connectedAtMs.set(page, this.#scheduler.nowMs);
        this.#searchingSinceMs.delete(page);
        return;
      case 'session.resumed':
        this.counts.resumed += 1;
        this.#connectedAtMs.set(page, this.#scheduler.nowMs);
        return;
      case 'ticket.accepted':
        this.#searchingSinceMs.set(page, this.#scheduler.nowMs);
        return;
      case 'ticket.refused':
      case 'ticket.withdrawn':
        this.#searchingSinceMs.delete(page);
        return;
      case 'match.found':
        this.#searchingSinceMs.delete(page);
        this.#found(page, message);
        return;
      case 'call.restored':
        this.counts.restored += 1;
        return;
      case 'call.ended':
        if (message.reason === 'not-restored') this.#checkWaited(subject, message.match);
        return;
      case 'block.accepted': {
        this.counts.blocks += 1;
        this.#blocks.accepted(subject, message.match);
        return;
      }
      case 'invitation.created':
        this.#hosts.set(message.invitation, subject);
        return;
      case 'chat.line': {
        this.counts.lines += 1;
        const { counters } = message.line;
        const at = counters.reduce((sum, count) => sum + count);
        const key = `${page.client.name} ${message.match}`;
        const isNew = at > (this.#lines.get(key) ?? 0);
        check(isNew, 'I6', `${subject} gets line ${at} of ${message.match} again`);
        this.#lines.set(key, at);
        return;
      }
      default:
        return;
    }
  }

  /**
   * Checks that no suspended user is connected, and that no connected user is in a call with one or
   * waits to restore one (W10).
   */
  checkSuspended(pages: readonly Page[]): void {
    for (const page of pages) {
      if (!page.isAttached || page.connection?.isHealthy !== true) continue;
      const { subject: own } = page.log;
      const { call } = page.client;
      const others = call === null ? [] : (this.#matches.get(call.match)?.subjects ?? []);
      const connectedAtMs = this.#connectedAtMs.get(page) ?? Number.POSITIVE_INFINITY;
      const failedAtMs = this.#failuresMs.at(-1) ?? 0;
      // A page that connected after a failure has a node that works. The node may have said so
      // just before it died.
      const heardMs = HEARD_WITHIN_MS + (failedAtMs < this.#messagesFailedMs ? SLOW_MESSAGE_MS : 0);
      const isNew = connectedAtMs > failedAtMs + heardMs;
      const knowsAtMs = isNew ? connectedAtMs : failedAtMs + DEATH_KNOWN_AFTER_MS;
      for (const subject of new Set([own, ...others])) {
        const isLate = this.#isSuspendedLong(subject, knowsAtMs);
        const what = call === null ? 'connected' : `in ${call.match} or waits to restore it`;
        check(!isLate, 'W10', `${subject} is suspended, and ${own} is ${what}`);
      }
    }
  }

  checkAtRest(nodes: readonly NodeAtRest[], pages: readonly Page[]): void {
    const sum = (size: string): number =>
      nodes.reduce((total, { sizes }) => total + (sizes[size] ?? 0), 0);
    const [atEdge, atHome] = [sum('edges'), sum('homes')];
    check(atEdge === atHome, 'W3', `${atEdge} edges have sockets of ${atHome} homes`);
    const homes = new Map<string, string>();
    for (const { name, sizes, subjects } of nodes) {
      for (const size of ['inDoubt', 'moving', 'questions'] as const) {
        check(sizes[size] === 0, 'W3', `${name} has ${sizes[size]} ${size}`);
      }
      for (const subject of subjects) {
        const other = homes.get(subject);
        check(other === undefined, 'W3', `${subject} has sessions at ${other} and ${name}`);
        homes.set(subject, name);
      }
    }
    for (const page of pages) {
      const { subject } = page.log;
      // An idle page sends no pings, so it doesn't notice that the node has lost its socket.
      const isOpen = page.isAttached && page.connection?.isOpenAtNode === true;
      if (isOpen) check(homes.has(subject), 'W3', `${subject} is at no node`);
    }
    this.#checkWriter(nodes);
    this.#checkWaiting(pages);
  }

  #noteCommit(session: string, generation: number, node: NodeId): void {
    const key = `${session} ${generation}`;
    const before = this.#commits.get(key);
    check(before === undefined, 'W1', `${node} commits ${key}, as ${before} did`);
    const largest = this.#generations.get(session) ?? 1;
    check(generation > largest, 'W1', `${node} commits ${key} after ${largest}`);
    this.#commits.set(key, node);
    this.#generations.set(session, generation);
  }

  #found(page: Page, { match, ticket }: ServerMessageOf<'match.found'>): void {
    const { subject } = page.log;
    const known = this.#matches.get(match);
    check(known !== undefined, 'W2', `${subject} sees ${match}, which no node recorded`);
    const isFirst = known.seenBy.size === 0;
    const meeting = this.#meetings.get(`${page.client.name} ${ticket}`) ?? null;
    for (const [other, theirs] of known.seenBy) {
      const fits = other === subject || fitsMeeting(meeting, theirs);
      check(fits, 'W8', `${subject} and ${other} meet in ${match} for different meetings`);
    }
    known.seenBy.set(subject, meeting);
    const community = this.#communities.get(`${page.client.name} ${ticket}`) ?? null;
    known.communities.add(community);
    check(known.communities.size === 1, 'I15', `${match} mixes communities`);
    if (community !== null) this.counts.inCommunity += 1;
    if (meeting !== null) this.counts.privately += 1;
    if (!isFirst) return;
    this.counts.matches += 1;
    const foundAtMs = this.#scheduler.nowMs;
    const silent = known.subjects.filter(
      (other) => foundAtMs < (this.#silentUntilMs.get(other) ?? 0),
    );
    this.#scheduler.after(SEEN_WITHIN_MS, () => {
      for (const other of known.subjects) {
        if (known.seenBy.has(other)) continue;
        this.counts.excused += 1;
        const hasFailed = [...(this.#lossesMs.get(other) ?? []), ...this.#failuresMs].some(
          (atMs) => atMs > foundAtMs - FAILED_BEFORE_MS && atMs < foundAtMs + FAILED_AFTER_MS,
        );
        check(
          hasFailed || silent.includes(other),
          'W2',
          `${other} does not see ${match}, which ${subject} saw`,
        );
      }
    });
  }

  /** Checks that a user didn't wait in vain to restore a call that the peer had ended (W9). */
  #checkWaited(subject: string, match: string): void {
    this.counts.notRestored += 1;
    const end = this.#ends.get(match);
    if (end === undefined || end.page.log.subject === subject || !end.page.isAttached) return;
    const ender = end.page;
    const sinceMs = this.#scheduler.nowMs - END_KNOWN_AFTER_MS;
    const isKnown = (this.#connectedAtMs.get(ender) ?? Number.POSITIVE_INFINITY) < sinceMs;
    // A page repeats only its latest end, so an earlier one may be lost with the node that knew it.
    const isRepeated = this.#latestEnd.get(ender) === match;
    const unsureSinceMs = isRepeated ? sinceMs : end.atMs;
    const hasFailed = this.#failuresMs.some((atMs) => atMs > unsureSinceMs);
    const what = `${subject} waited to restore ${match}, which ${ender.log.subject} had ended`;
    check(!isKnown || hasFailed, 'W9', what);
  }

  #checkWriter(nodes: readonly NodeAtRest[]): void {
    const epochs = nodes.flatMap(({ epoch }) => (epoch === null ? [] : [epoch]));
    check(epochs.length === 1, 'W6', `${epochs.length} nodes write the pool`);
    const [epoch = 0] = epochs;
    check(epoch >= this.#largestEpoch, 'W6', `epoch ${epoch} after ${this.#largestEpoch}`);
    this.#largestEpoch = epoch;
  }

  #checkWaiting(pages: readonly Page[]): void {
    const { nowMs } = this.#scheduler;
    const waiting = pages.filter((page) => {
      const sinceMs = this.#searchingSinceMs.get(page) ?? Number.POSITIVE_INFINITY;
      return page.isAttached && page.client.search !== null && nowMs - sinceMs > WAIT_MAX_MS;
    });
    const told = (those: readonly Page[]) =>
      `${those.map(({ log }) => log.subject).join(' and ')} wait for more than ${WAIT_MAX_MS} ms`;
    const roleOf = (page: Page) => this.#roleOf(page);
    for (const two of pairsOf(waiting.filter((page) => roleOf(page) === null))) {
      check(!this.#mayMeet(two), 'W4', told(two));
    }
    const answerers = pairsOf(waiting.filter((page) => roleOf(page) === 'answerer'));
    for (const asker of waiting.filter((page) => roleOf(page) === 'asker')) {
      for (const two of answerers) {
        const three = [asker, ...two];
        const mayMeet = pairsOf(three).every((each) => this.#mayMeet(each));
        check(!mayMeet, 'W4', told(three));
      }
    }
  }

  #mayMeet([one, other]: readonly [Page, Page]): boolean {
    const subjects = [one.log.subject, other.log.subject] as const;
    const pair = this.#pairOf(subjects);
    const [meeting, theirs] = [this.#meetingOf(one), this.#meetingOf(other)];
    const { nowMs } = this.#scheduler;
    const metAgoMs = nowMs - (this.#metAtMs.get(pair) ?? Number.NEGATIVE_INFINITY);
    const isOver = meeting !== null || metAgoMs > COOLDOWN_MS + COOLDOWN_SLACK_MS;
    const areApart = this.#isOne(subjects) || this.#blocks.mayBeApart(subjects);
    const fits =
      fitsMeeting(meeting, theirs) && this.#communityOf(one) === this.#communityOf(other);
    return fits && isOver && !areApart;
  }

  #roleOf({ client: { name, search } }: Page): 'asker' | 'answerer' | null {
    return this.#roles.get(`${name} ${search}`) ?? null;
  }

  /** Names two users by their devices, because blocks and meetings hold for all their cookies. */
  #pairOf(subjects: readonly string[]): string {
    return subjects
      .map((subject) => this.#identities.deviceOf(subject))
      .toSorted()
      .join(' and ');
  }

  #meetingOf({ client: { name, search } }: Page): PrivateMeeting | null {
    return this.#meetings.get(`${name} ${search}`) ?? null;
  }

  #communityOf({ client: { name, search } }: Page): string | null {
    return this.#communities.get(`${name} ${search}`) ?? null;
  }

  #isOne(subjects: readonly string[]): boolean {
    return new Set(subjects.map((subject) => this.#identities.deviceOf(subject))).size === 1;
  }

  /**
   * @param pageKnowsAtMs when a page that hears of the suspension knew what its node knew; null if
   * no page must hear of it
   */
  #isSuspendedLong(subject: string, pageKnowsAtMs: number | null = null): boolean {
    const sinceMs = this.standings.sinceMs(subject);
    if (sinceMs === null) return false;
    const { nowMs } = this.#scheduler;
    const failedMs = Math.max(this.#storeFailedMs, this.#failuresMs.at(-1) ?? 0);
    const knownAtMs = Math.max(sinceMs, failedMs, pageKnowsAtMs ?? 0);
    const isSlow = pageKnowsAtMs !== null && nowMs < this.#messagesFailedMs;
    return nowMs - knownAtMs > SUSPENDED_WITHIN_MS + (isSlow ? SLOW_MESSAGE_MS : 0);
  }

  /** Checks that no match has a user on whose device a minor was declared a while ago (W7). */
  #checkAge(subject: string, match: string): void {
    const storedAtMs = this.#minorsMs.get(this.#identities.deviceOf(subject));
    if (storedAtMs === undefined) return;
    const sinceMs = Math.max(storedAtMs, this.#storeFailedMs, this.#failuresMs.at(-1) ?? 0);
    const isLate = this.#scheduler.nowMs - sinceMs > REFUSED_WITHIN_MS;
    check(!isLate, 'W7', `${subject} is in ${match} after a minor was declared on the device`);
  }
}

/** Whether two users wait for one private meeting, on different seats, or both for none. */
function fitsMeeting(one: PrivateMeeting | null, other: PrivateMeeting | null): boolean {
  if (one === null || other === null) return one === other;
  return one.key === other.key && one.seat !== other.seat;
}

function pairsOf<Item>(items: readonly Item[]): readonly (readonly [Item, Item])[] {
  return items.flatMap((one, at) => items.slice(at + 1).map((other) => [one, other] as const));
}
