import type { Member } from '@farandole/accounts/member';
import type {
  Attempts,
  ConsoleSession,
  Passkey,
  PasswordLogin,
  SignInLink,
  SpentChallenge,
} from '@farandole/accounts/sign-in';
import type { StoredAgeRefusal, StoredSeparation } from '@farandole/moderation/apart/separation';
import type { Appeal } from '@farandole/moderation/appeals/appeal';
import type { Case } from '@farandole/moderation/cases/case-machine';
import { isFolded, placeOf } from '@farandole/moderation/cases/queue-place';
import type { PictureKey, StoredPicture } from '@farandole/moderation/evidence/picture';
import { NO_NETWORK } from '@farandole/moderation/ids';
import type { Sanction } from '@farandole/moderation/sanctions/sanction';
import type { Strike } from '@farandole/moderation/sanctions/strike';
import { columnsOfReport } from '@farandole/moderation/store/report-columns';
import type {
  Anchor,
  Decision,
  Person,
  StoredApproval,
  StoredPair,
  StoredReport,
  StoredSetting,
  Tally,
} from '@farandole/moderation/store/stored';
import { provenUntilMs } from '@farandole/moderation/trust/standing';

export type Value = string | number | null;

/**
 * Columns of each table by which the store looks up rows, in addition to the id. Each table
 * includes the time by which it is sorted.
 */
export interface Columns {
  readonly atMs: number;
  readonly [column: string]: Value;
}

/**
 * Describes how one kind of record is stored: as JSON, with the lookup fields copied to columns
 * at each write, so that the two can't differ. A new column needs a migration.
 */
export interface TableOf<Entity extends { readonly id: string }> {
  readonly name: string;
  readonly columns: (entity: Entity) => Columns;
}

function table<Entity extends { readonly id: string }>(
  name: string,
  columns: (entity: Entity) => Columns,
): TableOf<Entity> {
  return { name, columns };
}

export const TABLES = {
  cases: table<Case>('cases', (of) => ({
    atMs: of.state === 'closed' ? of.atMs : of.openedAtMs,
    subject: of.subject,
    state: of.state,
    device: of.device,
    lane: of.lane,
    fold: isFolded(of) ? (of.fold ?? null) : null,
    place: placeOf(of),
    reports: of.reports,
  })),
  reports: table<StoredReport>('reports', columnsOfReport),
  pictures: table<StoredPicture>('pictures', (picture) => ({
    atMs: picture.atMs,
    report: picture.report,
    case: picture.case,
    keepUntilMs: picture.shreddedAtMs === null ? picture.keepUntilMs : Number.MAX_SAFE_INTEGER,
  })),
  pictureKeys: table<PictureKey>('pictureKeys', ({ atMs, picture }) => ({ atMs, picture })),
  decisions: table<Decision>('decisions', ({ atMs, case: of, subject }) => ({
    atMs,
    case: of,
    subject,
  })),
  sanctions: table<Sanction>('sanctions', (sanction) => ({
    atMs: sanction.startsAtMs,
    decision: sanction.decision,
    subject: sanction.on.scope === 'subject' ? sanction.on.subject : null,
    device: sanction.on.scope === 'device' ? sanction.on.device : null,
    namesNetwork: sanction.on.scope === 'prefix' && sanction.on.prefix !== NO_NETWORK ? 1 : 0,
    holdsUntilMs: Math.min(
      sanction.endsAtMs ?? Number.MAX_SAFE_INTEGER,
      sanction.liftedAtMs ?? Number.MAX_SAFE_INTEGER,
    ),
  })),
  strikes: table<Strike>('strikes', ({ atMs, subject, decision }) => ({ atMs, subject, decision })),
  appeals: table<Appeal>('appeals', (appeal) => ({
    atMs: appeal.atMs,
    decision: appeal.standing === 'measure' || appeal.standing === 'age' ? null : appeal.decision,
    standing: appeal.standing,
    sanction: appeal.standing === 'affected' ? appeal.sanction : null,
    author: appeal.standing === 'subject' ? null : appeal.author,
    device: appeal.standing === 'age' ? appeal.device : null,
    state: appeal.state,
  })),
  approvals: table<StoredApproval>('approvals', ({ atMs, state }) => ({ atMs, state })),
  people: table<Person>('people', ({ trust, hold, standing }) => ({
    atMs: trust.atMs,
    heldUntilMs: hold?.endsAtMs ?? 0,
    provenUntilMs: standing === undefined ? 0 : provenUntilMs(standing),
  })),
  members: table<Member>('members', ({ atMs }) => ({ atMs })),
  settings: table<StoredSetting>('settings', ({ atMs }) => ({ atMs })),
  passkeys: table<Passkey>('passkeys', ({ atMs, member }) => ({ atMs, member })),
  passwords: table<PasswordLogin>('passwords', ({ atMs }) => ({ atMs })),
  consoleSessions: table<ConsoleSession>('consoleSessions', ({ atMs, member, seenAtMs }) => ({
    atMs,
    member,
    seenAtMs,
  })),
  signInLinks: table<SignInLink>('signInLinks', ({ atMs, of }) => ({ atMs, of })),
  attempts: table<Attempts>('attempts', ({ atMs }) => ({ atMs })),
  spentChallenges: table<SpentChallenge>('spentChallenges', ({ atMs }) => ({ atMs })),
  tallies: table<Tally>('tallies', ({ atMs }) => ({ atMs })),
  pairs: table<StoredPair>('pairs', ({ atMs, endedAtMs, sides: [a, b] }) => ({
    atMs: endedAtMs ?? atMs,
    a: a.subject,
    b: b.subject,
  })),
  anchors: table<Anchor>('anchors', ({ atMs, subject, network }) => ({ atMs, subject, network })),
  blocks: table<StoredSeparation>('blocks', (separation) => ({
    atMs: separation.atMs,
    by: separation.by,
    of: separation.of,
    byDevice: separation.byDevice,
    ofDevice: separation.ofDevice,
    kind: separation.kind,
    namesNetwork: separation.ofNetwork === null ? 0 : 1,
  })),
  ageRefusals: table<StoredAgeRefusal>('ageRefusals', ({ atMs, subject, device }) => ({
    atMs,
    subject,
    device,
  })),
} as const;
