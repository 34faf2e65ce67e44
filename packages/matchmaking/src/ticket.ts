import {
  brandId,
  type DeviceKeyId,
  isId,
  type NodeId,
  type SessionId,
  type SubjectId,
  type TicketId,
} from '@farandole/kernel/id';
import { ok, type Result, refused } from '@farandole/kernel/result';
import { type Circle, isCircle, isTier, type Tier } from './circle.ts';
import { type InterestRefusal, normaliseInterest } from './interest.ts';
import { type LanguageRefusal, normaliseLanguage } from './language.ts';
import { POLICY_VERSION_MAX, TICKET_INTERESTS_MAX, TICKET_LANGUAGES_MAX } from './limits.ts';
import { type AgeBand, type AgeState, isAgeState, isName, type ModeId } from './mode.ts';

/**
 * One person's wish to be matched, once. It never changes; whoever wants something else withdraws
 * it and brings another. Made of plain data only, so that it may travel between nodes as JSON.
 */
export interface Ticket {
  readonly id: TicketId;
  /** The node whose gateway owns the ticket and alone may say whether it is still open. */
  readonly node: NodeId;
  readonly session: SessionId;
  readonly subject: SubjectId;
  readonly deviceKey: DeviceKeyId;
  readonly mode: ModeId;
  readonly ageBand: AgeBand;
  readonly ageState: AgeState;
  /** The version of the house rules that the person agreed to. */
  readonly policyVersion: number;
  /** Whether a sanction keeps the person from meeting anybody. */
  readonly sanctioned: boolean;
  /** By what the network is known that they search from; null where people of one network may meet. */
  readonly network: string | null;
  /** What is known of the person. */
  readonly tier: Tier;
  /** Among whom they look; `restricted` exactly where the tier is. */
  readonly circle: Circle;
  /** Normalised, without repetition, in the order that the person gave. */
  readonly interests: readonly string[];
  /** "Only people who share one" of the interests; always false when there are none. */
  readonly onlyShared: boolean;
  /** Canonical BCP 47 tags without repetition; none means that the person did not say. */
  readonly languages: readonly string[];
  /** Whether the owner holds a pre-made offer, which makes this side the better offerer. */
  readonly hasOffer: boolean;
}

/** What a ticket is made from: texts that nobody has looked at yet. */
export interface TicketInput {
  readonly id: string;
  readonly node: string;
  readonly session: string;
  readonly subject: string;
  readonly deviceKey: string;
  readonly mode: string;
  readonly ageBand: string;
  readonly ageState: string;
  readonly policyVersion: number;
  readonly sanctioned: boolean;
  /** None where it is left out. */
  readonly network?: string | null;
  readonly tier: string;
  readonly circle: string;
  readonly interests: readonly string[];
  readonly onlyShared: boolean;
  readonly languages: readonly string[];
  readonly hasOffer?: boolean;
}

export type TicketRefusal =
  | 'id-malformed'
  | 'mode-malformed'
  | 'age-band-malformed'
  | 'age-state-unknown'
  | 'policy-version-malformed'
  | 'circle-malformed'
  | 'too-many-interests'
  | 'too-many-languages'
  | InterestRefusal
  | LanguageRefusal;

/**
 * A well-formed ticket, or the first reason why it is none.
 *
 * Total: any texts and numbers in, never an exception. Whether the ticket may *wait* (mode and
 * band that the server runs, age state, policy version, sanctions) is `mayWait`'s question.
 */
export function createTicket(input: TicketInput): Result<Ticket, TicketRefusal> {
  const ids = [input.id, input.node, input.session, input.subject, input.deviceKey];
  if (!ids.every(isId)) return refused('id-malformed');
  const network = input.network ?? null;
  if (network !== null && !isId(network)) return refused('id-malformed');
  if (!isName(input.mode)) return refused('mode-malformed');
  if (!isName(input.ageBand)) return refused('age-band-malformed');
  if (!isAgeState(input.ageState)) return refused('age-state-unknown');
  if (!isPolicyVersion(input.policyVersion)) return refused('policy-version-malformed');
  const { tier, circle } = input;
  if (!isTier(tier) || !isCircle(circle)) return refused('circle-malformed');
  if ((tier === 'restricted') !== (circle === 'restricted')) return refused('circle-malformed');
  const interests = normaliseInterests(input.interests);
  if (!interests.ok) return interests;
  const languages = normaliseLanguages(input.languages);
  if (!languages.ok) return languages;
  return ok({
    id: brandId<TicketId>(input.id),
    node: brandId<NodeId>(input.node),
    session: brandId<SessionId>(input.session),
    subject: brandId<SubjectId>(input.subject),
    deviceKey: brandId<DeviceKeyId>(input.deviceKey),
    mode: input.mode,
    ageBand: input.ageBand,
    ageState: input.ageState,
    policyVersion: input.policyVersion,
    sanctioned: input.sanctioned,
    network,
    tier,
    circle,
    interests: interests.value,
    // Whoever names no interest waits for anyone: there is nothing to share.
    onlyShared: input.onlyShared && interests.value.length > 0,
    languages: languages.value,
    hasOffer: input.hasOffer ?? false,
  });
}

/** Up to `TICKET_INTERESTS_MAX` interests, normalised, equal ones merged. */
function normaliseInterests(
  texts: readonly string[],
): Result<readonly string[], 'too-many-interests' | InterestRefusal> {
  if (texts.length > TICKET_INTERESTS_MAX) return refused('too-many-interests');
  return normaliseEach(texts, normaliseInterest);
}

/** Up to `TICKET_LANGUAGES_MAX` languages, canonical, equal ones merged. */
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
