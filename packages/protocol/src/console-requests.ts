import type { LanguageTag } from '@farandole/kernel/language';
import Type, { type Static, type TSchema } from 'typebox';
import { Compile } from 'typebox/schema';
import { CommunityName, closed, Id, PolicyVersion, ReportReason, WallMs } from './fields.ts';
import {
  CONSOLE_ALERT_ROTA_MAX,
  CONSOLE_ALERT_TEXT_CHARS_MAX,
  CONSOLE_COMMUNITY_CODES_MAX,
  CONSOLE_COMMUNITY_RULES_CHARS_MAX,
  CONSOLE_COMMUNITY_TITLE_CHARS_MAX,
  CONSOLE_HOUR_TEXT_CHARS_MAX,
  CONSOLE_HOURS_MAX,
  CONSOLE_HOUSE_RULES_CHARS_MAX,
  CONSOLE_NETWORKS_MAX,
  CONSOLE_NOTE_CHARS_MAX,
  LANGUAGE_CHARS_MAX,
} from './limits.ts';

/** Schemas of the console's request bodies. The console's page imports only their types. */

/** Body of POST `cases/ID/step`. */
const CaseStepRequest = Type.Union([
  Type.Object(
    {
      event: Type.Union([
        Type.Literal('assign'),
        Type.Literal('release'),
        Type.Literal('safeguard'),
      ]),
    },
    closed,
  ),
  Type.Object(
    {
      event: Type.Literal('escalate'),
      to: Type.Union([Type.Literal('senior'), Type.Literal('child-safety')]),
    },
    closed,
  ),
  Type.Object({ event: Type.Literal('reopen'), why: Type.Literal('new-facts') }, closed),
  Type.Object({ event: Type.Literal('prioritise'), imminent: Type.Boolean() }, closed),
]);

/** Body of POST `cases/ID/decision`. */
const DecisionRequest = Type.Object(
  {
    measure: Type.Union([
      Type.Literal('dismiss'),
      Type.Literal('warn'),
      Type.Literal('text-only-7d'),
      Type.Literal('suspend-1h'),
      Type.Literal('suspend-1d'),
      Type.Literal('suspend-7d'),
      Type.Literal('suspend-permanently'),
    ]),
    reason: ReportReason,
    /** What a dismissal says about the reports. The default is `no-breach`. */
    finding: Type.Optional(Type.Enum(['no-breach', 'cannot-tell', 'shows-opposite'])),
    /** The decoder's limit. The moderation package has a lower one. */
    note: Type.String({ maxLength: CONSOLE_NOTE_CHARS_MAX }),
    /** Networks to ban in addition to the user, each as listed in the case. */
    networks: Type.Optional(
      Type.Array(
        Type.Object(
          {
            network: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }),
            family: Type.Union([Type.Literal('v4'), Type.Literal('v6')]),
            bits: Type.Integer({ minimum: 1, maximum: 128 }),
          },
          closed,
        ),
        { maxItems: CONSOLE_NETWORKS_MAX },
      ),
    ),
  },
  closed,
);

/** Body of POST `approvals/ID/answer`. */
const ApprovalRequest = Type.Object(
  { answer: Type.Union([Type.Literal('approved'), Type.Literal('declined')]) },
  closed,
);

const AppealRequest = Type.Object(
  {
    outcome: Type.Union([
      Type.Literal('uphold'),
      Type.Literal('shorten'),
      Type.Literal('overturn'),
      Type.Literal('others-share'),
      Type.Literal('not-needed'),
      Type.Literal('still-needed'),
      Type.Literal('nothing-new'),
    ]),
    /** The new end of the sanctions when the outcome is `shorten`. */
    endsAtMs: Type.Union([WallMs, Type.Null()]),
  },
  closed,
);

/** Body of POST `cases/ID/hand-over`. */
const HandOverRequest = Type.Object(
  {
    step: Type.Union([
      Type.Literal('left-closed'),
      Type.Literal('hotline-told'),
      Type.Literal('authority-told'),
      Type.Literal('handed-over'),
    ]),
    done: Type.Boolean(),
  },
  closed,
);

const SampleRequest = Type.Object({ agrees: Type.Boolean() }, closed);

/** The new house rules, with the version that the member edited. */
interface HouseRulesChange {
  readonly before: number;
  readonly [tag: LanguageTag]: string | number;
}

/** Body of POST `house-rules`. */
const HouseRulesRequest = Type.Unsafe<HouseRulesChange>(
  Type.Object(
    { before: Type.Integer({ minimum: 0, maximum: 2 ** 53 - 1 }) },
    { additionalProperties: Type.String({ maxLength: CONSOLE_HOUSE_RULES_CHARS_MAX }) },
  ),
);

const communityText = {
  name: Type.String({ maxLength: CONSOLE_COMMUNITY_TITLE_CHARS_MAX }),
  title: Type.String({ maxLength: CONSOLE_COMMUNITY_TITLE_CHARS_MAX }),
  language: Type.String({ maxLength: LANGUAGE_CHARS_MAX }),
  rules: Type.String({ maxLength: CONSOLE_COMMUNITY_RULES_CHARS_MAX }),
  door: Type.Enum(['link', 'code', 'list']),
};

/** Body of POST `communities`. */
const CommunityCreateRequest = Type.Object(communityText, closed);

/** Body of POST `communities/change`, with the version that the member edited. */
const CommunityChangeRequest = Type.Object({ ...communityText, before: PolicyVersion }, closed);

/** Body of POST `communities/close`. */
const CommunityCloseRequest = Type.Object({ name: CommunityName }, closed);

/** Body of POST `communities/codes`: makes a code for each label. */
const CommunityCodesRequest = Type.Object(
  {
    name: CommunityName,
    labels: Type.Array(Type.String({ maxLength: CONSOLE_COMMUNITY_TITLE_CHARS_MAX }), {
      minItems: 1,
      maxItems: CONSOLE_COMMUNITY_CODES_MAX,
    }),
    usesMax: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
    /** Days for which the codes can be used. */
    days: Type.Integer({ minimum: 1, maximum: 1_000 }),
  },
  closed,
);

/** Body of POST `published-hours`. */
const PublishedHoursRequest = Type.Object(
  {
    /** The version that the member edited. */
    before: Type.Integer({ minimum: 0, maximum: 2 ** 53 - 1 }),
    door: Type.Enum(['open', 'text', 'closed']),
    hours: Type.Array(
      Type.Object(
        {
          id: Id,
          title: Type.String({ maxLength: CONSOLE_HOUR_TEXT_CHARS_MAX }),
          start: Type.String({ maxLength: CONSOLE_HOUR_TEXT_CHARS_MAX }),
          zone: Type.String({ maxLength: CONSOLE_HOUR_TEXT_CHARS_MAX }),
          weekly: Type.Boolean(),
          minutes: Type.Integer({ minimum: 0, maximum: 1_440 }),
          mode: Type.String({ maxLength: CONSOLE_HOUR_TEXT_CHARS_MAX }),
        },
        closed,
      ),
      { maxItems: CONSOLE_HOURS_MAX },
    ),
  },
  closed,
);

const alertText = Type.String({ maxLength: CONSOLE_ALERT_TEXT_CHARS_MAX });

/** Body of POST `alerts`. */
const AlertSettingsRequest = Type.Object(
  {
    /** The version that the member edited. */
    before: Type.Integer({ minimum: 0, maximum: 2 ** 53 - 1 }),
    rota: Type.Array(
      Type.Object(
        {
          member: Id,
          mail: alertText,
          /** Days from 0 (Monday) to 6. */
          days: Type.Array(Type.Integer({ minimum: 0, maximum: 6 }), { maxItems: 7 }),
        },
        closed,
      ),
      { maxItems: CONSOLE_ALERT_ROTA_MAX },
    ),
    quiet: Type.Union([Type.Object({ from: alertText, to: alertText }, closed), Type.Null()]),
    zone: alertText,
    language: Type.String({ maxLength: LANGUAGE_CHARS_MAX }),
  },
  closed,
);

/** Body of POST `communities/revoke`. */
const CommunityRevokeRequest = Type.Object({ name: CommunityName, code: Id }, closed);

/** Body of POST `cases/ID/undo` and `approvals/ID/withdraw`. */
const EmptyRequest = Type.Object({}, closed);

export const CONSOLE_REQUESTS = {
  step: CaseStepRequest,
  decision: DecisionRequest,
  approval: ApprovalRequest,
  appeal: AppealRequest,
  handOver: HandOverRequest,
  sample: SampleRequest,
  houseRules: HouseRulesRequest,
  communityCreate: CommunityCreateRequest,
  communityChange: CommunityChangeRequest,
  communityClose: CommunityCloseRequest,
  communityCodes: CommunityCodesRequest,
  communityRevoke: CommunityRevokeRequest,
  publishedHours: PublishedHoursRequest,
  alertSettings: AlertSettingsRequest,
  empty: EmptyRequest,
} as const satisfies Readonly<Record<string, TSchema>>;

export type ConsoleRequestName = keyof typeof CONSOLE_REQUESTS;

export type ConsoleRequest<Name extends ConsoleRequestName> = Static<
  (typeof CONSOLE_REQUESTS)[Name]
>;

const checks: ReadonlyMap<string, { Check(value: unknown): boolean }> = new Map(
  Object.entries(CONSOLE_REQUESTS).map(([name, schema]) => [name, Compile(schema)]),
);

/** Validates the body of a named request. Returns null for an unknown name or an invalid body. */
export function readConsoleRequest<Name extends ConsoleRequestName>(
  name: Name,
  value: unknown,
): ConsoleRequest<Name> | null {
  return checks.get(name)?.Check(value) === true ? (value as ConsoleRequest<Name>) : null;
}
