import {
  brandId,
  type DeviceKeyId,
  isCommunityName,
  isId,
  type NodeId,
  type SessionId,
  type SubjectId,
  type TicketId,
} from '@farandole/kernel/id';
import { ok, type Result, refused } from '@farandole/kernel/result';
import {
  createExchange,
  type Exchange,
  type ExchangeInput,
  type ExchangeRefusal,
  languagesOf,
} from './exchange.ts';
import { type InterestRefusal, normaliseInterest } from './interest.ts';
import { type LanguageRefusal, normaliseLanguage } from './language.ts';
import { POLICY_VERSION_MAX, TICKET_INTERESTS_MAX, TICKET_LANGUAGES_MAX } from './limits.ts';
import { type AgeBand, type AgeState, isAgeState, isName, type ModeId } from './mode.ts';
import { isSegment, isTier, type Segment, type Tier } from './segment.ts';

/**
 * A private meeting of two users, by invitation or because they met before. The host or the first
 * seat of the earlier call has seat `a`.
 */
export interface Meeting {
  readonly key: string;
  readonly seat: 'a' | 'b';
  readonly by: MeetingBy;
}

export type MeetingBy = 'invitation' | 'again';

/** One search of a user. Immutable plain data, because nodes send it to each other as JSON. */
export interface Ticket {
  readonly id: TicketId;
  /** The node that owns the ticket and alone knows whether it is still open. */
  readonly node: NodeId;
  readonly session: SessionId;
  readonly subject: SubjectId;
  readonly deviceKey: DeviceKeyId;
  readonly mode: ModeId;
  /**
   * Lowest mode at which the user agrees to start. Absent if the user agrees only to `mode`, in a
   * private meeting, and in tickets of nodes of an earlier version.
   */
  readonly lowest?: ModeId;
  /** The seat that the user wants, in a mode whose seats have different roles. Absent in others. */
  readonly role?: string;
  readonly ageBand: AgeBand;
  readonly ageState: AgeState;
  readonly policyVersion: number;
  readonly sanctioned: boolean;
  /** Identifies the user's network. Null if users of one network may meet. */
  readonly network: string | null;
  /** Keyed hash of the user's network, for keeping users apart. Null without a network. */
  readonly origin: string | null;
  /** Whether the user has earned trust. A new cookie of the same person hasn't. */
  readonly proven: boolean;
  readonly tier: Tier;
  /** Part of the pool in which the user searches. `restricted` if and only if `tier` is. */
  readonly circle: Segment;
  /** Normalized interests in the user's order, without duplicates. */
  readonly interests: readonly string[];
  /** Whether the user accepts only people who share an interest. False if they named none. */
  readonly onlyShared: boolean;
  /** Canonical BCP 47 tags without duplicates. Empty if the user named no language. */
  readonly languages: readonly string[];
  /** Whether the client has prepared a WebRTC offer, which makes the call connect faster. */
  readonly hasOffer: boolean;
  /**
   * The private meeting for which the user waits. Absent in an ordinary search, and in tickets of
   * nodes of an earlier version.
   */
  readonly meeting?: Meeting;
  /**
   * Name of the community in which the user searches. Absent in the open pool, in a private
   * meeting, and in tickets of nodes of an earlier version.
   */
  readonly community?: string;
  /**
   * The language exchange that the user seeks. Absent in an ordinary search, in a private meeting,
   * and in tickets of nodes of an earlier version.
   */
  readonly exchange?: Exchange;
}

/** The fields of a ticket before validation. */
export interface TicketInput {
  readonly id: string;
  readonly node: string;
  readonly session: string;
  readonly subject: string;
  readonly deviceKey: string;
  readonly mode: string;
  readonly lowest?: string | undefined;
  readonly role?: string | undefined;
  readonly ageBand: string;
  readonly ageState: string;
  readonly policyVersion: number;
  readonly sanctioned: boolean;
  readonly network?: string | null;
  readonly origin?: string | null;
  readonly proven?: boolean;
  readonly tier: string;
  readonly circle: string;
  readonly interests: readonly string[];
  readonly onlyShared: boolean;
  readonly languages: readonly string[];
  readonly hasOffer?: boolean;
  readonly meeting?: Meeting | undefined;
  readonly community?: string | undefined;
  readonly exchange?: ExchangeInput | undefined;
}

export type TicketRefusal =
  | 'id-malformed'
  | 'mode-malformed'
  | 'role-malformed'
  | 'age-band-malformed'
  | 'age-state-unknown'
  | 'policy-version-malformed'
  | 'circle-malformed'
  | 'community-malformed'
  | 'too-many-interests'
  | 'too-many-languages'
  | InterestRefusal
  | LanguageRefusal
  | ExchangeRefusal;

/**
 * Validates and normalizes a ticket. Never throws. Returns the first fault. Whether the ticket
 * may wait is decided by `mayWait` (mode, age band, age state, policy version, sanctions).
 */
export function createTicket(input: TicketInput): Result<Ticket, TicketRefusal> {
  const ids = [input.id, input.node, input.session, input.subject, input.deviceKey];
  if (!ids.every(isId)) return refused('id-malformed');
  const { network = null, origin = null, meeting, community } = input;
  if (network !== null && !isId(network)) return refused('id-malformed');
  if (origin !== null && !isId(origin)) return refused('id-malformed');
  if (meeting !== undefined && !isId(meeting.key)) return refused('id-malformed');
  const { mode, lowest, role } = input;
  if (!isName(mode)) return refused('mode-malformed');
  if (lowest !== undefined && !isName(lowest)) return refused('mode-malformed');
  if (role !== undefined && !isName(role)) return refused('role-malformed');
  if (!isName(input.ageBand)) return refused('age-band-malformed');
  if (!isAgeState(input.ageState)) return refused('age-state-unknown');
  if (!isPolicyVersion(input.policyVersion)) return refused('policy-version-malformed');
  const { tier, circle } = input;
  if (!isTier(tier) || !isSegment(circle)) return refused('circle-malformed');
  if ((tier === 'restricted') !== (circle === 'restricted')) return refused('circle-malformed');
  if (community !== undefined && !isCommunityName(community)) return refused('community-malformed');
  // Whom a user meets privately is certain, so the user has no wishes.
  const wishes = meeting === undefined ? input : { interests: [], languages: [] };
  const interests = normaliseInterests(wishes.interests);
  if (!interests.ok) return interests;
  const exchange =
    meeting === undefined && input.exchange !== undefined ? createExchange(input.exchange) : null;
  if (exchange?.ok === false) return exchange;
  // In an exchange only its languages matter. The pool finds complementary users by them.
  const languages = normaliseLanguages(
    exchange === null ? wishes.languages : languagesOf(exchange.value),
  );
  if (!languages.ok) return languages;
  return ok({
    id: brandId<TicketId>(input.id),
    node: brandId<NodeId>(input.node),
    session: brandId<SessionId>(input.session),
    subject: brandId<SubjectId>(input.subject),
    deviceKey: brandId<DeviceKeyId>(input.deviceKey),
    mode,
    ...(lowest !== undefined && lowest !== mode && meeting === undefined && { lowest }),
    ...(role !== undefined && { role }),
    ageBand: input.ageBand,
    ageState: input.ageState,
    policyVersion: input.policyVersion,
    sanctioned: input.sanctioned,
    network,
    origin,
    proven: input.proven ?? false,
    tier,
    circle,
    interests: interests.value,
    // Clears the flag if the user has no interests, because such a user accepts anyone.
    onlyShared: input.onlyShared && interests.value.length > 0,
    languages: languages.value,
    hasOffer: input.hasOffer ?? false,
    ...(meeting !== undefined && { meeting }),
    ...(community !== undefined && meeting === undefined && { community }),
    ...(exchange !== null && { exchange: exchange.value }),
  });
}

function normaliseInterests(
  texts: readonly string[],
): Result<readonly string[], 'too-many-interests' | InterestRefusal> {
  if (texts.length > TICKET_INTERESTS_MAX) return refused('too-many-interests');
  return normaliseEach(texts, normaliseInterest);
}

function normaliseLanguages(
  tags: readonly string[],
): Result<readonly string[], 'too-many-languages' | LanguageRefusal> {
  if (tags.length > TICKET_LANGUAGES_MAX) return refused('too-many-languages');
  return normaliseEach(tags, normaliseLanguage);
}

function normaliseEach<Reason extends string>(
  texts: readonly string[],
  normalise: (text: string) => Result<string, Reason>,
): Result<readonly string[], Reason> {
  const merged = new Set<string>();
  for (const text of texts) {
    const normalised = normalise(text);
    if (!normalised.ok) return normalised;
    merged.add(normalised.value);
  }
  return ok([...merged]);
}

function isPolicyVersion(version: number): boolean {
  return Number.isInteger(version) && version >= 0 && version <= POLICY_VERSION_MAX;
}
